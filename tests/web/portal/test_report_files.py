"""The report as files and open data."""

import csv
import io
import json

import pytest

from madoguchi.results.models import IndicatorValue, Listing
from madoguchi.results.states import EntryState
from madoguchi.web.shared import kept
from tests.web.portal.report_world import a_report

pytestmark = pytest.mark.django_db

FILES = ("data.json", "rows.csv", "indicators.csv", "report.xlsx", "report.docx", "report.pdf")


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch):
    # Where a test before made an index, a report is kept for a minute: these tests change it within one.
    monkeypatch.setattr(kept.Kept, "get", lambda _self, _now, _key, make: make())


def content(client, name):
    response = client.get(f"/report/2023/{name}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_the_json_holds_policies_programmes_and_both_years(client):
    a_report()
    found = json.loads(content(client, "data.json"))
    first, second = found["policies"]
    assert (first["no"], first["stated_subtotal"], first["computed_subtotal"]) == ("①", 1500, 1500)
    bridge = first["programmes"][0]
    assert (bridge["name"], bridge["budget_thousand_yen"], bridge["new"]) == ("橋をかける事業", 1000, True)
    values = bridge["indicators"][0]["values"]
    assert values["2022"]["parts"][0]["number"] == 2264
    assert values["2023"]["parts"][0]["number"] == 2539
    assert second["programmes"][0]["repeat"] is True


@pytest.mark.parametrize("name", ["rows.csv", "indicators.csv"])
def test_a_csv_begins_with_the_mark_that_excel_looks_for(client, name):
    a_report()
    assert content(client, name).startswith(b"\xef\xbb\xbf")


def test_the_csv_of_rows_has_a_line_for_every_printed_row(client):
    a_report()
    rows = list(csv.DictReader(io.StringIO(content(client, "rows.csv").decode("utf-8-sig"))))
    assert [(row["事業コード"], row["事業費（円）"], row["再掲"]) for row in rows] == [
        ("hashi", "1000000", ""),
        ("michi", "500000", ""),
        ("hashi", "1000000", "再掲"),
    ]


def test_the_csv_of_indicators_has_a_line_for_every_number(client):
    a_report()
    rows = list(csv.DictReader(io.StringIO(content(client, "indicators.csv").decode("utf-8-sig"))))
    numbers = [(row["値の年度"], row["数値"], row["単位"]) for row in rows if not row["再掲"]]
    assert numbers == [("令和4年度", "2264", "件"), ("令和5年度", "2539", "件")]


@pytest.mark.parametrize(
    ("name", "begins"), [("report.pdf", b"%PDF"), ("report.docx", b"PK"), ("report.xlsx", b"PK")]
)
def test_a_document_is_of_its_kind(client, name, begins):
    a_report()
    assert content(client, name).startswith(begins)


def test_a_public_report_is_no_draft_in_its_files(client):
    a_report()
    assert "案".encode() not in content(client, "data.json")
    assert b"\xef\xbc\x88\xe6\xa1\x88\xef\xbc\x89" not in content(client, "report.docx")


@pytest.mark.parametrize("name", ["data.json", "rows.csv"])
def test_who_has_a_file_already_gets_no_content(client, name):
    a_report()
    first = client.get(f"/report/2023/{name}")
    by_tag = client.get(f"/report/2023/{name}", headers={"If-None-Match": first["ETag"]})
    by_day = client.get(f"/report/2023/{name}", headers={"If-Modified-Since": first["Last-Modified"]})
    for answer in (by_tag, by_day):
        assert answer.status_code == 304
        assert answer["ETag"] == first["ETag"]
        assert answer["Last-Modified"] == first["Last-Modified"]


def test_a_corrected_value_makes_another_file(client):
    a_report()
    before = client.get("/report/2023/data.json")["ETag"]
    IndicatorValue.objects.filter(fiscal_year=2023).update(raw="2,540件")
    assert client.get("/report/2023/data.json")["ETag"] != before


def test_drafts_are_in_no_file(client):
    a_report()
    IndicatorValue.objects.filter(fiscal_year=2023).update(state=EntryState.DRAFT, approved_at=None)
    text = content(client, "data.json").decode()
    assert "2,539" not in text
    assert json.loads(text)["warnings"] == []


def test_a_file_is_not_kept_in_memory_under_every_address(client):
    a_report()
    assert client.get("/report/2023/rows.csv?a=1").streaming
    assert client.get("/report/2023/rows.csv?a=1").streaming


@pytest.mark.parametrize("name", FILES)
def test_a_report_that_is_not_public_has_no_files(client, name):
    a_report()
    Listing.objects.update(is_draft=True)
    assert client.get(f"/report/2023/{name}").status_code == 404
