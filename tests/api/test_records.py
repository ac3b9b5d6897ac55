"""GET /api/v1/…: public records in one shape, page by page, told once, open to every site."""

from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.api import cursors
from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition
from madoguchi.foundation import audit
from madoguchi.institutions.models import Organisation
from madoguchi.opendata import changes
from madoguchi.packs import schema
from madoguchi.packs.load_catalogue import content_of
from madoguchi.packs.written import document_of, with_rows
from madoguchi.results.models import Project
from tests.queries import cost

NOW = datetime(2025, 6, 11, tzinfo=UTC)
LISTS = ("programmes", "editions", "desks", "events", "projects", "organisations")


@pytest.fixture
def told(installed):
    changes.follow(at=NOW)


def get(client, path, **rest):
    return client.get(f"/api/v1/{path}", **rest)


def slugs(answer):
    return [item["slug"] for item in answer.json()["items"]]


def test_every_record_carries_its_sources_its_page_the_credit_and_since_when_it_is_so(client, told):
    lists = [get(client, path).json()["items"] for path in LISTS]
    assert all(lists)
    for item in (item for items in lists for item in items):
        assert item["sources"]
        assert item["credit"].startswith("試験のために")
        assert item["updated_at"].endswith("+09:00")
        assert client.get(item["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_programme_has_all_its_editions_with_whole_yen_fractions_and_instants_of_tokyo(client, told):
    programme = get(client, "programmes/setsubi-hojo").json()
    newest, older = programme["editions"]
    assert (newest["fiscal_year"], older["fiscal_year"]) == (2025, 2024)
    assert newest["kinds"] == [{"code": "subsidy", "label": "補助金"}]
    frame = newest["frames"][0]
    assert (frame["rate"], frame["cap_yen"]) == ("1/2", 1_000_000)
    window = newest["reception"]["windows"][0]
    assert window["closes_at"].endswith("+09:00")
    assert newest == get(client, "editions/setsubi-hojo/2025").json()


def test_what_an_institution_wrote_itself_names_it_and_its_page(client, told):
    [edition] = with_rows(Edition.objects.filter(programme__slug="keiei-sodan"))
    own = {"organisation": "minato-center", "page": "https://example.jp/"}
    said = schema.Edition.model_validate({**document_of(edition), "sources": [], "written_by": own})
    operations.publish(
        programme=edition.programme, fiscal_year=2025, content=content_of(said), at=NOW, by=audit.SYSTEM
    )
    items = get(client, "editions").json()["items"]
    [source] = next(item["sources"] for item in items if item["name"] == edition.name)
    name = Organisation.objects.get(slug="minato-center").name
    assert (source["publisher"], source["note"], source["document"]) == (name, "https://example.jp/", "")
    for address in ("/programmes/keiei-sodan/", "/programmes/keiei-sodan/sheet/"):
        assert client.get(address).status_code == 200


def test_what_was_withdrawn_is_not_there(client, told):
    for edition in Edition.objects.filter(programme__slug="setsubi-hojo"):
        operations.withdraw(edition=edition, at=NOW, by=audit.SYSTEM)
    assert "setsubi-hojo" not in slugs(get(client, "programmes"))
    for path in ("programmes/setsubi-hojo", "editions/setsubi-hojo/2025", "programmes/nothing"):
        answer = get(client, path)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_project_of_a_year_that_is_prepared_is_not_there(client, told):
    public = slugs(get(client, "projects"))
    Project.objects.filter(slug=public[0]).update(is_draft=True)
    assert slugs(get(client, "projects")) == public[1:]
    assert get(client, f"projects/{public[0]}").status_code == 404


def pages(client, path):
    answer = get(client, path).json()
    yield answer["items"]
    while answer["next"]:
        answer = client.get(answer["next"]).json()
        yield answer["items"]


def test_the_pages_of_a_list_hold_every_record_once(client, told):
    for path in LISTS:
        whole = get(client, f"{path}?limit=100").json()["items"]
        one_by_one = [item for items in pages(client, f"{path}?limit=1") for item in items]
        assert one_by_one == whole


def test_what_goes_while_somebody_reads_moves_no_page(client, told):
    """Counted pages would leave out the second record now."""
    whole = slugs(get(client, "programmes"))
    following = get(client, "programmes?limit=1").json()["next"]
    for edition in Edition.objects.filter(programme__slug=whole[0]):
        operations.withdraw(edition=edition, at=NOW, by=audit.SYSTEM)
    assert slugs(client.get(following)) == whole[1:2]


def test_conditions_are_those_of_the_search_and_stay_on_the_next_page(client, told):
    answer = get(client, "programmes?kind=補助金&limit=1&area=nowhere").json()
    assert [item["slug"] for item in answer["items"]] == ["setsubi-hojo"]
    assert answer["ignored"] == ["area=nowhere"]
    following = get(client, "programmes?status=closed&on=2035-01-01&limit=1").json()["next"]
    assert "status=closed" in following


def test_events_are_found_by_the_days_on_which_they_are_held(client, told):
    event = get(client, "events").json()["items"][0]
    day = event["occurrences"][0]["starts_on"]
    assert event["slug"] in slugs(get(client, f"events?first={day}&last={day}"))
    assert slugs(get(client, "events?first=2090-01-01")) == []
    assert slugs(get(client, "events?fiscal_year=1990")) == []


@pytest.mark.parametrize(
    "cursor", ["x", "あ", "MTp4Onk", "MTpkZXNrOg", "MTplZGl0aW9uOmE", "MTpjaGFuZ2U6wrI", "a" * 201]
)
def test_a_cursor_that_is_not_ours_is_a_problem(client, db, cursor):
    for path in ("programmes?cursor=", "editions?cursor=", "changes?since="):
        answer = get(client, path + cursor)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
        assert answer.json()["invalid-params"][0]["name"] in ("cursor", "since")


def test_the_cursor_of_one_list_is_none_of_another(client, db):
    cursor = cursors.written("desk", "minato-sodan")
    assert get(client, f"desks?cursor={cursor}").status_code == 200
    assert get(client, f"programmes?cursor={cursor}").status_code == 422


def test_what_somebody_has_already_is_not_sent_again(client, told):
    for path in (*LISTS, "vocabularies", "changes", "programmes/setsubi-hojo"):
        answer = get(client, path)
        again = get(client, path, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    again = get(client, "desks", headers={"If-Modified-Since": get(client, "desks")["Last-Modified"]})
    assert again.status_code == 304


def test_a_withdrawal_changes_the_tag_and_the_date_of_a_list(client, told):
    before = get(client, "programmes")
    edition = Edition.objects.get(programme__slug="setsubi-hojo", fiscal_year=2024)
    operations.withdraw(edition=edition, at=NOW, by=audit.SYSTEM)
    changes.follow(at=NOW + timedelta(minutes=1))
    after = get(client, "programmes", headers={"If-Modified-Since": before["Last-Modified"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


def test_what_changes_with_time_alone_has_no_date(client, told):
    assert "Last-Modified" in get(client, "programmes")
    assert "Last-Modified" not in get(client, "programmes?status=open")


def test_scripts_of_every_site_may_read_it(client, told):
    for path in ("programmes", "programmes/none", "search?q=x", "programmes?limit=0"):
        assert get(client, path)["Access-Control-Allow-Origin"] == "*"


def test_the_vocabularies_are_those_of_the_pack(client, told):
    found = {each["name"]: each["terms"] for each in get(client, "vocabularies").json()["items"]}
    assert {"code": "subsidy", "label": "補助金"}.items() <= found["kinds"][0].items()
    assert set(found) == {"kinds", "purposes", "stages", "uses", "audiences", "event_kinds"}


def test_a_page_of_one_costs_as_many_queries_as_a_page_of_all(client, told):
    for path in LISTS:
        get(client, path)
        one = cost(lambda path=path: get(client, f"{path}?limit=1"))
        assert cost(lambda path=path: get(client, f"{path}?limit=100")) == one
        assert one <= 14


def test_before_setup_there_is_nothing_and_nothing_breaks(client, db):
    for path in (*LISTS, "changes", "vocabularies"):
        assert get(client, path).json()["items"] == []
