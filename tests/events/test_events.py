"""Events and their dates."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from madoguchi.events import documents, queries
from madoguchi.events.models import Event, Occurrence
from madoguchi.institutions.models import Organisation
from tests import factories, minato
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def an_event():
    organiser, _ = Organisation.objects.get_or_create(
        slug="center", defaults={"name": "センター", "kind": "support_centre", "sources": []}
    )

    def make(slug, *days):
        event = Event.objects.create(
            slug=slug,
            name=slug,
            fiscal_year=2025,
            kind="seminar",
            organiser=organiser,
            areas=["000000"],
            summary="催し",
            sources=[],
        )
        for position, day in enumerate(days):
            first, last = day if isinstance(day, tuple) else (day, day)
            Occurrence.objects.create(event=event, position=position, starts_on=first, ends_on=last)
        return event

    return make


JUNE_20, JULY_1, JULY_18 = date(2025, 6, 20), date(2025, 7, 1), date(2025, 7, 18)


def test_an_event_over_several_days_touches_the_month_it_ends_in(an_event):
    an_event("fair", (JUNE_20, JULY_1))
    july = queries.occurrences_between(JULY_1, date(2025, 7, 31))
    assert [row.event.slug for row in july] == ["fair"]
    assert not queries.occurrences_between(date(2025, 7, 2), date(2025, 7, 31)).exists()


def test_what_comes_next_includes_today(an_event):
    an_event("seminar", JUNE_20, JULY_18)
    assert [row.starts_on for row in queries.coming(on=JUNE_20, limit=5)] == [JUNE_20, JULY_18]
    assert [row.starts_on for row in queries.coming(on=JULY_1, limit=5)] == [JULY_18]
    assert queries.coming(on=JUNE_20, limit=1)[0].starts_on == JUNE_20


def test_a_date_that_ends_before_it_begins_is_refused(an_event):
    with pytest.raises(IntegrityError), transaction.atomic():
        an_event("fair", (JULY_1, JUNE_20))


def test_an_unknown_precision_is_refused(an_event):
    event = an_event("fair")
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(
            event=event, position=0, starts_on=JULY_1, ends_on=JULY_1, precision="decade"
        )


def test_a_month_without_a_day_spans_the_month():
    minato.loaded()
    row = Occurrence.objects.get(precision="month")
    assert (row.starts_on, row.ends_on) == (date(2025, 9, 1), date(2025, 9, 30))


def test_an_event_can_be_joined_until_its_last_date():
    minato.loaded()
    (document,) = documents.documents(["hanro-seminar-2025"])
    assert document.windows == ((date(2025, 4, 1), date(2025, 9, 30)),)
    assert document.kinds == ("seminar",)
    assert document.areas == ("310000", "312011")
    assert [day for day, _, _ in document.payload["dates"]] == ["2025-06-20", "2025-07-18", "2025-09-01"]


def test_an_event_without_dates_has_no_window(an_event):
    an_event("someday")
    assert documents.documents(["someday"])[0].windows == ()


@pytest.mark.parametrize(
    "read",
    [
        documents.documents,
        lambda: [row.event.organiser.name for row in queries.occurrences_between(JUNE_20, JULY_18)],
        lambda: [row.event.organiser.name for row in queries.coming(on=JUNE_20, limit=50)],
    ],
    ids=["documents", "occurrences_between", "coming"],
)
def test_a_list_costs_the_same_for_one_and_for_twenty(an_event, read):
    an_event("first", JUNE_20)
    few = cost(read)
    for number in range(20):
        an_event(f"e{number}", JUNE_20, JULY_18)
    assert cost(read) == few


def test_what_an_organisation_holds_within_a_year_comes_next():
    body, other = factories.an_organisation("body"), factories.an_organisation("other")
    on = date(2023, 11, 1)
    days = [date(2023, 10, 31), date(2023, 11, 20), on, date(2024, 11, 2)]
    factories.an_event("own", *days, organiser=body)
    factories.an_event("theirs", date(2023, 11, 2), organiser=other)
    assert [row.starts_on for row in queries.coming_of(body, on=on, limit=9)] == [on, date(2023, 11, 20)]
    assert len(queries.coming_of(body, on=on, limit=1)) == 1
