"""Reading: lists cost the same number of queries for one row and for twenty."""

from datetime import timedelta

import pytest

from madoguchi.catalogue import documents, queries
from madoguchi.catalogue.models import Programme, Term
from madoguchi.catalogue.operations import withdraw
from madoguchi.foundation import audit
from tests.catalogue.conftest import AT
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmes(published):
    def make(count):
        for number in range(Programme.objects.count(), count):
            programme = Programme.objects.create(slug=f"p{number}", name=f"制度{number}", content_hash="x")
            published(programme=programme, fiscal_year=2024)
            published(programme=programme, fiscal_year=2025)

    return make


def shown(editions):
    """Touch all that a list of editions shows."""
    return [
        (
            e.programme.name,
            list(e.frames.all()),
            queries.reception_of(e, at=AT).status,
            [(c.unit, c.desk, c.organisation) for c in e.contacts.all()],
            [(r.organisation, r.unit) for r in e.roles.all()],
        )
        for e in editions
    ]


@pytest.mark.parametrize(
    "read",
    [
        lambda: shown(queries.published_editions()),
        documents.documents,
    ],
    ids=["published_editions", "documents"],
)
def test_a_list_costs_the_same_for_one_row_and_for_twenty(programmes, read):
    programmes(2)
    few = cost(read)
    programmes(21)
    assert cost(read) == few


def test_a_withdrawn_edition_is_not_read(published):
    withdraw(edition=published(), at=AT, by=audit.SYSTEM)
    assert queries.editions_of("hojo") == []


def test_editions_come_newest_first(published):
    for year in (2023, 2025, 2024):
        published(fiscal_year=year)
    assert [edition.fiscal_year for edition in queries.editions_of("hojo")] == [2025, 2024, 2023]


def test_reception_names_the_next_opening_and_closing(published):
    edition = queries.editions_of(published().programme.slug)[0]
    edition.reception_mode = "window"
    before = queries.reception_of(edition, at=AT - timedelta(days=1))
    assert (before.status, before.opens_at, before.closes_at) == ("upcoming", AT, None)
    assert queries.reception_of(edition, at=AT).status == "open"


def test_vocabularies_keep_the_order_of_the_pack():
    for position, code in enumerate("cab"):
        Term.objects.create(vocabulary="kinds", code=code, label=code.upper(), position=position)
    assert list(queries.vocabulary("kinds")) == ["c", "a", "b"]
    assert queries.labels() == {"kinds": {"c": "C", "a": "A", "b": "B"}}
