"""The programme page with rules: requirements, the visitor's own answers, and what a cost would bring."""

import re
from datetime import date
from fractions import Fraction

import pytest
from django.http import HttpResponse, QueryDict  # noqa: TID251 (stands in for an answer)
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.catalogue.models import Frame
from madoguchi.catalogue.states import EditionState
from madoguchi.eligibility.amounts.grant import Terms, grant
from madoguchi.web.portal import fit_cookie
from madoguchi.web.portal.shapes import grant_chart, programme_whatif
from madoguchi.web.shared import page_cache
from tests.factories import an_edition
from tests.minato import change, copied, loaded
from tests.queries import cost
from tests.web.portal.pages import page

pytestmark = pytest.mark.django_db
ADDRESS = "/programmes/setsubi-hojo/"
A_FACTORY = {"area": "312011", "industry": "E", "legal_form": "kabushiki", "employees": 20}


@pytest.fixture(autouse=True)
def _in_june(settings):
    settings.TODAY = date(2025, 6, 10)


@pytest.fixture
def minato(db):
    loaded()


def told(**answers):
    """A visitor whose browser holds these answers."""
    response = HttpResponse()
    fit_cookie.keep(response, answers)
    client = Client()
    client.cookies[fit_cookie.NAME] = response.cookies[fit_cookie.NAME].value
    return client


def words(html, section=""):
    """The text of the page's main part, or of one section of it."""
    start = html.index(f'<section class="section" id="{section}">') if section else html.index("<main")
    end = html.index('<section class="section"', start + 1) if section else html.index("</main>")
    blocks = re.sub(r"</(?:dt|dd|p|li|h\d|td|th|div)>", " ", html[start:end])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", blocks))


# ── Requirements ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("minato")
def test_everybody_sees_what_is_asked_who_decides_and_where_it_is_written(client):
    text = words(page(client, ADDRESS), "who")
    assert "県の中小企業であること" in text
    assert "人の判断：審査会 計画に新しさがあること" in text
    assert "12-20行目" in text
    assert "満たして" not in text
    assert "わが社に合う支援を調べる" in text


@pytest.mark.usefixtures("minato")
def test_what_all_frames_ask_is_said_once_and_the_rest_under_its_frame(client):
    text = words(page(client, ADDRESS), "who")
    shared, own = text.split("特別枠")
    assert text.count("製造業であること") == 1
    assert "製造業であること" in shared
    assert "機械を2台以上入れること" in own
    assert "通常枠" not in text


@pytest.mark.usefixtures("minato")
def test_a_source_is_named_once_for_a_run_and_its_lines_stay_in_a_fold(client):
    html = page(client, ADDRESS)
    shared, own = html[html.index('class="checks"') : html.index("資料の言葉")].split("特別枠", 1)
    assert shared.count('<details class="src check__src"') == 1
    assert own.count('<details class="src check__src"') == 1
    assert "行目" not in re.sub(r"<details.*?</details>", "", shared + own, flags=re.DOTALL)
    assert shared.index("国の補助金を") < shared.index("12-20行目")
    assert "12-20" not in own
    assert "25行目" in own


def test_the_lines_of_a_run_stand_together_and_another_place_has_its_own_name(client, tmp_path):
    pack = copied(tmp_path)
    change(
        pack,
        "rules/setsubi-hojo.yaml",
        "because: 製造業であること}\n        - {not_with: {programme: kuni-hojo}, "
        "because: 国の補助金を同じ目的で受けないこと}",
        'because: 製造業であること, source: {file: "900", section: "1", lines: "22"}}\n'
        "        - {not_with: {programme: kuni-hojo}, because: 国の補助金を同じ目的で受けないこと, "
        "source: {law: 補助金の法律, clause: 第3条}}",
    )
    loaded(pack)
    html = page(client, ADDRESS)
    shared = html[html.index('class="checks"') : html.index("資料の言葉")].split("特別枠")[0]
    assert "12-20, 22行目" in shared
    assert shared.index("22行目") < shared.index("国の補助金を") < shared.index("根拠：補助金の法律 第3条")


@pytest.mark.usefixtures("minato")
def test_an_owner_sees_ticks_crosses_and_questions_of_their_own():
    text = words(page(told(**A_FACTORY, machines=1), ADDRESS), "who")
    assert "満たしています 製造業であること" in text
    assert "満たしていません 機械を2台以上入れること" in text
    assert "まだわかりません 国の補助金を同じ目的で受けないこと" in text
    assert "人の判断：審査会 計画に新しさがあること" in text


@pytest.mark.usefixtures("minato")
def test_each_frame_has_its_verdict_with_the_nearest_miss_and_a_way_to_change_the_answers():
    html = page(told(**A_FACTORY, machines=1, **{"receives:kuni-hojo": False}), ADDRESS)
    text = words(html, "who")
    assert "通常枠 該当" in text
    assert "特別枠 非該当" in text
    assert "特別枠：ここが変われば、使える見込みがあります 機械を2台以上入れること（いまは1" in text
    assert 'href="/fit/answers/"' in html
    assert 'href="/fit/question/machines/?then=programme:setsubi-hojo">答えを直す' in html


@pytest.mark.usefixtures("minato")
def test_what_is_still_to_be_asked_is_one_press_away():
    html = page(told(**A_FACTORY), ADDRESS)
    assert 'href="/fit/question/machines/?then=programme:setsubi-hojo"' in html
    assert "/fit/question/machines/" not in page(told(**A_FACTORY, machines=2), ADDRESS)


@pytest.mark.usefixtures("minato")
def test_the_edition_of_another_year_shows_its_own_rule():
    text = words(page(told(area="312011", industry="E"), f"{ADDRESS}2024/"), "who")
    assert "30-39行目" in text
    assert "あなたの答えでは 該当" in text
    assert "県の中小企業であること" not in text


@pytest.mark.usefixtures("minato")
def test_the_documents_own_words_stay_in_a_fold_beside_the_rule(client):
    html = page(client, ADDRESS)
    said = html[html.index("資料の言葉") :]
    assert "県内に工場があること" in said[: said.index("</details>")]


def test_without_a_rule_the_documents_words_stay_as_they_are():
    an_edition(requirements=[{"text": "県内の人"}])
    html = page(told(**A_FACTORY), "/programmes/programme/")
    assert '<p class="point__text">県内の人</p>' in html
    assert "資料の言葉" not in html
    assert "あなたの答えでは" not in html


def test_ways_to_meet_a_requirement_are_listed_and_only_those_that_count_once_answered(client, tmp_path):
    pack = copied(tmp_path)
    change(
        pack,
        "rules/setsubi-hojo.yaml",
        "        - {fact: industry, within: [E], because: 製造業であること}\n        - {not_with",
        "        - because: ものづくりか運輸であること\n          any:\n"
        "            - {fact: industry, within: [E], because: 製造業であること}\n"
        "            - all:\n"
        "                - {fact: industry, within: [H], because: 運輸業であること}\n"
        "                - {judgement: 県, because: 県が認めること}\n"
        "        - {not_with",
    )
    loaded(pack)
    text = words(page(client, ADDRESS), "who")
    assert "次のどれか 製造業であること 運輸業であること、県が認めること（人の判断：県）" in text
    text = words(page(told(**A_FACTORY), ADDRESS), "who")
    assert "ものづくりか運輸であること 満たしています 製造業であること" in text
    assert "運輸業" not in text
    assert "次のどれか" not in text


def test_of_ways_without_a_name_of_their_own_the_one_that_is_left_stands_alone(client, tmp_path):
    pack = copied(tmp_path)
    change(
        pack,
        "rules/setsubi-hojo.yaml",
        "        - {fact: industry, within: [E], because: 製造業であること}\n        - {not_with",
        "        - any:\n"
        "            - {fact: industry, within: [E], because: 製造業であること}\n"
        "            - {fact: industry, within: [H], because: 運輸業であること}\n"
        "        - {not_with",
    )
    loaded(pack)
    assert "次のどれか 製造業であること 運輸業であること" in words(page(client, ADDRESS), "who")
    text = words(page(told(**A_FACTORY), ADDRESS), "who")
    assert "満たしています 製造業であること" in text
    assert "次のどれか" not in text


def test_that_no_other_way_holds_is_not_said_again(client, tmp_path):
    pack = copied(tmp_path)
    change(
        pack,
        "rules/setsubi-hojo.yaml",
        "        - {fact: industry, within: [E], because: 製造業であること}\n        - {not_with",
        "        - because: ものづくりであること\n          any:\n"
        "            - {fact: industry, within: [E], because: 製造業であること}\n"
        "            - all:\n"
        "                - not: {fact: industry, within: [E], because: 製造業であること}\n"
        "                  because: 製造業でないこと\n"
        "                - {judgement: 県, because: 県が認めること}\n"
        "        - {not_with",
    )
    loaded(pack)
    text = words(page(client, ADDRESS), "who")
    assert "次のどれか 製造業であること 人の判断：県 県が認めること" in text
    assert "製造業でないこと" not in text


@pytest.mark.usefixtures("minato")
def test_a_cookie_that_cannot_be_trusted_shows_the_page_of_everybody(client):
    client.cookies[fit_cookie.NAME] = "forged"
    assert "わが社に合う支援を調べる" in page(client, ADDRESS)


@pytest.mark.usefixtures("minato")
def test_the_sheet_has_an_empty_box_for_each_requirement():
    html = page(told(**A_FACTORY), f"{ADDRESS}sheet/")
    assert "<li>県の中小企業であること</li>" in html
    assert "機械を2台以上入れること" in html
    assert "満たしています" not in html


# ── Whose page it is ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("minato")
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}2024/"])
def test_a_page_with_answers_neither_comes_from_the_kept_pages_nor_goes_there(client, address):
    everybodys = page(client, address)
    client.cookies = told(**A_FACTORY).cookies
    own = client.get(address)
    assert "あなたの答えでは" in own.content.decode()
    assert "no-store" in own["Cache-Control"]
    client.cookies.clear()
    assert page(client, address) == everybodys
    assert "あなたの答えでは" not in everybodys


@pytest.mark.usefixtures("minato")
def test_if_the_page_were_everybodys_others_would_see_the_answers(client, monkeypatch):
    monkeypatch.setattr(page_cache, "add_never_cache_headers", lambda response: None)
    client.cookies = told(**A_FACTORY).cookies
    page(client, ADDRESS)
    client.cookies.clear()
    assert "あなたの答えでは" in page(client, ADDRESS)


@pytest.mark.usefixtures("minato")
def test_the_page_without_answers_is_kept(client):
    page(client, ADDRESS)
    assert cost(lambda: page(client, ADDRESS)) == 0
    client.cookies = told(**A_FACTORY).cookies
    assert cost(lambda: page(client, ADDRESS)) > 0


@pytest.mark.usefixtures("minato")
def test_answers_cost_no_further_queries():
    page(Client(), ADDRESS)
    without = cost(lambda: page(Client(), ADDRESS))
    assert cost(lambda: page(told(area="312011"), ADDRESS)) == without
    assert cost(lambda: page(told(**A_FACTORY, machines=2), ADDRESS)) == without


# ── What a cost would bring ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("minato")
def test_a_cost_brings_a_grant_line_by_line_with_the_own_share(client):
    text = words(page(client, f"{ADDRESS}?cost=133.3333"), "whatif")
    assert "費用 1,333,333円 × 1/2 666,666円" in text
    assert "1,000円未満を切り捨て 666,000円" in text
    assert "補助額 66万6,000円 自己負担 66万7,333円" in text


@pytest.mark.usefixtures("minato")
def test_a_reached_cap_is_said(client):
    text = words(page(client, f"{ADDRESS}?cost=300"), "whatif")
    assert "上限に届いています。200万円をこえた費用は、自己負担がふえるだけです。" in text
    assert "費用が200万円のとき、上限に届きます。" in words(page(client, f"{ADDRESS}?cost=100"), "whatif")


@pytest.mark.usefixtures("minato")
def test_a_range_stays_a_range(client):
    text = words(page(client, f"{ADDRESS}?cost=300"), "whatif")
    assert "いちばん少ないとき" in text
    assert "50万円〜200万円" in text
    assert "100万円〜250万円" in text


@pytest.mark.usefixtures("minato")
def test_the_cost_that_was_told_comes_first():
    assert 'name="cost" inputmode="decimal" autocomplete="off" value="123"' in page(
        told(**A_FACTORY, cost_yen=1_230_000), ADDRESS
    )


@pytest.mark.usefixtures("minato")
@pytest.mark.parametrize("typed", ["たくさん", "-5", "99999999", "2兆円", "1" * 400])
def test_a_cost_that_cannot_be_read_stays_with_a_sentence(client, typed):
    html = page(client, f"{ADDRESS}?cost={typed}")
    assert 'id="whatif-error"' in html
    assert f'value="{typed}"' in html


@pytest.mark.usefixtures("minato")
def test_the_slider_counts_when_it_alone_was_moved(client):
    def cost_after(query):
        return re.search(r'id="whatif-cost"[^>]*value="([^"]*)"', page(client, f"{ADDRESS}?{query}"))[1]

    assert cost_after("cost=100&was=100&slide=250&at=100") == "250"
    assert cost_after("cost=120&was=100&slide=250&at=100") == "120"
    assert cost_after("cost=123&was=123&slide=120&at=120") == "123"


@pytest.mark.usefixtures("minato")
def test_what_a_browser_sends_back_untouched_changes_nothing(client):
    html = page(client, f"{ADDRESS}?cost=123")
    slide = re.search(r'type="range"[^>]*step="(\d+)" value="(\d+)"', html)
    at = re.search(r'name="at" value="(\d+)"', html)[1]
    assert slide[2] == at
    assert int(at) % int(slide[1]) == 0


@pytest.mark.usefixtures("minato")
def test_htmx_is_given_the_changed_part_alone(client):
    part = client.get(f"{ADDRESS}?cost=100", headers={"hx-request": "true"}).content.decode()
    assert part.startswith('\n<div id="whatif-result"')
    assert 'hx-swap-oob="true"' in part
    assert "<html" not in part


@pytest.mark.usefixtures("minato")
def test_costs_do_not_fill_the_memory_for_kept_pages(client):
    assert "no-store" in client.get(f"{ADDRESS}?cost=100")["Cache-Control"]
    assert "no-store" not in client.get(ADDRESS).get("Cache-Control", "")


def an_edition_with(**frame):
    edition = an_edition(state=EditionState.DRAFT)
    Frame.objects.create(edition=edition, position=0, name="枠", **frame)
    edition.state = EditionState.PUBLISHED
    edition.save()


def test_a_top_up_stands_beside_the_grant_that_it_tops_up(client):
    an_edition_with(rate=Fraction(1, 12), on_top_of=Fraction(2, 3), cap_yen=7_500_000)
    text = words(page(client, "/programmes/programme/?cost=6000"), "whatif")
    assert "もとの補助（費用の2/3） 4,000万円" in text.replace("　", " ")
    assert "上乗せの額 500万円 自己負担 1,500万円" in text


def test_a_fixed_amount_needs_no_cost(client):
    an_edition_with(amount_yen=100_000)
    assert 'id="whatif"' not in page(client, "/programmes/programme/")


def test_terms_that_cannot_be_take_no_page_down(client):
    an_edition_with(amount_yen=50_000, own_share=Fraction(1, 3))
    assert 'id="whatif"' not in page(client, "/programmes/programme/?cost=100")


def test_a_cost_without_anything_to_work_out_shows_the_page(client):
    an_edition()
    assert "<html" in page(client, "/programmes/programme/?cost=100")


RATES = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100)


@given(
    rate=RATES,
    cap=st.none() | st.integers(1, 10**11),
    cost_yen=st.integers(0, 10**12),
)
def test_a_drawing_stays_in_its_frame_and_never_falls(rate, cap, cost_yen):
    terms = Terms(rate=rate, cap_yen=cap)
    knees = programme_whatif.knees(terms)
    drawn = grant_chart.chart(terms, cost_yen, max(cost_yen, 10_000, *knees), knees)
    places = [tuple(map(int, point.split(","))) for point in drawn.high.split()]
    assert places == sorted(places, key=lambda place: (place[0], -place[1]))
    assert all(0 <= x <= 340 and 0 <= y <= 220 for x, y in [*places, (drawn.here_x, drawn.here_y)])


@given(rate=RATES, cap=st.integers(1, 10**11))
def test_the_cap_is_reached_at_the_knee_and_not_a_yen_before(rate, cap):
    terms = Terms(rate=rate, cap_yen=cap)
    (knee,) = programme_whatif.knees(terms)
    assert grant(terms, knee).grant_yen == cap
    assert grant(terms, knee - 1).grant_yen < cap


@given(typed=st.text(max_size=30), slide=st.text(max_size=8), at=st.text(max_size=8))
def test_no_query_breaks_the_form(typed, slide, at):
    query = QueryDict(mutable=True)
    query.update({"cost": typed, "was": typed, "slide": slide, "at": at})
    programme_whatif.what_if([], query, {})
