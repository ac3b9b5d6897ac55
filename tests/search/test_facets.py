"""Filters, counts and folding, held against counting by hand."""

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.search.documents import Document
from madoguchi.search.index import Writer
from madoguchi.search.results import SearchRequest, Sort
from tests.search.conftest import ON, PLACES, SETTINGS, Index, document, engine, keys

ANCESTORS = {"area": {place.code: place.ancestors for place in PLACES}, "industry": SETTINGS.industries}
WORDS = ("融資", "展示会", "採用")
VALUES = {
    "type": ("programme", "project"),
    "kind": ("loan", "grant", "talk"),
    "purpose": ("start", "hire"),
    "organisation": ("a", "b"),
    "industry": ("E", "E09", "E10", "I", "I56"),
    "area": tuple(ANCESTORS["area"]),
    "fiscal_year": ("2023", "2024", "2025"),
    "status": ("open", "upcoming", "rolling", "booking", "closed", "not_stated"),
}
DAYS = st.one_of(st.none(), st.dates(date(2025, 5, 30), date(2025, 6, 3)))


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    count = draw(st.integers(0, 12))
    return [
        Document(
            key=f"d{number}",
            name="".join(draw(st.lists(st.sampled_from(WORDS), max_size=2))),
            type=draw(st.sampled_from(VALUES["type"])),
            group=draw(st.sampled_from(("", "g1", "g2"))),
            fiscal_year=draw(st.sampled_from((None, 2023, 2024, 2025))),
            kinds=tuple(draw(st.sets(st.sampled_from(VALUES["kind"])))),
            purposes=tuple(draw(st.sets(st.sampled_from(VALUES["purpose"])))),
            organisations=tuple(draw(st.sets(st.sampled_from(VALUES["organisation"])))),
            industries=tuple(draw(st.sets(st.sampled_from(VALUES["industry"]), max_size=2))),
            areas=tuple(draw(st.sets(st.sampled_from(VALUES["area"]), max_size=2))),
            windows=tuple(draw(st.lists(st.tuples(DAYS, DAYS), max_size=2))),
            mode=draw(st.sampled_from(("", "rolling", "booking", "closed"))),
        )
        for number in range(count)
    ]


FILTERS = st.dictionaries(st.sampled_from(list(VALUES)), st.just(()), max_size=3).flatmap(
    lambda chosen: st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2).map(tuple) for name in chosen}
    )
)


def values(found: Document, facet: str) -> set[str]:
    """Return the choices of a facet that keep a document, worked out the long way."""
    if facet == "status":
        return {status(found)}
    if facet in {"type", "fiscal_year"}:
        return {str(getattr(found, facet))} - {"None"}
    own = set(getattr(found, {"industry": "industries"}.get(facet, facet + "s")))
    above = ANCESTORS.get(facet)
    if above is None:
        return own
    return {
        choice
        for choice in above
        if not own or any(choice == each or choice in above[each] or each in above[choice] for each in own)
    }


def status(found: Document) -> str:
    if not found.windows:
        return found.mode or "not_stated"
    if any((o is None or o <= ON) and (c is None or c >= ON) for o, c in found.windows):
        return found.mode or "open"
    return "upcoming" if any(o is not None and o > ON for o, _ in found.windows) else "closed"


def newest(found: list[Document], chosen: dict[str, tuple[str, ...]]) -> list[Document]:
    years = chosen.get("fiscal_year")
    groups: dict[str, int] = {}
    for each in found:
        if years is None or str(each.fiscal_year) in years:
            name = each.group or each.key
            groups[name] = max(groups.get(name, -1), each.fiscal_year or -1)
    return [each for each in found if groups.get(each.group or each.key) == (each.fiscal_year or -1)]


def one_edition_a_year(found: list[Document]) -> list[Document]:
    seen: Counter[tuple[str, int | None]] = Counter(
        (each.group or each.key, each.fiscal_year) for each in found
    )
    return [each for each in found if seen[each.group or each.key, each.fiscal_year] == 1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), FILTERS, st.sampled_from(("", *WORDS)))
def test_counts_are_those_of_counting_by_hand(
    given_documents: list[Document], chosen: dict[str, tuple[str, ...]], text: str
) -> None:
    stock = one_edition_a_year(given_documents)
    with TemporaryDirectory() as directory:
        with Writer(Path(directory)) as writer:
            writer.rebuild(stock)
        result = engine(Path(directory)).search(SearchRequest(on=ON, text=text, filters=chosen, limit=50))
    found = [each for each in stock if text in each.name]

    def shown(filters: dict[str, tuple[str, ...]]) -> set[str]:
        kept = newest(found, filters)
        return {e.key for e in kept if all(values(e, name) & set(wanted) for name, wanted in filters.items())}

    assert {hit.key for hit in result.hits} == shown(chosen)
    assert result.total == len(shown(chosen))
    for facet, counts in result.facets.items():
        others = {name: wanted for name, wanted in chosen.items() if name != facet}
        told = {each.value: each.hits for each in counts if each.hits}
        by_hand = {value: len(shown({**others, facet: (value,)})) for value in VALUES[facet]}
        assert told == {value: count for value, count in by_hand.items() if count}, facet


def test_a_choice_does_not_narrow_its_own_counts(index: Index) -> None:
    ask = index(document("a", "甲", kinds=("loan",)), document("b", "乙", kinds=("grant",)))
    counts = ask(filters={"kind": ("loan",)}).facets["kind"]
    assert {(each.value, each.hits, each.chosen) for each in counts} == {
        ("loan", 1, True),
        ("grant", 1, False),
    }


def test_the_newest_edition_stands_for_its_group(index: Index) -> None:
    ask = index(
        document("old", "融資", group="g", fiscal_year=2024),
        document("new", "融資", group="g", fiscal_year=2025),
    )
    (hit,) = ask("融資").hits
    assert (hit.key, [each.key for each in hit.other_editions]) == ("new", ["old"])
    (hit,) = ask("融資", filters={"fiscal_year": ("2024",)}).hits
    assert (hit.key, [each.key for each in hit.other_editions]) == ("old", ["new"])


def test_an_old_name_still_leads_to_its_edition(index: Index) -> None:
    ask = index(
        document("old", "旧名の展示会", group="g", fiscal_year=2024),
        document("new", "新名の催し", group="g", fiscal_year=2025),
    )
    assert keys(ask("展示会")) == ["old"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ("90201", {"city", "circle", "prefecture", "nation", "anywhere"}),
        ("90e", {"city", "sister", "circle", "prefecture", "nation", "anywhere"}),
        ("90301", {"town", "prefecture", "nation", "anywhere"}),
    ],
)
def test_a_place_keeps_what_covers_it_and_what_lies_inside(
    index: Index, chosen: str, found: set[str]
) -> None:
    ask = index(*PLACED)
    assert set(keys(ask(filters={"area": (chosen,)}))) == found


PLACED = (
    document("anywhere", "融資"),
    document("nation", "融資", areas=("00",)),
    document("prefecture", "融資", areas=("90",)),
    document("circle", "融資", areas=("90e",)),
    document("city", "融資", areas=("90201",)),
    document("sister", "融資", areas=("90202",)),
    document("town", "融資", areas=("90301",)),
)


@pytest.mark.parametrize("typed", ["カモメ市の融資", "カモメ市 融資", "カモメ 融資", "融資 カモメ市内"])
def test_a_place_in_the_text_narrows_and_the_nearest_comes_first(index: Index, typed: str) -> None:
    result = index(*PLACED)(typed)
    assert result.understood.place is not None
    assert result.understood.place.code == "90201"
    assert keys(result) == ["city", "circle", "prefecture", "nation", "anywhere"]


def test_a_place_inside_a_name_does_not_narrow(index: Index) -> None:
    ask = index(
        document("chamber", "カモメ商工会議所の相談", areas=("90",)),
        document("other", "チドリ商工会議所の相談"),
    )
    assert keys(ask("カモメ商工会議所"))[0] == "chamber"


def test_where_someone_is_orders_but_hides_nothing(index: Index) -> None:
    result = index(*PLACED)("融資", area="90301")
    assert result.total == len(PLACED)
    assert result.hits[0].key == "town"


def test_any_industry_matches_but_ranks_below_the_specific_one(index: Index) -> None:
    ask = index(
        document("any", "融資"),
        document("food", "融資", industries=("E09",)),
        document("all", "融資", industries=("E",)),
        document("it", "融資", industries=("I",)),
    )
    assert keys(ask("融資", filters={"industry": ("E09",)})) == ["food", "all", "any"]


@pytest.mark.parametrize(
    ("windows", "mode", "expected"),
    [
        (((date(2025, 6, 1), date(2025, 6, 1)),), "", "open"),
        (((None, None),), "", "open"),
        (((date(2025, 6, 2), None),), "", "upcoming"),
        (((None, date(2025, 5, 31)),), "", "closed"),
        (((None, date(2025, 5, 31)), (date(2025, 7, 1), None)), "", "upcoming"),
        (((None, date(2025, 6, 30)),), "booking", "booking"),
        (((None, date(2025, 5, 31)),), "rolling", "closed"),
        ((), "rolling", "rolling"),
        ((), "", "not_stated"),
    ],
)
def test_the_status_is_that_of_the_day(index: Index, windows, mode: str, expected: str) -> None:
    (hit,) = index(document("a", "融資", windows=windows, mode=mode))("融資").hits
    assert hit.status == expected


def test_the_soonest_future_deadline_comes_first(index: Index) -> None:
    ask = index(
        document("none", "融資"),
        document("past", "融資", windows=((None, date(2025, 5, 1)),)),
        document("later", "融資", windows=((None, date(2025, 8, 1)),)),
        document("soon", "融資", windows=((None, date(2025, 5, 2)), (None, date(2025, 6, 1)))),
    )
    result = ask("融資", sort=Sort.DEADLINE)
    assert keys(result)[:2] == ["soon", "later"]
    assert result.hits[0].deadline == date(2025, 6, 1)
    assert result.hits[2].deadline is None


def test_the_end_of_a_booking_or_rolling_window_is_no_deadline(index: Index) -> None:
    ask = index(
        document("booking", "融資", windows=((None, date(2025, 6, 30)),), mode="booking"),
        document("rolling", "融資", windows=((None, date(2025, 6, 30)),), mode="rolling"),
        document("dated", "融資", windows=((None, date(2025, 8, 1)),)),
    )
    hits = ask("融資", sort=Sort.DEADLINE).hits
    assert (hits[0].key, hits[0].deadline) == ("dated", date(2025, 8, 1))
    assert [hit.deadline for hit in hits[1:]] == [None, None]


def test_the_newest_comes_first_and_pages_do_not_overlap(index: Index) -> None:
    ask = index(*(document(f"d{day:02}", "融資", published_on=date(2025, 1, day)) for day in range(1, 29)))
    pages = [keys(ask("融資", sort=Sort.NEWEST, offset=offset, limit=10)) for offset in (0, 10, 20)]
    assert [key for page in pages for key in page] == [f"d{day:02}" for day in range(28, 0, -1)]


def test_what_was_last_offered_in_an_earlier_year_ranks_below_this_years(index: Index) -> None:
    ask = index(
        document("past", "融資 融資", fiscal_year=2024),
        document("undated", "融資の窓口"),
        document("current", "融資の相談", fiscal_year=2025),
    )
    assert keys(ask("融資"))[-1] == "past"
    assert keys(ask("融資", filters={"fiscal_year": ("2024", "2025")}))[0] == "past"


def test_an_old_edition_of_what_still_runs_is_not_past(index: Index) -> None:
    ask = index(
        document("old", "旧名の展示会", group="g", fiscal_year=2024),
        document("new", "新名の催し", group="g", fiscal_year=2025),
        document("gone", "旧名の展示会", fiscal_year=2024),
    )
    assert keys(ask("展示会")) == ["old", "gone"]


def test_past_events_step_back_further_than_past_schemes(index: Index) -> None:
    over = ((None, date(2025, 5, 1)),)
    ask = index(
        document("event", "融資", type="event", windows=over),
        document("scheme", "融資の相談会場", windows=over),
    )
    assert keys(ask("融資")) == ["scheme", "event"]


def test_the_town_of_a_desk_goes_before_what_its_sisters_elsewhere_cover(index: Index) -> None:
    ask = index(
        document("there", "創業の相談", areas=("90",), places=("90202",)),
        document("here", "創業の相談", areas=("90",), places=("90201",)),
        document("everywhere", "創業の相談", areas=("90",)),
    )
    assert keys(ask("カモメ市で創業")) == ["here", "everywhere", "there"]
    assert keys(ask("創業", area="90e"))[-1] == "everywhere"
    assert "place" not in ask("創業").facets


def test_projects_rank_below_programmes_and_closed_ones_below_open_ones(index: Index) -> None:
    ask = index(
        document("project", "融資", type="project"),
        document("closed", "融資", windows=((None, date(2025, 1, 1)),)),
        document("open", "融資", windows=((None, date(2025, 7, 1)),)),
    )
    assert keys(ask("融資")) == ["open", "closed", "project"]


def test_the_columns_of_a_count_are_its_rows(index: Index) -> None:
    counts = index(
        document("a", "甲", kinds=("loan", "grant")), document("b", "乙", kinds=("loan",))
    )().facets["kind"]
    assert counts.columns == (["loan", "grant"], [2, 1])
    assert [(row.value, row.hits, row.chosen) for row in counts] == [("loan", 2, False), ("grant", 1, False)]
    assert (len(counts), counts[0].value, counts[1:][0].value) == (2, "loan", "grant")


def test_chosen_and_wanted_values_alone_are_counted_in_the_wanted_order(index: Index) -> None:
    counts = index(document("a", "甲", kinds=("loan", "grant")), document("b", "乙", kinds=("loan",)))(
        filters={"kind": ("grant",)}
    ).facets["kind"]
    assert [tuple(row) for row in counts.among(["nothing", "loan"])] == [
        ("loan", 2, False),
        ("grant", 1, True),
    ]
    assert counts.among(["grant", "loan"]) == [row for row in reversed(counts) if row.hits]
