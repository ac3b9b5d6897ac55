"""Figures that the records count for an indicator: of the region, of one organisation, page views."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from madoguchi.consultations.models import Case
from madoguchi.reporting import sources
from madoguchi.usage.models import DailyCount
from tests.accounts.people import a_hat
from tests.consultations.cases import AT, a_taken_case
from tests.factories import an_organisation

pytestmark = pytest.mark.django_db
YEAR = 2024


def looked_at(day: date, count: int, kind: str = "page") -> None:
    DailyCount.objects.create(day=day, kind=kind, key="home", count=count)


def test_page_views_of_the_whole_year_are_counted_whatever_was_looked_at():
    looked_at(date(2024, 3, 31), 1_000)
    looked_at(date(2024, 4, 1), 1_200)
    looked_at(date(2025, 3, 31), 30, kind="programme")
    figure = sources.measured(["page_views"], fiscal_year=YEAR)["page_views"]
    assert (figure.raw, figure.scope.first, figure.scope.last) == (
        "1,230件",
        date(2024, 4, 1),
        date(2025, 3, 31),
    )


def test_a_figure_has_the_unit_of_the_report_whatever_language_the_desk_is_read_in():
    looked_at(date(2024, 4, 1), 1_200)
    with override("en"):
        assert sources.measured(["page_views"], fiscal_year=YEAR)["page_views"].raw == "1,200件"


def test_a_figure_of_one_organisation_counts_its_own_work_alone():
    for slug, cases in (("one", 2), ("other", 1)):
        hat = a_hat(at=AT, organisation=an_organisation(slug))
        for number in range(cases):
            a_taken_case(hat, title=f"{slug}の{number}")
    Case.objects.update(opened_at=datetime(2024, 6, 1, tzinfo=UTC))
    found = sources.measured(["cases_opened", "cases_opened@one"], fiscal_year=YEAR)
    assert {key: (each.key, each.number, each.organisation) for key, each in found.items()} == {
        "cases_opened": ("cases_opened", 3, ""),
        "cases_opened@one": ("cases_opened", 2, "one"),
    }


@pytest.mark.parametrize("key", ["", "nothing", "visits@nobody", "page_views@one"])
def test_what_no_figure_has_is_left_out(key):
    an_organisation("one")
    assert sources.measured([key], fiscal_year=YEAR) == {}
    assert not sources.is_known(key, {"one"})


@pytest.mark.parametrize("key", ["visits", "visits@one", "page_views"])
def test_a_figure_has_words_and_can_stand_in_a_pack(key):
    assert sources.is_known(key, {"one"})
    assert all(sources.words(key))
