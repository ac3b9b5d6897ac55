"""The report and the next year from the command line."""

import json

import pytest

from madoguchi.results.models import Project, ReportYear
from tests import minato


@pytest.fixture
def loaded(db):
    minato.loaded()


def test_the_report_is_printed_as_json_alone(loaded, capsysbinary):
    from madoguchi.ops import cli

    assert cli.main(["report", "2025", "--format", "json"]) == 0
    printed = json.loads(capsysbinary.readouterr().out)
    assert [policy["computed_subtotal"] for policy in printed["policies"]] == [12_000, 15_500]


@pytest.mark.parametrize("year", ["2025", "令和7年度", "R7"])
def test_the_report_is_written_to_a_file_and_says_what_to_look_at(run, loaded, tmp_path, year):
    done = run("report", year, "--out", str(tmp_path / "report.json"))
    assert (done.code, done.out) == (0, f"書きました: {tmp_path / 'report.json'}\n")
    assert "再掲を含む合計は15,500千円" in done.err
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["fiscal_year"] == 2025


@pytest.mark.parametrize(("kind", "begin"), [("docx", b"PK"), ("xlsx", b"PK")])
def test_the_report_is_written_in_other_formats(run, loaded, tmp_path, kind, begin):
    assert run("report", "2025", "--format", kind, "--out", str(tmp_path / "report")).code == 0
    assert (tmp_path / "report").read_bytes().startswith(begin)


def test_a_year_without_lists_has_no_report(run, loaded):
    done = run("report", "2031")
    assert (done.code, done.out) == (1, "")
    assert "令和13年度の事業の一覧がありません" in done.err


def test_a_year_that_cannot_be_read_is_refused(run):
    assert run("report", "来年").code == 2


def test_the_next_year_begins(run, loaded):
    done = run("year", "open", "2026", "--deadline", "2027-05-31")
    assert done.code == 0
    assert "令和8年度の入力をはじめました。1の課に" in done.out
    assert str(ReportYear.objects.get(fiscal_year=2026).deadline_on) == "2027-05-31"
    assert Project.objects.filter(fiscal_year=2026, is_draft=True).count() == 2


def test_a_year_with_nothing_before_it_does_not_begin(run, loaded):
    done = run("year", "open", "2031")
    assert (done.code, done.out) == (1, "")
    assert "引き継げません" in done.err
