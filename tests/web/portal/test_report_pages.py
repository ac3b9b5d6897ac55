"""The annual report on the portal: years, one year, its lists, index, changes, reference texts."""

import pytest

from madoguchi.results.models import Listing, Project, ReportYear
from tests.factories import a_listing, a_policy, a_project, a_region, a_row
from tests.web.portal.pages import page, queries_of
from tests.web.portal.report_world import a_report, a_value, an_indicator

pytestmark = pytest.mark.django_db

PAGES = ("", "policy-1/", "index/", "changes/", "reference/")


def test_the_years_are_listed_with_both_sums(client):
    a_report()
    html = page(client, "/report/")
    for fact in ("/report/2023/", "令和5年度", "施策の実施状況", "2,500千円", "1,500千円"):
        assert fact in html


def test_without_a_report_the_way_leads_to_the_policies(client):
    html = page(client, "/report/")
    assert "まだ公表されていません" in html
    assert "/policies/" in html


def test_a_report_shows_its_sums_its_policies_and_what_is_new(client):
    a_report()
    html = page(client, "/report/2023/")
    for fact in ("施策の実施状況", "1,500千円", "2,500千円", "2事業", "1項目", "/report/2023/policy-1/"):
        assert fact in html
    assert html.count("/projects/hashi/") == 1  # among the new ones, once
    assert "/projects/michi/" not in html


def test_a_report_offers_every_file(client):
    a_report()
    html = page(client, "/report/2023/")
    for name in ("report.pdf", "report.docx", "report.xlsx", "data.json", "rows.csv", "indicators.csv"):
        assert f"/report/2023/{name}" in html


def test_a_section_lists_its_projects_with_cost_mark_and_unit(client):
    a_report()
    html = page(client, "/report/2023/policy-1/")
    for fact in ("つなぎます。", "橋をかける事業", "1,000千円", "新規", "商工課", "橋でつながった店"):
        assert fact in html
    assert 'href="/projects/hashi/#cost"' in html


def test_both_sums_of_a_section_and_the_stated_one_are_named(client):
    a_report()
    html = page(client, "/report/2023/policy-2/")
    assert "行の合計（再掲を含む）" in html
    assert "行の合計（再掲1件を除く）" in html
    assert "報告書に書かれた小計" not in html
    assert "報告書に書かれた小計" in page(client, "/report/2023/policy-1/")


def test_a_row_without_a_cost_says_so_and_is_no_zero(client):
    listing = a_report()
    a_row(listing, a_project("yama", cost_yen=None), printed_cost_yen=None)
    html = page(client, "/report/2023/policy-1/")
    assert "記載なし" in html
    assert ">0千円" not in html


def test_a_row_of_a_shared_list_says_whose_it_is_or_that_nobody_knows(client):
    listing = a_report()
    listing.policies.add(a_policy("p3"))
    row = listing.rows.first()
    row.policies = ["p3"]
    row.save()
    html = page(client, "/report/2023/policy-1/")
    assert "①③" in html
    assert "どちらの方針か、資料からは分かりません" in html


def test_the_index_names_each_project_once_with_all_its_places(client):
    a_report()
    html = page(client, "/report/2023/index/")
    assert html.count("/projects/hashi/") == 1
    assert "① No.1" in html
    assert "② No.1" in html
    assert html.index("橋をかける事業") < html.index("道をなおす事業")  # は before み


def test_without_an_earlier_report_the_changes_say_so(client):
    a_report()
    assert "比べる令和4年度の報告が、ここにはまだありません" in page(client, "/report/2023/changes/")


def test_what_changed_since_the_last_report_is_listed(client):
    a_report()
    earlier = a_project("hashi-r4", fiscal_year=2022, name="橋の事業", cost_yen=800_000)
    listing = Listing.objects.create(code="policy-1", fiscal_year=2022, source={})
    listing.policies.set(Listing.objects.get(code="policy-1", fiscal_year=2023).policies.all())
    a_row(listing, earlier)
    Project.objects.filter(slug="hashi").update(predecessor=earlier)
    html = page(client, "/report/2023/changes/")
    for fact in ("橋の事業", "橋をかける事業", "800千円", "1,000千円"):
        assert fact in html


def test_reference_texts_stand_with_their_tables(client):
    a_report()
    html = page(client, "/report/2023/reference/")
    for fact in ("みほん条例", "第1条", "支えます。", "経済部"):
        assert fact in html


@pytest.mark.parametrize("end", PAGES)
def test_a_year_whose_lists_are_drafts_is_not_there(client, end):
    a_report()
    Listing.objects.update(is_draft=True)
    page(client, f"/report/2023/{end}", status=404)


def test_a_year_that_is_prepared_is_not_there_beside_a_public_one(client):
    a_report()
    ReportYear.objects.create(fiscal_year=2024)
    a_row(a_listing(code="policy-1", fiscal_year=2024, is_draft=True), a_project("hashi-r6", is_draft=True))
    page(client, "/report/2024/", status=404)
    assert "2024" not in page(client, "/report/")


@pytest.mark.parametrize("address", ["1/", "99999999999999999999/", "2023/policy-99/"])
def test_an_unknown_year_or_section_is_not_there(client, address):
    a_report()
    page(client, f"/report/{address}", status=404)


def test_the_public_reports_are_in_the_sitemap_and_linked_from_every_page(client):
    a_report()
    assert "/report/2023/policy-1/" in page(client, "/sitemap.xml")
    assert 'href="/report/"' in page(client, "/about/")


@pytest.mark.parametrize("end", PAGES)
def test_a_large_report_costs_no_more_queries(end):
    listing = a_report()
    a_region()
    one = queries_of(f"/report/2023/{end}")
    for number in range(8):
        project = a_project(f"jigyo-{number}")
        a_row(listing, project)
        indicator = an_indicator(project, key=f"shihyo-{number}")
        a_value(indicator, 2023, f"{number + 1}件")
    assert queries_of(f"/report/2023/{end}") == one
