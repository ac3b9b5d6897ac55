"""What the tables refuse, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from madoguchi.institutions.models import Organisation, Succession, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def an_organisation():
    return Organisation.objects.create(slug="ken", name="県", kind="prefecture", sources=[])


def unit(organisation, slug="ka", **columns):
    least = {"name": "課", "full_name": "県 課", "level": "division", "named_in": [2025], "sources": []}
    return Unit.objects.create(organisation=organisation, slug=slug, **{**least, **columns})


def test_a_unit_that_ends_before_it_begins_is_refused(an_organisation):
    with pytest.raises(IntegrityError), transaction.atomic():
        unit(an_organisation, valid_from=date(2025, 4, 1), valid_until=date(2025, 3, 31))


def test_a_unit_of_one_day_is_not(an_organisation):
    assert unit(an_organisation, valid_from=date(2025, 4, 1), valid_until=date(2025, 4, 1)).pk


@pytest.mark.parametrize("columns", [{"level": "throne"}, {"slug": "taken"}])
def test_an_unknown_level_and_a_taken_slug_are_refused(an_organisation, columns):
    unit(an_organisation, slug="taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        unit(an_organisation, **columns)


def test_work_passes_from_one_unit_to_another_once_but_to_many(an_organisation):
    old, new, other = (unit(an_organisation, slug=slug) for slug in ("old", "new", "other"))
    Succession.objects.create(predecessor=old, successor=new)
    Succession.objects.create(predecessor=old, successor=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(predecessor=old, successor=new)
