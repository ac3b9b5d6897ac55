"""Reading institutions: what exists on a day, and what the pack dropped stays out of sight."""

from datetime import date

import pytest

from madoguchi.institutions import documents, queries
from madoguchi.institutions.models import Desk, DeskContact, Organisation, Succession, Unit
from tests import factories, minato
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def an_organisation():
    return Organisation.objects.create(slug="center", name="センター", kind="support_centre", sources=[])


@pytest.fixture
def a_desk(an_organisation):
    def make(slug, **columns):
        least = {"name": slug, "organisation": an_organisation, "summary": "相談", "covers": ["000000"]}
        desk = Desk.objects.create(slug=slug, sources=[], **{**least, **columns})
        DeskContact.objects.create(
            of_desk=desk, position=0, organisation=an_organisation, telephone="0120-000-000"
        )
        return desk

    return make


@pytest.mark.parametrize(
    ("on", "there"),
    [
        (date(2025, 3, 31), ["always"]),
        (date(2025, 4, 1), ["always", "pilot"]),
        (date(2026, 3, 31), ["always", "pilot"]),
        (date(2026, 4, 1), ["always"]),
    ],
)
def test_a_desk_exists_from_its_first_day_to_its_last(a_desk, on, there):
    a_desk("always")
    a_desk("pilot", valid_from=date(2025, 4, 1), valid_until=date(2026, 3, 31))
    assert [desk.slug for desk in queries.desks(on=on)] == there
    assert queries.desks().count() == 2


def test_what_the_pack_dropped_is_not_read(a_desk, an_organisation):
    a_desk("gone")
    Desk.objects.update(is_current=False)
    Organisation.objects.update(is_current=False)
    assert list(queries.desks()) == list(queries.organisations()) == documents.desk_documents() == []
    assert Desk.everything.get().organisation == an_organisation


def test_reading_desks_costs_the_same_for_one_and_for_twenty(a_desk):
    def read():
        return documents.desk_documents()

    a_desk("first")
    few = cost(read)
    for number in range(20):
        a_desk(f"desk{number}")
    assert cost(read) == few


def test_reading_organisations_costs_the_same_for_one_and_for_twenty(an_organisation):
    few = cost(documents.organisation_documents)
    for number in range(20):
        Organisation.objects.create(
            slug=f"o{number}", name="機関", kind="other", sources=[], parent=an_organisation
        )
    assert cost(documents.organisation_documents) == few


def test_before_a_pack_is_loaded_there_is_no_region():
    assert queries.region() is None
    assert queries.groupings(None) == ()


def test_the_region_brings_its_groupings():
    minato.loaded()
    assert [(g.code, set(g.members)) for g in queries.groupings(queries.region())] == [("kita", {"312011"})]
    assert queries.source_titles()["900"].title.startswith("みなと県")


def test_a_unit_is_shown_by_its_full_name():
    minato.loaded()
    assert str(Unit.objects.get(slug="minato-shoko-setsubi")) == "県 商工課 設備係"
    assert str(Organisation.objects.get(slug="minato-ken")) == "みなと県"


def test_units_of_the_newest_documents_come_first_and_their_successions_are_known(an_organisation):
    old = factories.a_unit("old", an_organisation, named_in=[2022])
    new = factories.a_unit("new", an_organisation, named_in=[2022, 2023])
    passed = Succession.objects.create(predecessor=old, successor=new)
    elsewhere = factories.a_unit("elsewhere", factories.an_organisation("other"))
    Succession.objects.create(predecessor=elsewhere, successor=elsewhere)
    assert queries.units_of(an_organisation) == [new, old]
    assert queries.successions_of(an_organisation) == [passed]


def test_organisations_with_a_desk_are_told_apart(an_organisation):
    factories.a_desk("desk", an_organisation)
    factories.an_organisation("other")
    assert queries.organisations_with_desks() == {an_organisation.pk}
