from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from madoguchi.foundation import audit
from madoguchi.foundation.audit import SYSTEM, Actor
from madoguchi.foundation.models import AuditEvent, AuditSeal, OutboxEntry

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
AN_OFFICER = Actor(id="7", label="担当 花子")


def record(**changes):
    given = {
        "action": "catalogue.edited",
        "at": AT,
        "by": AN_OFFICER,
        "subject_type": "programme",
        "subject_id": 1,
    }
    given |= changes
    return audit.record(given.pop("action"), **given)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_which_record():
    event = record(organisation_id=5, data={"changed": ["title"]})
    event.refresh_from_db()
    assert (event.actor_id, event.actor_label) == ("7", "担当 花子")
    assert (event.action, event.subject_type, event.subject_id) == ("catalogue.edited", "programme", "1")
    assert (event.organisation_id, event.data, event.occurred_at) == ("5", {"changed": ["title"]}, AT)


@pytest.mark.django_db
def test_the_system_acts_without_an_id():
    assert (record(by=SYSTEM).actor_id, record(by=SYSTEM).organisation_id) == ("", "")


@pytest.mark.django_db(transaction=True)
def test_recording_outside_of_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        record()
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_an_action_has_a_dotted_name():
    with pytest.raises(ValueError, match="dotted"):
        record(action="edited")


@transaction.atomic
def change_and_record():
    OutboxEntry.objects.create(topic="t", key="the change", created_at=AT)
    record()


@pytest.mark.django_db(transaction=True)
def test_a_change_that_cannot_be_recorded_does_not_happen(monkeypatch):
    def full(**fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent.objects, "create", full)
    with pytest.raises(DatabaseError):
        change_and_record()
    assert not OutboxEntry.objects.exists()


def a_seal():
    return AuditSeal.objects.create(position=1, event_id=1, digest="d", head="h", sealed_at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "field"), [(record, "action"), (a_seal, "head")])
def test_the_database_refuses_to_rewrite(make, field):
    row = make()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**{field: "x.y"})


@pytest.mark.django_db
@pytest.mark.parametrize("make", [record, a_seal])
def test_postgresql_refuses_to_delete(make):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such trigger, because Django empties test tables with DELETE")
    row = make()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).delete()
