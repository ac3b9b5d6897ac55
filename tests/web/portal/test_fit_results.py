"""Results, the sheet and the calculators of わが社に合う支援."""

import re
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from madoguchi.catalogue.models import Frame, ReceptionWindow
from madoguchi.catalogue.states import EditionState, ReceptionMode
from tests.factories import a_region, a_source, an_edition
from tests.web.portal.fit_rules import AREA, HERE, STAFF, a_ruled_edition, give_rule, tell
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

JUDGED = {"judgement": "審査会", "because": "新しさがあると認められること"}
OLD = {"fact": "established_on", "on_or_before": "2000-01-01", "because": "2000年までに始めたこと"}
PLAN = {
    "compute": "plan_growth",
    "with": {"figure": "value_added", "by_years": {"3": "9%", "4": "12%", "5": "15%"}},
    "because": "付加価値額がのびること",
}
DROP = {
    "compute": "sales_drop",
    "with": {
        "year": 2022,
        "against": [2019, 2020, 2021],
        "consecutive_months": 2,
        "at_least": "30%",
        "annual_minimum_yen": 2_400_000,
    },
    "because": "売上が減ったこと",
}


def text_of(html):
    """What a reader reads, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def group(html, anchor):
    """The part of a page that holds one verdict."""
    return html.split(f'id="g-{anchor}"')[1].split("</section>")[0]


def refused(client):
    """The page of what does not fit."""
    return page(client, "/fit/results/ineligible/")


def a_framed_edition(slug, *frames, conditions=(STAFF,), windows=(), grant=None, **fields):
    """A published edition with frames and reception windows, and its rule."""
    edition = an_edition(slug, state=EditionState.DRAFT, **fields)
    for position, frame in enumerate(frames):
        Frame.objects.create(edition=edition, position=position, **frame)
    for closes_at in windows:
        ReceptionWindow.objects.create(
            edition=edition, position=0, opens_at=datetime(2023, 10, 1, tzinfo=UTC), closes_at=closes_at
        )
    edition.state = EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    give_rule(edition, *conditions, **({"grant": grant} if grant else {}))
    return edition


def test_each_verdict_has_its_group_in_order(client):
    a_ruled_edition("tekigo", STAFF)
    a_ruled_edition("mikomi", STAFF, JUDGED)
    a_ruled_edition("mitei", STAFF, AREA)
    a_ruled_edition("dame", OLD)
    tell(client, "employees", "12")
    tell(client, "established_on", year="2010")
    html = page(client, "/fit/results/")
    for anchor, slug in (("yes", "tekigo"), ("may", "mikomi"), ("ask", "mitei")):
        assert f"/programmes/{slug}/" in group(html, anchor)
    assert "/programmes/dame/" not in html
    assert 'href="/fit/results/ineligible/"' in group(html, "no")
    assert "1件と、その理由を見る" in group(html, "no")
    assert "/programmes/dame/" in refused(client)
    assert "/programmes/tekigo/" not in refused(client)
    assert html.index("g-yes") < html.index("g-may") < html.index("g-ask") < html.index("g-no")
    assert "2件の支援が、使えるかもしれません" in html
    assert "人が判断します" in group(html, "may")


def test_no_verdict_stands_without_a_reason_and_its_source(client):
    a_source("g", short_title="ガイド")
    a_ruled_edition("hojo", STAFF, AREA)
    a_ruled_edition("dame", OLD)
    tell(client, "employees", "12")
    tell(client, "established_on", year="2010")
    for html in (group(page(client, "/fit/results/"), "ask"), refused(client)):
        assert text_of(html).count("根拠：ガイド 相談") == 1


def test_a_source_that_bears_the_name_of_the_programme_is_named_without_it(client):
    a_source("g", short_title="ガイド", sections=[{"section": "1", "title": "相談", "line": 1}])
    a_ruled_edition("hojo", STAFF, name="相談")
    tell(client, "employees", "12")
    assert text_of(group(page(client, "/fit/results/"), "yes")).count("根拠：ガイド 相談") == 0
    assert "根拠：ガイド" in text_of(page(client, "/fit/results/"))


def test_a_law_is_named_with_its_clause(client):
    edition = an_edition("hojo")
    give_rule(edition, STAFF, source={"law": "中小企業基本法", "clause": "第2条"})
    tell(client, "employees", "12")
    assert "中小企業基本法 第2条" in page(client, "/fit/results/")


def test_what_nobody_wrote_down_is_to_be_confirmed_and_never_refused(client):
    an_edition("hojo")
    html = page(client, "/fit/results/")
    assert "まだここに登録されていません" in group(html, "ask")


def test_what_is_still_to_be_told_leads_to_its_question(client):
    a_ruled_edition("hojo", STAFF, AREA)
    tell(client, "area", "131016")
    assert 'href="/fit/question/employees/?then=results"' in group(page(client, "/fit/results/"), "ask")


def test_what_could_be_changed_is_said_with_what_is_now(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "25")
    html = refused(client)
    assert "ここが変われば、使える見込みがあります" in html
    assert "従業員が20人以下であること（いまは25人）" in html


def test_what_could_be_changed_leads_to_its_answer(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "25")
    assert 'href="/fit/question/employees/?then=results">答えを直す' in refused(client)


def test_what_holds_for_the_business_comes_before_what_nobody_can_tell(client):
    a_ruled_edition("aaa", JUDGED)
    a_ruled_edition("zzz", STAFF, JUDGED)
    tell(client, "employees", "12")
    html = group(page(client, "/fit/results/"), "may")
    assert html.index("/programmes/zzz/") < html.index("/programmes/aaa/")


def test_what_one_wants_to_do_comes_before_what_is_for_everybody(client):
    wish = {"fact": "intents", "has_any": ["sales_channels"], "because": "販路をひろげること"}
    a_ruled_edition("aaa", STAFF)
    a_ruled_edition("zzz", STAFF, wish)
    tell(client, "employees", "12")
    tell(client, "intents", "sales_channels")
    for html in (group(page(client, "/fit/results/"), "yes"), page(client, "/fit/sheet/")):
        assert html.index("zzz") < html.index("aaa")


def test_of_what_one_wants_the_newest_and_what_is_for_that_alone_come_first(client):
    def wish(*codes):
        return {"fact": "intents", "has_any": list(codes), "because": "販路をひろげること"}

    silent = ReceptionMode.NOT_STATED
    a_ruled_edition("aaa-old", wish("sales_channels"), fiscal_year=2021, reception_mode=silent)
    a_ruled_edition("bbb-much", wish("sales_channels", "digital", "hire"))
    a_ruled_edition("ccc-that", wish("sales_channels"))
    other = {"any": [wish("digital"), {"not": wish("digital"), "because": "デジタルでないこと"}]}
    a_ruled_edition("aaa-else", other)
    tell(client, "intents", "sales_channels")
    html = group(page(client, "/fit/results/"), "yes")
    places = [html.index(f"/programmes/{slug}/") for slug in ("ccc-that", "bbb-much", "aaa-old", "aaa-else")]
    assert places == sorted(places)


def test_an_answer_that_says_little_alone_stands_with_its_label(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "12")
    tell(client, "woman_led", "yes")
    tell(client, "applicant", "business")
    html = text_of(page(client, "/fit/results/")).split("答えを見る・消す")[0]
    assert "女性が代表：はい" in html
    assert "常時使用する従業員の数：12人" in html
    assert "申し込む人：事業者" not in html


def test_what_nobody_can_change_is_not_held_out(client):
    a_ruled_edition("hojo", OLD)
    tell(client, "established_on", year="2010")
    assert "ここが変われば" not in refused(client)


def test_what_is_open_comes_first_and_then_the_nearer_deadline(client):
    a_framed_edition(
        "later", windows=[datetime(2023, 12, 1, tzinfo=UTC)], reception_mode=ReceptionMode.WINDOW
    )
    a_framed_edition(
        "soon", windows=[datetime(2023, 11, 9, 8, tzinfo=UTC)], reception_mode=ReceptionMode.WINDOW
    )
    a_framed_edition("over", windows=[datetime(2023, 10, 9, tzinfo=UTC)], reception_mode=ReceptionMode.WINDOW)
    a_ruled_edition("anytime", STAFF)
    tell(client, "employees", "12")
    html = page(client, "/fit/results/")
    places = [html.index(f"/programmes/{slug}/") for slug in ("soon", "later", "anytime", "over")]
    assert places == sorted(places)
    assert "11月9日（木）" in html


def test_the_grant_is_worked_out_for_the_cost_with_its_path(client):
    a_framed_edition("hojo", {"name": "枠", "rate": Fraction(2, 3), "cap_yen": 1_000_000})
    tell(client, "employees", "12")
    before = page(client, "/fit/results/")
    assert "上限100万円" in before
    assert 'href="/fit/costs/"' in before
    tell(client, "cost_yen", "300", then="results")
    html = text_of(page(client, "/fit/results/"))
    assert "100万円 自己負担は200万円" in html
    assert "計算の道筋" in html
    assert "費用 3,000,000円 × 2/3 2,000,000円" in html
    assert "上限 1,000,000円まで 1,000,000円" in html


def test_frames_of_one_programme_share_a_card_under_the_best_verdict(client):
    edition = a_framed_edition(
        "hojo",
        {"name": "小さい枠", "amount_yen": 50_000},
        {"name": "大きい枠", "amount_yen": 500_000},
        conditions=(STAFF,),
    )
    give_rule(
        edition,
        STAFF,
        frames=[{"frame": "小さい枠", "rule": {**OLD, "source": {"law": "要綱", "clause": "1"}}}],
    )
    tell(client, "employees", "12")
    tell(client, "established_on", year="2010")
    html = page(client, "/fit/results/")
    fitting = text_of(group(html, "yes"))
    assert html.count('<a href="/programmes/hojo/"') == 1
    assert "小さい枠 非該当" in fitting
    assert "大きい枠 該当 50万円" in fitting


def test_of_a_long_group_the_first_stand_here_and_all_on_a_page_of_their_own(client):
    for number in range(22):
        a_ruled_edition(f"hojo-{number:02}", STAFF)
    tell(client, "employees", "12")
    html = page(client, "/fit/results/")
    assert html.count('<article class="hit') == 5
    assert "のこり17件も見る" in html
    assert 'href="/fit/results/eligible/"' in html
    whole = page(client, "/fit/results/eligible/")
    assert "該当の支援" in whole
    assert whole.count('<article class="hit') == 10
    assert "page=2" in whole
    rest = page(client, "/fit/results/eligible/?page=3")
    assert rest.count('<article class="hit') == 2
    assert "/programmes/hojo-21/" in rest


def test_a_short_group_leads_nowhere_else(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "12")
    assert 'href="/fit/results/eligible/"' not in page(client, "/fit/results/")


def test_a_verdict_that_does_not_exist_has_no_page(client):
    assert client.get("/fit/results/perhaps/").status_code == 404


def test_results_cost_the_same_for_one_programme_and_for_twenty(client):
    a_region()
    a_ruled_edition("first", STAFF)
    one, sheet = queries_of("/fit/results/"), queries_of("/fit/sheet/")
    for number in range(20):
        a_ruled_edition(f"more-{number}", STAFF, AREA)
    assert queries_of("/fit/results/") == one
    assert queries_of("/fit/results/unknown/") <= one
    assert queries_of("/fit/sheet/") == sheet


def test_the_sheet_has_answers_reasons_telephone_and_codes_to_scan(client):
    a_region(general_telephone="03-0000-0001")
    a_source("g", short_title="ガイド")
    a_ruled_edition("hojo", STAFF, telephone="03-1234-5678", headline="上限100万円")
    a_ruled_edition("mado", STAFF)
    a_framed_edition("over", windows=[datetime(2023, 10, 9, tzinfo=UTC)], reception_mode=ReceptionMode.WINDOW)
    a_ruled_edition("dame", OLD)
    tell(client, "employees", "12")
    tell(client, "established_on", year="2010")
    tell(client, "area", unknown="1")
    html = page(client, "/fit/sheet/")
    for fact in ("令和5年11月1日", "12人", "上限100万円", "tel:0312345678", "tel:0300000001", "ガイド 相談"):
        assert fact in html
    assert html.count("data:image/svg+xml") == 3
    assert "わからない</dd>" not in html
    assert ">dame<" not in html
    assert ">over<" not in html


# ── Calculators ─────────────────────────────────────────────────────────────────────────────────────
FIGURES = {
    "base_operating_profit_yen": "1,000",
    "base_personnel_yen": "6,000",
    "base_depreciation_yen": "3,000",
    "target_operating_profit_yen": "1,300",
    "target_personnel_yen": "6,400",
    "target_depreciation_yen": "3,100",
}


def test_a_plan_shows_its_growth_and_what_is_lacking(client):
    a_ruled_edition("kakushin", PLAN)
    assert "数字を入れると、ここに出ます" in page(client, "/fit/plan/")
    sent = client.post("/fit/plan/", {**FIGURES, "plan_years": "3"}, headers=HERE)
    assert sent.url == "/fit/plan/#result"
    html = text_of(page(client, "/fit/plan/"))
    assert "8.00%" in html
    assert "3年計画 9%以上 1億900万円 100万円" in html
    assert "5年計画 15%以上 1億1,500万円 700万円" in html
    assert "基準に届いていません" in html
    client.post(
        "/fit/plan/", {**FIGURES, "target_operating_profit_yen": "1400", "plan_years": "3"}, headers=HERE
    )
    html = text_of(page(client, "/fit/plan/"))
    assert "基準に届いています" in html
    assert "kakushin 該当" in html


@pytest.mark.parametrize("years", ["6", "7", "8"])
def test_a_plan_without_a_stated_rate_is_to_be_confirmed(client, years):
    a_ruled_edition("kakushin", PLAN)
    sent = {**FIGURES, "plan_years": years, "plan_has_research": "yes"}
    client.post("/fit/plan/", sent, headers=HERE)
    html = text_of(page(client, "/fit/plan/"))
    assert "kakushin 要確認" in html
    assert "この年数の計画の基準は、資料に書かれていません" in html


def test_a_plan_keeps_what_was_typed_wrongly(client):
    a_ruled_edition("kakushin", PLAN)
    response = client.post("/fit/plan/", {**FIGURES, "base_personnel_yen": "ろくせん"}, headers=HERE)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="ろくせん"' in html
    assert 'value="1,300"' in html
    assert "＊金額を数字で書いてください" in html


def test_a_figure_that_is_emptied_is_forgotten(client):
    a_ruled_edition("kakushin", PLAN)
    client.post("/fit/plan/", FIGURES, headers=HERE)
    client.post("/fit/plan/", {"base_personnel_yen": "10"}, headers=HERE)
    html = page(client, "/fit/answers/")
    assert "直近の人件費" in html
    assert "直近の営業利益" not in html


def test_the_questions_leave_the_figures_of_a_plan_to_their_own_page(client):
    a_ruled_edition("kakushin", PLAN)
    assert client.get("/fit/question/").url == "/fit/results/"
    asks = group(page(client, "/fit/results/"), "ask")
    assert asks.count('href="/fit/plan/"') == 1
    assert "/fit/question/" not in asks


def sales(now, then):
    return {
        "2022-04": now, "2022-05": now, "2021-04": then, "2021-05": then, "2021": "1200",
    }  # fmt: skip


def test_a_fall_in_sales_is_worked_out_to_the_yen(client):
    a_ruled_edition("kyufu", DROP)
    assert page(client, "/fit/sales-drop/").count('name="2020-') == 12
    assert client.post("/fit/sales-drop/", sales("70", "100"), headers=HERE).status_code == 302
    html = text_of(page(client, "/fit/sales-drop/"))
    assert "基準に届いています" in html
    assert "30.00%" in html
    assert "kyufu 該当" in html
    client.post("/fit/sales-drop/", sales("70.0001", "100"), headers=HERE)
    html = text_of(page(client, "/fit/sales-drop/"))
    assert "要確認" in html
    assert "29.99%" in html
    assert "まだわからないもの" in html


def test_wrong_sales_stay_in_their_fields(client):
    a_ruled_edition("kyufu", DROP)
    response = client.post("/fit/sales-drop/", sales("なな", "100"), headers=HERE)
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count('value="なな"') == 2
    assert html.count('value="100"') == 2
    assert "入力を2か所直してください" in html.replace("<wbr>", "")


def test_figures_that_contradict_each_other_are_named(client):
    a_ruled_edition("kyufu", DROP)
    client.post("/fit/sales-drop/", {**sales("70", "100"), "2021": "150"}, headers=HERE)
    assert "2021年は、月ごとの売上の合計と年間の売上が合いません" in page(client, "/fit/sales-drop/")


@pytest.mark.parametrize(("address", "rule"), [("/fit/plan/", PLAN), ("/fit/sales-drop/", DROP)])
def test_a_calculator_leads_back_to_the_programme_it_was_opened_from(client, address, rule):
    a_ruled_edition("seido", rule)
    tell(client, "employees", "6")
    link = f"{address}?then=programme:seido"
    assert f'href="{link}"' in page(client, "/programmes/seido/")
    assert "then=" not in re.search(rf'href="({address}[^"]*)"', page(client, "/fit/results/"))[1]
    sent = client.post(address, {"then": "programme:seido"}, headers=HERE)
    assert sent.url == f"{link}#result"
    figures = {"base_personnel_yen": "10", "2021": "100", "then": "programme:seido"}
    client.post(address, figures, headers=HERE)
    assert 'href="/programmes/seido/#who"' in page(client, link)
    assert "#who" not in page(client, address)


def test_calculators_without_a_programme_say_so(client):
    an_edition("hojo")
    assert "支援はありません" in page(client, "/fit/plan/")
    assert "支援はありません" in page(client, "/fit/sales-drop/")
