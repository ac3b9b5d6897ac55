"""From a figure back to where it comes from; what the public reads of it, and what staff."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.institutions.models import Unit
from madoguchi.results import published
from madoguchi.results.models import IndicatorValue, Project, ReportYear, ValueChange
from madoguchi.results.states import EntryState
from tests.factories import a_project, a_region, a_unit, an_organisation
from tests.web.desk.signed_in import a_desk
from tests.web.portal.pages import page, queries_of
from tests.web.portal.report_world import AT, a_report, a_value, an_indicator

pytestmark = pytest.mark.django_db


COUNTED = "記録から：巡回の件数（延べ）"


def a_correction(value, *, before="2,500件", reason="集計の漏れがあったため"):
    return ValueChange.objects.create(
        value=value,
        version=value.changes.count() + 2,
        before={"raw": before} if before else None,
        after={"raw": value.raw},
        reason=reason,
        actor_id="1",
        actor_label="入力 花子",
        changed_at=AT,
    )


def the_value(fiscal_year=2023):
    return IndicatorValue.objects.get(fiscal_year=fiscal_year)


def test_a_value_from_a_document_shows_the_document_and_its_lines(client):
    a_report()
    html = page(client, "/report/trace/sodan/2022/")
    for fact in ("公表された資料からうつした値", "支援ガイド", "10-12行目", "2,264件"):
        assert fact in html


def test_a_value_of_the_desk_shows_unit_day_and_evidence_but_no_person(client):
    a_report()
    html = page(client, "/report/trace/sodan/2023/")
    for fact in ("担当課が入れた値", "県 経済課", "令和6年5月1日", "相談の記録", "何件の相談を受けたか。"):
        assert fact in html
    assert "花子" not in html
    assert "次郎" not in html


def test_the_secretariat_stands_for_the_approval(client):
    a_report()
    ReportYear.objects.update(secretariat=a_unit("somu", an_organisation("soumu"), full_name="県 総務課"))
    assert "県 総務課" in page(client, "/report/trace/sodan/2023/")


def test_a_correction_stands_with_its_reason_and_both_values(client):
    a_report()
    a_correction(the_value())
    html = page(client, "/report/trace/sodan/2023/")
    for fact in (
        "2,500件",
        "集計の漏れがあったため",
        "令和6年5月1日（水）</span>に訂正しました。",
        "<h3>訂正した</h3>",
    ):
        assert fact in html
    assert "花子" not in html


def test_what_was_changed_before_it_was_public_is_no_correction(client):
    a_report()
    a_correction(the_value(), before="1件", reason="")
    assert "<del>" not in page(client, "/report/trace/sodan/2023/")


def test_the_other_years_stand_beside_it_with_bars(client):
    a_report()
    html = page(client, "/report/trace/sodan/2023/")
    assert "/report/trace/sodan/2022/" in html
    assert 'width="1000"' in html
    assert 'aria-current="true"' in html


def test_years_that_cannot_be_compared_have_no_bars(client):
    a_report()
    indicator = an_indicator(a_project("kawa"), key="kawa")
    a_value(indicator, 2022, "6件・8名")
    a_value(indicator, 2023, "－")
    assert (
        "<rect" not in page(client, "/report/trace/kawa/2023/").partition("<table")[2].partition("</table")[0]
    )


def test_a_counted_value_says_what_was_counted_but_shows_no_rows(client):
    a_report()
    indicator = an_indicator(a_project("kawa"), key="kawa", measure="visits")
    a_value(indicator, 2023, "5件", evidence=COUNTED)
    a_value(indicator, 2022, "4件")
    html = page(client, "/report/trace/kawa/2023/")
    assert "相談員が事業者を訪ねた相談の数です。" in html
    assert "/desk/statistics/rows/" not in html
    assert "相談員が" not in page(client, "/report/trace/kawa/2022/")


def test_a_value_of_no_single_year_has_a_trace(client):
    a_report()
    a_value(an_indicator(a_project("kawa"), key="kawa"), None, "延べ 90名", period="平成20年度から")
    assert "平成20年度から" in page(client, "/report/trace/kawa/undated/")


@pytest.mark.parametrize(
    "address", ["sodan/2021/", "sodan/99999999999999999999/", "nani/2023/", "sodan/undated/"]
)
def test_what_is_not_there_has_no_trace(client, address):
    a_report()
    page(client, f"/report/trace/{address}", status=404)


def test_a_draft_and_a_year_that_is_prepared_have_no_trace(client):
    a_report()
    ReportYear.objects.create(fiscal_year=2024)
    value = a_value(the_value().indicator, 2024, "9件")
    page(client, "/report/trace/sodan/2024/", status=404)
    value.delete()
    IndicatorValue.objects.filter(fiscal_year=2023).update(state=EntryState.DRAFT, approved_at=None)
    page(client, "/report/trace/sodan/2023/", status=404)


def test_without_the_year_being_asked_for_what_is_prepared_would_be_public(client, monkeypatch):
    """The twin: it is the report that is being prepared which keeps its values to the desk."""
    a_report()
    ReportYear.objects.create(fiscal_year=2024)
    a_value(the_value().indicator, 2024, "9件")
    every = IndicatorValue.objects.select_related("indicator")
    monkeypatch.setattr(published, "values", lambda: every)
    assert "9件" in page(client, "/report/trace/sodan/2024/")


def test_an_indicator_of_draft_projects_alone_has_no_trace(client):
    a_report()
    Project.objects.update(is_draft=True)
    page(client, "/report/trace/sodan/2023/", status=404)


def test_staff_with_the_right_read_who_it_was_and_every_change(client):
    a_report()
    a_correction(the_value(), before="1件", reason="")
    a_desk(client, role=Role.MANAGER, organisation=Unit.objects.get().organisation)
    html = page(client, "/desk/report/trace/sodan/2023/")
    for fact in ("入力 花子", "承認 次郎", "1件"):
        assert fact in html


@pytest.mark.parametrize("role", [Role.ADVISER, Role.MANAGER, Role.AUDITOR])
def test_staff_of_others_read_what_the_public_reads(client, role):
    a_report()
    a_correction(the_value(), before="1件", reason="")
    a_desk(client, role=role)
    assert "<del>" not in page(client, "/desk/report/trace/sodan/2023/")
    assert "入力 花子" not in page(client, "/desk/report/trace/sodan/2023/")


def test_who_audits_the_organisation_reads_who_it_was(client):
    a_report()
    a_desk(client, role=Role.AUDITOR, organisation=Unit.objects.get().organisation)
    assert "入力 花子" in page(client, "/desk/report/trace/sodan/2023/")


def test_the_secretariat_reads_who_it_was_in_any_unit(client):
    a_report()
    other = a_unit("somu", an_organisation("soumu"))
    ReportYear.objects.update(secretariat=other)
    a_desk(client, role=Role.MANAGER, organisation=other.organisation)
    assert "承認 次郎" in page(client, "/desk/report/trace/sodan/2023/")


def test_staff_reach_the_rows_of_a_counted_value(client):
    a_report()
    a_value(an_indicator(a_project("kawa"), key="kawa", measure="visits"), 2023, "5件", evidence=COUNTED)
    a_desk(client, role=Role.ADVISER)
    html = page(client, "/desk/report/trace/kawa/2023/")
    assert "/desk/statistics/rows/?measure=visits&amp;first=2023-04-01&amp;last=2024-03-31" in html
    page(client, "/desk/statistics/rows/?measure=visits&first=2023-04-01&last=2024-03-31")


def test_nobody_reads_the_trace_of_the_desk_without_signing_in(client):
    a_report()
    page(client, "/desk/report/trace/sodan/2023/", status=302)


def test_many_years_and_corrections_cost_no_more_queries():
    a_report()
    a_region()
    one = queries_of("/report/trace/sodan/2023/")
    for year in range(2010, 2020):
        a_value(the_value().indicator, year, f"{year}件")
        a_correction(the_value())
    assert queries_of("/report/trace/sodan/2023/") == one
