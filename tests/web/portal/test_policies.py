import pytest

from madoguchi.results.models import CostBasis
from tests.factories import (
    a_listing,
    a_policy,
    a_project,
    a_region,
    a_row,
    a_source,
    a_unit,
    an_edition,
    an_organisation,
)
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def test_the_policies_stand_in_order_with_their_sums(client):
    first, second = a_policy("p1"), a_policy("p2")
    a_row(a_listing(first, code="l1"), a_project("hashi", cost_yen=4_789_000))
    a_row(a_listing(second, code="l2"), a_project("michi", cost_yen=12_034_032_000))
    html = page(client, "/policies/")
    assert html.index("方針p1") < html.index("方針p2")
    assert "4,789千円" in html
    assert "12,034,032千円" in html
    assert "12,038,821千円" in html


def test_the_longest_bar_fills_its_place_and_begins_at_zero(client):
    a_row(a_listing(a_policy("p1"), code="l1"), a_project("hashi", cost_yen=500_000))
    a_row(a_listing(a_policy("p2"), code="l2"), a_project("michi", cost_yen=1_000_000))
    html = page(client, "/policies/")
    assert '<rect class="chart__own" x="0" y="0" width="1000"' in html
    assert '<rect class="chart__own" x="0" y="0" width="500"' in html


def test_a_page_without_any_policy_says_so(client):
    assert "まだ登録されていません" in page(client, "/policies/")


def test_a_policy_lists_its_rows_as_printed(client):
    policy = a_policy("p1")
    listing = a_listing(policy)
    a_row(listing, a_project("hashi", name="橋の事業"), is_new=True, page=24, printed_department="道路課")
    html = page(client, "/policies/p1/")
    for fact in ("/projects/hashi/", "1,000千円", "新規", "道路課", ">24<"):
        assert fact in html


def test_repeats_are_marked_and_both_sums_are_said(client):
    listing = a_listing(a_policy("p1"), stated_subtotal_yen=3_000_000)
    a_row(listing, a_project("hashi", cost_yen=2_000_000))
    a_row(listing, a_project("michi", cost_yen=1_000_000), is_repeat=True, printed_name="michi（再掲）")
    html = page(client, "/policies/p1/")
    assert "再掲を含む合計と同じ" in html
    assert "再掲1件を除く" in html
    assert "2,000千円" in html
    assert "表の表記" not in html


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (2_000_000, "再掲を除いた合計と同じ"),
        (3_500_000, "行の合計と合いません（再掲を含む合計との差は500千円）"),
        (None, "小計の記載はありません"),
    ],
)
def test_the_stated_subtotal_is_compared_with_ours(client, stated, verdict):
    listing = a_listing(a_policy("p1"), stated_subtotal_yen=stated)
    a_row(listing, a_project("hashi", cost_yen=2_000_000))
    a_row(listing, a_project("michi", cost_yen=1_000_000), is_repeat=True)
    assert verdict in page(client, "/policies/p1/")


def test_a_shared_table_stands_on_both_policies_and_says_what_is_not_known(client):
    sixth, seventh = a_policy("p6"), a_policy("p7")
    listing = a_listing(sixth, seventh)
    a_row(listing, a_project("shiranai"), policies=None)
    a_row(listing, a_project("ryoho"), policies=["p6", "p7"])
    for code in ("p6", "p7"):
        html = page(client, f"/policies/{code}/")
        assert html.count("どちらの方針か、資料からは分かりません") == 1
        assert "①②" in html


def test_in_a_table_of_one_policy_nothing_is_unknown(client):
    a_row(a_listing(a_policy("p1")), a_project("hashi"), policies=None)
    assert "資料からは分かりません" not in page(client, "/policies/p1/")


def test_a_name_printed_otherwise_is_shown_too(client):
    a_row(a_listing(a_policy("p1")), a_project("hashi", name="橋の事業"), printed_name="橋の事業費（再掲）")
    assert "表の表記：橋の事業費" in page(client, "/policies/p1/")


@pytest.mark.parametrize("address", ["/policies/p99/", "/projects/nani/"])
def test_what_is_unknown_is_not_found(client, address):
    page(client, address, status=404)


@pytest.mark.parametrize("address", ["/policies/", "/policies/p1/"])
def test_many_rows_cost_no_more_queries_than_one(address):
    a_region()
    policy = a_policy("p1")
    listing = a_listing(policy)
    a_row(listing, a_project("p"))
    one = queries_of(address)
    for number in range(20):
        a_row(listing, a_project(f"q{number}"))
    assert queries_of(address) == one


# ── Projects ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("basis", "words"),
    [
        (CostBasis.BUDGET, "予算の額です"),
        (CostBasis.SUPPLEMENTARY, "補正予算の額です"),
        (CostBasis.SETTLED, "決算の額です"),
        (CostBasis.NOT_STATED, "資料に記載はありません"),
    ],
)
def test_a_project_says_what_its_cost_is(client, basis, words):
    a_project("hashi", cost_basis=basis, cost_yen=8_969_000, cost_note="国費を含む")
    html = page(client, "/projects/hashi/")
    assert "8,969千円" in html
    assert words in html
    assert "国費を含む" in html
    assert "令和5年度" in html


def test_a_cost_that_is_not_known_is_not_zero(client):
    a_project("hashi", cost_yen=None)
    html = page(client, "/projects/hashi/")
    assert "記載なし" in html
    assert "0千円" not in html


def test_a_project_shows_where_it_is_listed_and_what_it_pays_for(client):
    a_source()
    project = a_project("hashi", parts=["右の橋", "左の橋"], notes=["推定：橋は二つ"])
    project.programmes.add(an_edition("hojo").programme)
    project.units.add(a_unit("doro", an_organisation("ken")))
    a_row(a_listing(a_policy("p1"), code="l1"), project, page=24)
    a_row(a_listing(a_policy("p2"), code="l2"), project, page=99, is_repeat=True)
    html = page(client, "/projects/hashi/")
    for fact in ("/programmes/hojo/", "/organisations/ken/", "/policies/p1/", "24ページ", "再掲", "左の橋"):
        assert fact in html
    assert html.index("24ページ") < html.index("99ページ")
    assert "推定：橋は二つ" in html
    assert "支援ガイド" in html


def test_a_project_without_programmes_says_that_nobody_applies(client):
    a_project("hashi")
    assert "支援制度はつながっていません" in page(client, "/projects/hashi/")


def test_a_project_with_many_programmes_costs_no_more_queries():
    a_region()
    project = a_project("hashi")
    body = an_organisation("ken")
    listings = [a_listing(a_policy(f"p{number}"), code=f"l{number}") for number in range(4)]
    project.programmes.add(an_edition("h").programme)
    project.units.add(a_unit("u", body))
    a_row(listings[0], project)
    one = queries_of("/projects/hashi/")
    for number, listing in enumerate(listings[1:]):
        project.programmes.add(an_edition(f"h{number}").programme)
        project.units.add(a_unit(f"u{number}", body))
        a_row(listing, project, is_repeat=True)
    assert queries_of("/projects/hashi/") == one
