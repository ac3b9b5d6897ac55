"""Understanding what visitors ask: never an error, whatever the address says."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.finding import ask
from madoguchi.search.results import Sort

TODAY = date(2025, 6, 10)
pytestmark = pytest.mark.django_db


def read(**parameters):
    return ask.read(
        {name: value if isinstance(value, list) else [value] for name, value in parameters.items()},
        today=TODAY,
    )


def test_codes_and_official_words_are_both_understood(pack):
    assert read(kind="subsidy").filters == read(kind="補助金").filters == {"kind": ("subsidy",)}
    assert read(industry="製造業").filters == {"industry": ("E",)}
    assert read(area="北浜地域").filters == {"area": ("kita",)}
    assert read(organisation="minato-center").filters == {"organisation": ("minato-center",)}


@pytest.mark.parametrize("code", ["310000", "31000"])
def test_area_codes_may_lack_their_check_digit(pack, code):
    assert read(area=code).filters == {"area": ("310000",)}


def test_values_that_no_facet_knows_are_named(pack):
    asked = read(kind="宇宙", area="999999", status="maybe", sort="best", on="tomorrow")
    assert asked.filters == {}
    assert set(asked.ignored) == {
        "kind=宇宙",
        "area=999999",
        "status=maybe",
        "sort=best",
        "on=tomorrow",
    }


def test_what_is_asked_twice_counts_once(pack):
    assert read(kind=["subsidy", "補助金", "subsidy"]).filters == {"kind": ("subsidy",)}


def test_open_on_a_day_keeps_only_what_accepts_then():
    asked = read(open_on="2025-05-01")
    assert (asked.on, asked.filters) == (date(2025, 5, 1), {"status": ("open", "rolling", "booking")})
    assert read(on="2025-05-01").filters == {}
    assert read().on == TODAY


@pytest.mark.parametrize(
    ("raw", "page"),
    [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("９", 1), ("999999999", 500), ("9" * 5000, 500)],
)
def test_any_page_number_is_a_page(raw, page):
    assert read(page=raw).page == page


def test_control_characters_are_not_asked_for():
    assert read(q="  補\x00助\x1b[31m金\ud800\n ").text == "補助[31m金"


def test_leaving_out_a_value_leads_to_the_first_page(pack):
    asked = read(q="設備", kind=["subsidy", "seminar"], page="3", sort="newest")
    assert asked.parameters() == [
        ("q", "設備"),
        ("kind", "subsidy"),
        ("kind", "seminar"),
        ("sort", "newest"),
        ("page", "3"),
    ]
    assert asked.without("kind", "seminar").parameters() == [
        ("q", "設備"),
        ("kind", "subsidy"),
        ("sort", "newest"),
    ]
    assert asked.without("kind").filters == {}
    assert asked.sort is Sort.NEWEST


def test_a_search_leads_back_to_itself(pack):
    asked = read(q="設備", kind="補助金", area="310000", page="2", sort="deadline", fiscal_year="2025")
    again = {}
    for name, value in asked.parameters():
        again.setdefault(name, []).append(value)
    assert ask.read(again, today=TODAY) == asked


NAMES = [*ask.FACETS, "q", "on", "open_on", "sort", "page", "limit", "x"]
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=30),
    st.sampled_from(
        ["000000", "310000", "E", "open", "2025", "２０２５", "2025-02-30", "0000-00-00", "9" * 50]
    ),
)


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, max_size=3), max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_reading_never_raises_and_what_was_understood_can_be_asked_again(parameters):
    asked = ask.read(parameters, today=TODAY)
    again = {}
    for name, value in asked.parameters():
        again.setdefault(name, []).append(value)
    assert ask.read({**again, "on": [asked.on.isoformat()]}, today=TODAY).filters == asked.filters
    assert len(asked.ignored) <= 10


@given(st.text(st.characters(codec=None), max_size=40))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_text_gets_an_answer(pack, text):
    result = ask.answer(ask.read({"q": [text]}, today=TODAY))
    assert result.total >= len(result.hits) >= 0


def test_the_answer_as_json_has_its_fixed_shape(pack):
    answer = ask.as_json(ask.answer(read(q="設備導入補助金")))
    assert set(answer) == {"total", "took_ms", "results"}
    first = answer["results"][0]
    assert {**first, "score": 0, "snippet": ""} == {
        "type": "programme",
        "slug": "setsubi-hojo",
        "name": "設備導入補助金",
        "fiscal_year": 2025,
        "kinds": ["補助金"],
        "score": 0,
        "snippet": "",
        "url": "/programmes/setsubi-hojo/",
    }
    assert first["score"] > 0


@pytest.mark.parametrize(
    ("facet", "value", "label"),
    [
        ("kind", "subsidy", "補助金"),
        ("organisation", "minato-ken", "県"),
        ("area", "kita", "北浜地域"),
        ("industry", "E", "製造業"),
        ("industry", "??", "??"),
        ("status", "open", "open"),
        ("kind", "unknown", "unknown"),
    ],
)
def test_a_facet_value_has_words(pack, facet, value, label):
    assert ask.value_label(facet, value) == label


@pytest.mark.parametrize(("offset", "expected"), [(0, 2), (1, 2), (100, 0)])
def test_an_offset_goes_before_the_page(pack, offset, expected):
    result = ask.answer(read(q="", page="7"), limit=2, offset=offset)
    assert len(result.hits) == expected


def test_an_older_edition_leads_to_its_own_page(pack):
    older, newest = (
        ask.as_json(ask.answer(read(q="設備導入補助金", fiscal_year=year)))["results"][0]
        for year in ("2024", "2025")
    )
    assert older["url"] == "/programmes/setsubi-hojo/2024/"
    assert newest["url"] == "/programmes/setsubi-hojo/"
