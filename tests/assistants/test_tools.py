"""The tools answer what the API answers, with titles of sources; a caller's mistake is a sentence."""

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from madoguchi.api.match import Result as ApiResult
from madoguchi.assistants import answers, tools
from madoguchi.eligibility import reports, rulebook
from madoguchi.finding import ask
from madoguchi.foundation import clock

pytestmark = pytest.mark.django_db

FACTORY = {
    "area": "312011",
    "industry": "E",
    "legal_form": "kabushiki",
    "capital_yen": 400_000_000,
    "employees": 300,
    "receives:kuni-hojo": False,
    "cost_yen": 1_333_333,
}
GUIDE = {
    "document": "みなと県 支援のしおり（令和7年度）",
    "heading": "設備の補助",
    "file": "900",
    "section": "1",
}


# ── search ──────────────────────────────────────────────────────────────────────────────────────────
def test_a_search_finds_with_source_reception_and_deadline(answer):
    found = answer("search", q="機械を買いたい", kind=["補助金"])
    assert (found["on"], found["total"]) == ("2025-06-10", 1)
    (hit,) = found["results"]
    assert (hit["slug"], hit["reception"], hit["closes_on"]) == ("setsubi-hojo", "open", "2025-06-30")
    assert hit["sources"] == [GUIDE | {"lines": "10-39"}]
    assert hit["url"] == "/programmes/setsubi-hojo/"


def test_every_type_that_is_found_has_its_sources(answer):
    hits = answer("search", q="", limit=50)["results"]
    assert {hit["type"] for hit in hits} == set(ask.TYPES)
    assert [hit["slug"] for hit in hits if not hit["sources"]] == []


def test_a_search_by_day_asks_what_is_open_then(answer):
    assert answer("search", q="設備導入補助金", open_on="2025-06-01")["results"][0]["reception"] == "open"
    later = answer("search", q="設備導入補助金", types=["programme"], on="2025-12-01")
    assert later["results"][0]["reception"] == "closed"


def test_nothing_found_leads_to_what_is_near_and_says_so(answer):
    found = answer("search", q="設備導入補助金", area=["000000"], kind=["matching"])
    assert (found["total"], found["results"]) == (0, [])
    assert "setsubi-hojo" in [hit["slug"] for hit in found["nearest"]]


def test_pages_of_a_search_follow_each_other(answer):
    first = answer("search", q="", limit=2)["results"]
    second = answer("search", q="", limit=2, offset=2)["results"]
    assert len({(hit["type"], hit["slug"]) for hit in (*first, *second)}) == 4


def test_an_unknown_condition_is_refused_with_those_that_are_known(refusal):
    said = refusal("search", q="設備", kind=["宇宙"])
    assert "知らない条件です: kind=宇宙" in said
    assert "補助金" in said


def test_without_an_index_a_search_says_what_to_do(refusal, tmp_path):
    with override_settings(INDEX_DIR=tmp_path / "none"):
        assert "madoguchi setup" in refusal("search", q="設備")


# ── show ────────────────────────────────────────────────────────────────────────────────────────────
def test_a_programme_is_shown_with_sources_reception_and_deadline(answer):
    shown = answer("show", slug="setsubi-hojo")
    assert (shown["fiscal_year"], shown["other_years"], shown["reception"]) == (2025, [2024], "open")
    assert shown["closes_at"] == "2025-06-30T17:00:00+09:00"
    assert shown["requirements"][0]["source"] == GUIDE | {"lines": "15"}
    assert [frame["rate"] for frame in shown["frames"]] == ["1/2", "2/3"]
    assert shown["url"] == "/programmes/setsubi-hojo/2025/"


def test_an_older_year_and_another_day_are_shown_as_such(answer):
    shown = answer("show", slug="setsubi-hojo", fiscal_year=2024)
    assert (shown["fiscal_year"], shown["reception"]) == (2024, "closed")
    assert answer("show", slug="setsubi-hojo", on="2025-04-10")["reception"] == "upcoming"


def test_an_organisation_as_contact_has_its_name(answer):
    (contact,) = answer("show", slug="keiei-sodan")["contacts"]
    assert contact["name"]
    assert contact["telephone"] == "0857-00-0002"


def test_an_unknown_programme_or_year_is_a_sentence(refusal):
    assert "「nothing」という制度は、ありません" in refusal("show", slug="nothing")
    assert "あるのは 2025、2024 です" in refusal("show", slug="setsubi-hojo", fiscal_year=2019)


# ── match ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_factory_learns_what_fits_why_and_how_much(answer):
    found = answer("match", facts=FACTORY, programme="setsubi-hojo")
    by_frame = {result["frame"]: result for result in found["results"]}
    usual = by_frame["通常枠"]
    assert (usual["verdict"], usual["reception"], usual["grant_yen"]) == ("eligible", "open", 666_000)
    assert usual["closes_at"] == "2025-06-30T17:00:00+09:00"
    cited = [reason["source"] for reason in usual["reasons"] if reason["because"] == "製造業であること"]
    assert cited == [GUIDE | {"lines": "12-20"}]
    assert all(reason["status"] == "met" for reason in usual["reasons"])


def test_what_is_not_told_stays_unknown_and_is_asked_for(answer):
    found = answer("match", facts={"industry": "E", "area": "312011"}, programme="setsubi-hojo")
    special = next(result for result in found["results"] if result["frame"] == "特別枠")
    assert special["verdict"] == "unknown"
    assert "machines" in special["ask"]
    assert found["next_question"]["question"]
    assert found["progress"]["total"] >= 1


def test_who_does_not_know_is_asked_something_else(answer):
    first = answer("match", facts={})["next_question"]
    second = answer("match", facts={}, skipped=[first["fact"]])["next_question"]
    assert second["fact"] != first["fact"]


def test_judgement_stays_with_people(answer):
    facts = FACTORY | {"machines": 2, "capital_yen": 1_000_000}
    found = answer("match", facts=facts, programme="setsubi-hojo", verdicts=["likely"])
    (special,) = found["results"]
    assert "judgement" in [reason["status"] for reason in special["reasons"]]


def test_the_counts_tell_of_everything_and_the_page_of_what_was_asked(answer):
    everything = answer("match", facts=FACTORY, limit=50)
    assert sum(everything["counts"].values()) == everything["total"] == len(everything["results"])
    one = answer("match", facts=FACTORY, limit=1, offset=1)
    assert one["results"] == everything["results"][1:2]
    assert one["counts"] == everything["counts"]


def test_what_cannot_be_used_is_named_and_the_rest_goes_on(answer):
    found = answer("match", facts=FACTORY | {"employes": 3, "capital_yen": "たくさん"})
    assert {problem["fact"] for problem in found["problems"]} == {"employes", "capital_yen"}
    assert found["total"]


def test_when_nothing_can_be_used_it_is_a_sentence(refusal):
    assert "「employes」という項目はありません" in refusal("match", facts={"employes": 3})


@pytest.mark.parametrize("day", ["2025-13-01", "someday", "0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(("tool", "more"), [("match", {"facts": {}}), ("deadlines", {}), ("search", {})])
def test_a_day_that_cannot_be_meant_is_a_sentence(refusal, tool, more, day):
    assert "日付は 2023-06-01 のように" in refusal(tool, on=day, **more)


def test_an_unknown_programme_cannot_be_matched(refusal):
    assert "「nothing」という制度は、ありません" in refusal("match", facts={}, programme="nothing")


def test_a_profile_longer_than_any_business_is_refused(refusal):
    assert "長すぎます" in refusal("match", facts={"area": "x" * tools.MOST_PROFILE_CHARACTERS})


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("match", {"facts": {}, "limit": 51}, "limit"),
        ("match", {"facts": {}, "offset": -1}, "offset"),
        ("match", {}, "facts"),
        ("match", {"facts": {}, "fiscal_year": 20250}, "fiscal_year"),
        ("search", {"q": "設" * 301}, "q"),
        ("search", {"kind": ["x"] * 21}, "kind"),
        ("search", {"sort": "price"}, "sort"),
        ("deadlines", {"days": 400}, "days"),
        ("show", {"slug": ""}, "slug"),
    ],
)
def test_arguments_out_of_bounds_are_named(refusal, tool, arguments, named):
    assert f"\n{named}\n" in refusal(tool, **arguments)


# ── facts ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_facts_have_their_questions_and_choices(answer):
    known = {fact["key"]: fact for fact in answer("facts")["facts"]}
    assert known["machines"]["question"] == "機械を何台入れますか。"
    assert known["legal_form"]["choices"]
    assert "receives:kuni-hojo" in known


def test_some_facts_can_be_asked_for_and_unknown_ones_are_named(answer, refusal):
    asked = answer("facts", keys=["machines", "used:setsubi-hojo"])["facts"]
    assert [fact["key"] for fact in asked] == ["machines", "used:setsubi-hojo"]
    assert "知らない項目です: mashines" in refusal("facts", keys=["machines", "mashines"])


# ── deadlines ───────────────────────────────────────────────────────────────────────────────────────
def test_what_closes_soon_is_listed_with_the_days_left(answer):
    found = answer("deadlines")
    assert (found["on"], found["until"], found["more"]) == ("2025-06-10", "2025-07-10", False)
    (deadline,) = found["deadlines"]
    assert (deadline["programme"], deadline["days_left"]) == ("setsubi-hojo", 20)
    assert deadline["closes_at"] == "2025-06-30T17:00:00+09:00"
    assert deadline["sources"] == [GUIDE | {"lines": "10-39"}]


@pytest.mark.parametrize(
    ("on", "days", "listed"),
    [
        ("2025-06-11", 19, 1),  # the last day itself
        ("2025-06-11", 18, 0),
        ("2025-06-30", 0, 1),
        ("2025-07-01", 366, 0),  # closed
        ("2025-04-30", 366, 0),  # not open yet
    ],
)
def test_only_open_windows_within_the_days_are_listed(answer, on, days, listed):
    assert len(answer("deadlines", on=on, days=days)["deadlines"]) == listed


# ── the shapes ──────────────────────────────────────────────────────────────────────────────────────
def test_nothing_that_the_api_says_of_a_match_is_left_out(installed):
    day = clock.today()
    (match, *_) = rulebook.current().match({}, at=clock.now(), on=day)
    said = set(reports.match_report(match))
    assert said <= set(answers.Result.__annotations__)
    assert set(ApiResult.model_fields) <= set(answers.Result.__annotations__)
    assert set(reports.fact_report(next(iter(rulebook.current().dictionary.facts.values())))) == set(
        answers.Fact.__annotations__
    )


def test_every_tool_only_selects(installed):
    asked = [
        lambda: tools.search(q="設備"),
        lambda: tools.show("setsubi-hojo"),
        lambda: tools.match(facts=FACTORY),
        tools.facts,
        tools.deadlines,
    ]
    with CaptureQueriesContext(connection) as captured:
        for ask_tool in asked:
            ask_tool()
    assert captured.captured_queries
    assert [row["sql"] for row in captured.captured_queries if not row["sql"].startswith("SELECT")] == []


def test_a_list_costs_the_same_number_of_queries_whatever_its_length(installed):
    def cost(read):
        with CaptureQueriesContext(connection) as captured:
            read()
        return len(captured)

    tools.match(facts={})
    assert cost(lambda: tools.match(facts={}, limit=1)) == cost(lambda: tools.match(facts={}, limit=50))
    assert cost(lambda: tools.search(types=["programme"], limit=1)) == cost(
        lambda: tools.search(types=["programme"], limit=50)
    )
