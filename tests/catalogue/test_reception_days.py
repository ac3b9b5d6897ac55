"""A search knows days, a page instants: on every day both say the same of an edition's reception."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.rules import Window, reception_at, reception_days
from madoguchi.catalogue.states import ReceptionMode
from madoguchi.search.index import Writer
from madoguchi.search.results import SearchRequest, Sort
from tests.search.conftest import document, engine

TOKYO = ZoneInfo("Asia/Tokyo")
NOON, LATE = time(12), time(23, 59)
DAY = timedelta(days=1)


def instant(day, at=time(0)):
    return datetime.combine(day, at, tzinfo=TOKYO)


def found_by(editions, day):
    """What a search on a day says of each edition, given as the arguments of the rules."""
    found = []
    for number, edition in enumerate(editions):
        days, mode = reception_days(**edition)
        found.append(document(f"d{number:02}", "融資", windows=days, mode=mode))
    with TemporaryDirectory() as directory:
        with Writer(Path(directory)) as writer:
            writer.rebuild(found)
        request = SearchRequest(on=day, text="融資", limit=50, sort=Sort.DEADLINE)
        return {hit.key: hit for hit in engine(Path(directory)).search(request).hits}


def statuses(editions, day):
    hits = found_by(editions, day)
    return [hits[key].status.value for key in sorted(hits)]


def an_edition(*windows, mode="window", fiscal_year=2023):
    return {"mode": ReceptionMode(mode), "windows": windows, "fiscal_year": fiscal_year}


@pytest.mark.parametrize(
    ("closes_at", "last"),
    [
        (instant(date(2023, 11, 11)), date(2023, 11, 10)),
        (instant(date(2023, 11, 10), time(17)), date(2023, 11, 10)),
        (instant(date(2023, 11, 10), time(23, 59)), date(2023, 11, 10)),
        (datetime(2023, 11, 10, 15, tzinfo=ZoneInfo("UTC")), date(2023, 11, 10)),
    ],
)
def test_the_last_day_is_the_last_that_still_has_an_open_moment(closes_at, last):
    edition = an_edition(Window(None, closes_at))
    assert reception_days(**edition) == (((None, last),), "")
    assert statuses([edition], last) == ["open"]
    assert statuses([edition], last + DAY) == ["closed"]


def test_what_was_closed_early_altogether_is_closed_not_unstated():
    edition = an_edition(Window(None, instant(date(2023, 12, 1)), closed_early=True))
    assert statuses([edition], date(2023, 11, 1)) == ["closed"]


def test_what_is_not_stated_stays_unstated_on_every_day():
    days = [date(2022, 1, 1), date(2023, 11, 1), date(2030, 1, 1)]
    assert [statuses([an_edition(mode="not_stated")], day) for day in days] == [["not_stated"]] * 3


@pytest.mark.parametrize("mode", ["rolling", "booking"])
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 3, 31), "upcoming"),
        (date(2023, 4, 1), None),
        (date(2024, 3, 31), None),
        (date(2024, 4, 1), "closed"),
    ],
)
def test_what_stands_open_belongs_to_its_fiscal_year_on_both(mode, day, expected):
    edition = an_edition(mode=mode)
    assert statuses([edition], day) == [expected or mode]
    assert reception_at(**edition, at=instant(day, NOON)) == (expected or mode)


def test_the_end_of_a_year_is_no_deadline():
    dated = an_edition(Window(None, instant(date(2024, 4, 2))))
    hits = found_by([an_edition(mode="rolling"), an_edition(mode="booking"), dated], date(2023, 11, 1))
    assert {key: hit.deadline for key, hit in hits.items()} == {
        "d00": None,
        "d01": None,
        "d02": date(2024, 4, 1),
    }
    assert next(iter(hits)) == "d02"


# Edges around two turns of the fiscal year; a window opens until noon and closes after it, or at a midnight.
days = st.dates(date(2023, 3, 25), date(2023, 4, 8)) | st.dates(date(2024, 3, 25), date(2024, 4, 8))
openings = st.builds(instant, days, st.sampled_from([time(0), time(9), NOON]))
closings = st.builds(instant, days, st.sampled_from([time(0), time(13), time(17), LATE]))
midnights = st.builds(instant, days)


def editions(opening, closing):
    windows = st.builds(Window, st.none() | opening, st.none() | closing, st.booleans()).filter(
        lambda window: not (window.opens_at and window.closes_at) or window.opens_at < window.closes_at
    )
    modes = st.sampled_from([mode for mode in ReceptionMode if mode is not ReceptionMode.WINDOW])
    return st.builds(
        lambda mode, year: an_edition(mode=mode, fiscal_year=year), modes, st.sampled_from([2022, 2023, 2024])
    ) | st.builds(lambda found: an_edition(*found), st.lists(windows, max_size=3))


def on_the_page(given_editions, day, at):
    return [reception_at(**edition, at=instant(day, at)).value for edition in given_editions]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(editions(openings, closings), min_size=1, max_size=16), days)
def test_search_and_page_agree_at_noon_of_every_day(given_editions, day):
    assert statuses(given_editions, day) == on_the_page(given_editions, day, NOON)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(editions(midnights, midnights), min_size=1, max_size=16), days)
def test_where_no_hour_is_stated_they_agree_until_midnight(given_editions, day):
    for at in (time(0), NOON, LATE):
        assert statuses(given_editions, day) == on_the_page(given_editions, day, at)


def test_taking_the_closing_instants_own_day_would_keep_it_open_a_day_longer():
    naive = document("a", "融資", windows=((None, instant(date(2023, 11, 11)).date()),))
    with TemporaryDirectory() as directory:
        with Writer(Path(directory)) as writer:
            writer.rebuild([naive])
        (hit,) = engine(Path(directory)).search(SearchRequest(on=date(2023, 11, 11), text="融資")).hits
    edition = an_edition(Window(None, instant(date(2023, 11, 11))))
    assert (hit.status, *on_the_page([edition], date(2023, 11, 11), NOON)) == ("open", "closed")
