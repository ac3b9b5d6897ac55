"""The report and the next year from the command line."""

import json

import pytest
from django.urls import reverse
from docx import Document

from madoguchi.catalogue.models import Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.foundation.audit import SYSTEM
from madoguchi.reporting.annual.render import Kind
from madoguchi.results.models import Project, ReportYear
from madoguchi.results.operations import years
from tests import minato
from tests.factories import an_edition
from tests.results.years import AT


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


@pytest.mark.parametrize("kind", Kind)
def test_the_file_of_a_public_year_is_that_of_the_portal(run, client, loaded, tmp_path, kind):
    run("report", "2025", "--format", kind, "--out", str(tmp_path / "report"))
    offered = b"".join(client.get(reverse(f"portal:report_{kind.name.lower()}", args=[2025])))
    assert (tmp_path / "report").read_bytes() == offered


def test_a_year_that_is_prepared_is_a_draft_with_what_to_look_at(run, loaded, tmp_path):
    from madoguchi.web.portal.annual import public_report

    assert public_report(2025).is_final
    years.open_year(fiscal_year=2026, at=AT, by=SYSTEM)
    done = run("report", "2026", "--format", "docx", "--out", str(tmp_path / "report"))
    assert "事業費のない事業" in done.err
    assert "確認用（案）" in [each.text for each in Document(str(tmp_path / "report")).paragraphs]
    assert public_report(2026) is None


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


def test_the_programmes_that_have_no_edition_of_the_new_year_are_named(run, loaded):
    programmes = list(Programme.objects.filter(slug__in=["setsubi-hojo", "senmonka-haken"]))
    done = run("year", "open", "2026")
    assert "令和8年度の年度版がまだない支援制度: 2" in done.out
    assert all(f"- {programme.name}\n" in done.out for programme in programmes)
    for programme in programmes:
        an_edition(programme=programme, fiscal_year=2026, state=EditionState.DRAFT)
    assert "年度版" not in run("year", "open", "2026").out


def test_a_year_with_nothing_before_it_does_not_begin(run, loaded):
    done = run("year", "open", "2031")
    assert (done.code, done.out) == (1, "")
    assert "引き継げません" in done.err
