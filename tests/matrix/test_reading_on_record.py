"""Whatever shows the content of a case puts the reading on record, and without a record it shows nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError
from django.db.models.signals import pre_save

from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.desk.views import case
from tests.matrix.addresses import Address, addresses
from tests.matrix.straight import Asker, asker_of
from tests.matrix.world import Place

pytestmark = pytest.mark.django_db

READ = "consultations.case_read"
# Addresses that show a piece of content without a record, and why they may.
_PLACES = "where an appointment is, and what is to be done next: a line each, as trays show it"
UNRECORDED: dict[str, str] = {
    "desk/": _PLACES,
    "desk/cases/": _PLACES,
    "desk/trays/<slug:name>/": _PLACES,
    "desk/calendar/": _PLACES,
    "desk/assigned/": "the expert's own questions, each of which they were sent by name",
    "desk/meetings/": "who came to a meeting",
}


@contextmanager
def before_each_record(do: Callable[[AuditEvent], None]) -> Iterator[None]:
    """Do something with each record of a reading just before it is written."""

    def receive(instance: AuditEvent, **_rest) -> None:
        if instance.action == READ:
            do(instance)

    pre_save.connect(receive, sender=AuditEvent)
    try:
        yield
    finally:
        pre_save.disconnect(receive, sender=AuditEvent)


@pytest.fixture
def recorded() -> Iterator[list[str]]:
    """The cases whose reading is put on record, as it is."""
    found: list[str] = []
    with before_each_record(lambda event: found.append(event.subject_id)):
        yield found


def asked(place: Place, *, roles=tuple(Role)) -> Iterator[tuple[str, Asker, Address]]:
    """Everybody who may read something of the place, with every address."""
    people = [(str(role), place.members[role].user, place.members[role]) for role in roles]
    for who, user, membership in [*people, ("owner", place.owner, None)]:
        asker = asker_of(user, membership)
        for address in addresses(place):
            yield who, asker, address


def unrecorded(place: Place, recorded: list[str], *, roles=tuple(Role)) -> tuple[set[str], list[str]]:
    """The routes that show content, and where there is not exactly one record of each case shown."""
    showing, wrong = set(), []
    for who, asker, address in asked(place, roles=roles):
        recorded.clear()
        answer = asker.ask("get", address.url)
        if place.told not in answer.text:
            continue
        showing.add(address.route)
        of_one = "case" in address.names or "assigned" in address.names
        is_right = len(recorded) == 1 if of_one else len(recorded) == len(set(recorded)) > 0
        if not is_right and address.route not in UNRECORDED:
            wrong.append(f"{address.route} ({who}): {len(recorded)} records")
    return showing, wrong


def test_every_address_that_shows_content_records_one_reading_of_each_case(places, recorded):
    showing, wrong = unrecorded(places[0], recorded)
    assert "\n".join(sorted(set(wrong))) == ""
    assert set(UNRECORDED) <= showing
    assert len(showing) > 20


def fail(_event: AuditEvent) -> None:
    raise DatabaseError("the disk is full")


def test_without_a_record_no_address_shows_content(places):
    showing = []
    with before_each_record(fail):
        for who, asker, address in asked(places[0]):
            answer = asker.ask("get", address.url)
            if places[0].told in answer.text and address.route not in UNRECORDED:
                showing.append(f"{address.route} ({who}): {answer.status}")
    assert "\n".join(showing) == ""


def test_a_page_that_reads_past_the_record_would_be_found(places, recorded, monkeypatch):
    """The twin: with a reading that records nothing, the pages are named."""

    def read_in_silence(*, key, hat, at, what="page"):
        return Case.objects.visible_to(hat).select_related("main_topic", "business", "requester").get(key=key)

    monkeypatch.setattr(case, "read_case", read_in_silence)
    _showing, wrong = unrecorded(places[0], recorded, roles=[Role.ADVISER])
    assert any(line.startswith("desk/cases/<slug:key>/ (adviser): 0") for line in wrong)
