"""What came of a project, on the project's page."""

import pytest
from django.urls import reverse

from madoguchi.results.models import Listing, ListingRow, Narrative, ReportYear
from madoguchi.results.states import EntryState
from tests.factories import a_project, a_region, a_row
from tests.web.portal.pages import page, queries_of
from tests.web.portal.report_world import a_report, a_value, an_indicator
from tests.web.portal.test_report_trace import a_correction, the_value

pytestmark = pytest.mark.django_db


def test_a_project_tells_what_it_wanted_and_what_it_did(client):
    a_report()
    html = page(client, "/projects/hashi/")
    for fact in ("橋をかけます。", "二つかけました。", "橋でつながった店", "/report/2023/policy-2/"):
        assert fact in html


def test_two_years_stand_as_a_card_with_bars_and_in_the_table(client):
    a_report()
    html = page(client, "/projects/hashi/")
    for fact in ("<b>2,539</b>", "前年度より275件増（＋12.1％）", "2,264件", "＋275件"):
        assert fact in html
    assert "/report/trace/sodan/2022/" in html
    assert "/report/trace/sodan/2023/" in html


def test_what_was_not_measured_is_a_dash_and_has_no_card(client):
    listing = a_report()
    project = a_project("kawa")
    a_row(listing, project)
    a_value(an_indicator(project, key="kawa", name="川の数"), 2023, "－")
    html = page(client, "/projects/kawa/")
    assert "川の数" in html
    assert "/report/trace/kawa/2023/" in html
    assert "kpi__v" not in html


def test_several_numbers_in_one_cell_stay_as_printed(client):
    listing = a_report()
    project = a_project("kawa")
    a_row(listing, project)
    indicator = an_indicator(project, key="kawa", name="研修")
    a_value(indicator, 2022, "6件・8名")
    a_value(indicator, 2023, "7件・8名")
    html = page(client, "/projects/kawa/")
    assert "7件・8名" in html
    assert "＋1件、±0名" in html


def test_a_value_of_no_single_year_has_a_column_of_its_own(client):
    listing = a_report()
    project = a_project("kawa")
    a_row(listing, project)
    a_value(an_indicator(project, key="kawa", name="累計"), None, "延べ 90名", period="平成20年度から")
    html = page(client, "/projects/kawa/")
    assert "年度をまたぐ値" in html
    assert "/report/trace/kawa/undated/" in html


def test_drafts_and_the_year_that_is_prepared_stay_unseen(client):
    a_report()
    Narrative.objects.update(state=EntryState.DRAFT, approved_at=None, overview="下書きの文")
    project = a_project("kawa")
    indicator = an_indicator(project, key="kawa", name="川の数")
    a_value(indicator, 2023, "5本")
    ReportYear.objects.create(fiscal_year=2022)
    a_value(indicator, 2022, "777本")
    assert "下書きの文" not in page(client, "/projects/hashi/")
    html = page(client, "/projects/kawa/")
    assert "5本" in html
    assert "777本" not in html


def test_the_cost_says_what_it_is_and_where_it_is_written(client):
    a_report()
    html = page(client, "/projects/hashi/")
    assert 'id="cost"' in html
    assert "予算の額です。" in html
    assert "支援ガイド" in html


def test_a_page_is_that_of_the_printed_report_and_the_file_made_here_opens_at_the_project(client):
    a_report()
    ListingRow.objects.filter(project__slug="hashi").update(page=24)
    Listing.objects.update(source={"file": "g", "section": "1", "lines": "1"})
    html = page(client, "/projects/hashi/")
    assert "印刷された「ガイド」" in html
    assert "24ページ" in html
    assert f"{reverse('portal:report_pdf', args=[2023])}#nameddest=project-hashi" in html


def test_many_indicators_cost_no_more_queries():
    a_report()
    a_region()
    project = a_project("kawa")
    a_value(an_indicator(project, key="k"), 2023, "1件")
    one = queries_of("/projects/kawa/")
    for number in range(8):
        indicator = an_indicator(project, key=f"k{number}")
        a_value(indicator, 2022, "1件")
        a_value(indicator, 2023, "2件")
    assert queries_of("/projects/kawa/") == one


def test_a_corrected_value_is_marked_with_day_and_reason_on_the_project_and_on_the_report(client):
    a_report()
    a_correction(the_value())
    told = "（訂正）相談件数（令和5年度）：令和6年5月1日に、「2,500件」を「2,539件」に訂正しました。"
    html = page(client, "/projects/hashi/")
    assert html.count('<span class="kind kind--new">訂正</span>') == 1
    for shown in (html, page(client, "/report/2023/")):
        assert told in shown
        assert "理由：集計の漏れがあったため" in shown
        assert "花子" not in shown


def test_what_was_changed_without_a_reason_is_not_marked(client):
    a_report()
    a_correction(the_value(), reason="")
    for url in ("/projects/hashi/", "/report/2023/", "/report/trace/sodan/2023/"):
        assert "訂正" not in page(client, url)
