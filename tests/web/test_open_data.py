"""/open-data/: what anybody may take along, in the standard's columns, and examples that work."""

import csv
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from madoguchi.institutions.models import Desk, PackFile
from madoguchi.opendata import files, tables
from madoguchi.packs.check import check
from madoguchi.web.portal.shapes.open_data import EXAMPLES
from tests import minato
from tests.queries import cost


@pytest.fixture
def loaded(db, tmp_path, settings):
    settings.INDEX_DIR = tmp_path / "index"
    settings.API_PER_MINUTE = 0
    minato.loaded()


def body(response):
    return b"".join(response.streaming_content)


def table(client, name):
    content = body(client.get(f"/open-data/{name}.csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_programme_stands_in_the_columns_of_the_standard(client, loaded):
    rows = {row["制度番号"]: row for row in table(client, "programmes")}
    row = rows["setsubi-hojo"]
    assert row["タイトル（制度名）"] == "設備導入補助金"
    assert (row["全国地方公共団体コード"], row["（事業者対象）行政サービス分類"]) == ("310000", "補助金")
    assert "上限 1,000,000円" in row["内容"]
    assert len(tables.PROGRAMMES) == 34
    assert row["詳細参照先"].endswith("/programmes/setsubi-hojo/2025/")


def test_limits_of_the_standard_are_kept_and_a_long_name_goes_on_in_the_next_column(client, loaded):
    """Published editions never change, so a draft is filled and read as if it were published."""
    edition = files._newest_editions().__next__()
    long = edition.model_copy(
        update={"name": "あ" * 50, "summary": "い" * 300, "keywords": ["う" * 21, *"えおかきくけ"]}
    )
    cells = {column.name: column.of(long, files.institutions.region()) for column in tables.PROGRAMMES}
    assert cells["タイトル（制度名）"] == "あ" * 40
    assert cells["サブタイトル（通称）"] == "あ" * 10
    assert (len(cells["概要"]), cells["キーワード"]) == (200, "え;お;か;き;く")


def test_a_window_that_ends_at_midnight_ends_on_the_day_before():
    assert tables._day("2025-07-01T00:00:00+09:00", ends=True) == "2025-06-30"
    assert tables._day("2025-06-30T17:00:00+09:00", ends=True) == "2025-06-30"


def test_every_date_of_an_event_is_a_row_of_the_32_columns(client, loaded):
    rows = table(client, "events")
    assert len(tables.EVENTS) == 32
    assert len(rows) == sum(len(e.occurrences) for e in files.everything(files.Kind.EVENT))
    assert all(row["開始日"] and row["イベント名"] and row["URL"] for row in rows)


def test_desks_and_projects_are_there(client, loaded):
    desk = next(row for row in table(client, "desks") if row["NO"] == "minato-sodan")
    assert (desk["団体名"], desk["開始時間"]) != ("", "")
    assert desk["市区町村名"]
    project = table(client, "projects")[0]
    assert project["事業費（円）"].isdigit()
    assert project["出典"]


def test_what_begins_like_a_formula_is_never_run(client, loaded):
    Desk.objects.filter(slug="minato-sodan").update(name="=HYPERLINK(1)")
    desk = next(row for row in table(client, "desks") if row["NO"] == "minato-sodan")
    assert desk["名称"] == "'=HYPERLINK(1)"


def test_the_json_says_the_same_as_the_api_and_names_the_licence(client, loaded):
    content = json.loads(body(client.get("/open-data/desks.json")))
    assert content["licence"]["name"].startswith("クリエイティブ・コモンズ")
    assert content["credit"]
    assert content["items"] == client.get("/api/v1/desks?limit=100").json()["items"]


def test_every_file_is_offered_and_every_offered_file_is_there(client, loaded):
    page = client.get("/open-data/").content.decode()
    for name in files.names():
        assert f"/open-data/{name}" in page
        response = client.get(f"/open-data/{name}")
        assert body(response)
        assert (
            client.get(f"/open-data/{name}", headers={"If-None-Match": response["ETag"]}).status_code == 304
        )
    for name in ("consultations.yaml", "pack.tar", "x", "desks.xml", "organisations.csv"):
        assert client.get(f"/open-data/{name}").status_code == 404


def test_the_pack_that_is_taken_along_is_a_pack_without_people_or_routing(client, loaded, tmp_path):
    with zipfile.ZipFile(io.BytesIO(body(client.get("/open-data/pack.zip")))) as packed:
        packed.extractall(tmp_path / "taken")
        names = set(packed.namelist())
    assert "region.yaml" in names
    assert not names & {"demo.yaml", "consultations.yaml", "report.yaml"}
    assert not any(name.startswith("results/") for name in names)
    problems = [str(each) for each in check(tmp_path / "taken").problems]
    assert problems == []


def test_a_pack_that_is_loaded_again_keeps_its_files_as_they_are(loaded):
    before = list(PackFile.objects.values_list("pk", flat=True))
    minato.loaded()
    assert list(PackFile.objects.values_list("pk", flat=True)) == before


def test_every_example_of_the_page_works(client, loaded):
    page = client.get("/open-data/").content.decode()
    for example in EXAMPLES:
        path = example.path.format(programme="keiei-sodan", today="2025-06-10")
        assert client.get(path).status_code == 200, path
    assert (
        f"curl &#x27;http://127.0.0.1:8000/api/v1/search?q={quote('販路を広げたい')}&#x27;"
        in page.replace("curl '", "curl &#x27;").replace("'</code>", "&#x27;</code>")
    )


def test_without_a_licence_the_page_says_so(client, loaded):
    region = files.institutions.region()
    region.licence_name = region.licence_url = ""
    region.save()
    assert "まだ公表されていません" in client.get("/open-data/").content.decode()


def test_before_setup_the_page_is_there_and_the_files_are_not(client, db):
    assert client.get("/open-data/").status_code == 200
    assert client.get("/open-data/desks.csv").status_code == 404


def test_the_page_costs_as_many_queries_for_few_as_for_many(client, loaded):
    client.get("/open-data/")
    few = cost(lambda: client.get("/open-data/"))
    desk = Desk.objects.get(slug="minato-sodan")
    for number in range(20):
        desk.pk, desk.slug = None, f"copy-{number}"
        desk.save()
    assert cost(lambda: client.get("/open-data/")) == few
