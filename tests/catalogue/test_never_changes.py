"""What was published never changes: the database refuses it, whoever asks."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition, Frame, Programme
from madoguchi.catalogue.states import MOVES, EditionState
from tests.catalogue.conftest import LATER, draft, states, unguard

CONTENT = [
    field.name for field in Edition._meta.concrete_fields if field.name not in ("id", "state", "ended_at")
]


def another(name):
    """A value of another content for a column."""
    field = Edition._meta.get_field(name)
    if name == "programme":
        return Programme.objects.create(slug="other", name="別の制度", content_hash="x")
    kinds = {
        "JSONField": ["別"],
        "BooleanField": True,
        "PositiveSmallIntegerField": 9,
        "DateTimeField": LATER,
    }
    return kinds.get(field.get_internal_type(), "rolling")


@pytest.mark.parametrize("name", CONTENT)
def test_a_published_edition_never_changes(published, name):
    edition = published()
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**{name: another(name)})


@pytest.mark.parametrize("name", CONTENT)
def test_a_draft_may_change(a_programme, content, name):
    edition = draft(a_programme, content)
    assert Edition.objects.filter(pk=edition.pk).update(**{name: another(name)}) == 1


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_what_has_ended_never_changes_either(published, state):
    edition = published()
    Edition.objects.filter(pk=edition.pk).update(state=state, ended_at=LATER)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(summary="別の文")


@pytest.mark.parametrize("rows", ["frames", "windows", "contacts", "roles"])
def test_the_rows_of_a_published_edition_never_change(published, rows):
    edition = published()
    column = {"windows": "note", "roles": "text"}.get(rows, "note")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        getattr(edition, rows).update(**{column: "別"})


def test_the_rows_of_a_draft_may_change(a_programme, content):
    edition = draft(a_programme, content)
    edition.frames.create(position=0, name="通常枠")
    assert edition.frames.update(name="特別枠") == 1


def test_without_the_trigger_a_published_edition_would_change(published):
    edition = published()
    unguard("catalogue_edition", "catalogue_edition_kept")
    assert Edition.objects.filter(pk=edition.pk).update(summary="別の文") == 1


ROWS = {
    "frames": {"position": 5, "name": "特別枠"},
    "windows": {"position": 5, "closes_at": LATER},
    "contacts": {"position": 5, "label": "別の係"},
    "roles": {"role": "beneficiary", "text": "県内の会社"},
}
ENDS = [None, EditionState.SUPERSEDED, EditionState.WITHDRAWN]


def ended(published, state):
    """An edition that is published, or was."""
    edition = published()
    if state:
        operations._move(edition, state, at=LATER)
    return edition


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("state", ENDS)
def test_what_was_published_gains_no_rows(published, rows, state):
    edition = ended(published, state)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        getattr(edition, rows).create(**ROWS[rows])


@pytest.mark.parametrize("rows", ROWS)
def test_what_was_published_gains_no_rows_of_a_draft_either(published, a_programme, content, rows):
    edition = published()
    getattr(draft(a_programme, content, revision=2), rows).create(**ROWS[rows])
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        getattr(Edition.objects.get(revision=2), rows).update(edition=edition)


@pytest.mark.parametrize("rows", ROWS)
def test_a_draft_gains_and_loses_rows(a_programme, content, rows):
    edition = draft(a_programme, content)
    other = draft(a_programme, content, revision=2)
    getattr(edition, rows).create(**ROWS[rows])
    assert getattr(edition, rows).update(edition=other) == 1
    assert getattr(other, rows).all().delete()[0] == 1


def test_a_row_cannot_come_before_an_edition_that_is_then_inserted_as_published(a_programme):
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Frame.objects.create(edition_id=999_999, position=0, name="枠")


def test_without_the_trigger_a_published_edition_would_gain_rows(published):
    edition = published()
    name = "added" if connection.vendor == "sqlite" else "whole"
    unguard("catalogue_frame", f"catalogue_frame_{name}")
    assert edition.frames.create(**ROWS["frames"]).pk


def moves(*, allowed):
    return [
        (old, new) for old in MOVES for new in EditionState if old != new and (new in MOVES[old]) == allowed
    ]


def in_state(published, content, programme, state):
    if state == EditionState.DRAFT:
        return draft(programme, content)
    return ended(published, None if state == EditionState.PUBLISHED else state)


@pytest.mark.parametrize(("old", "new"), moves(allowed=False))
def test_the_database_refuses_a_move_that_the_table_does_not_name(published, content, a_programme, old, new):
    edition = in_state(published, content, a_programme, old)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(state=new)


@pytest.mark.parametrize(("old", "new"), moves(allowed=True))
def test_the_database_lets_the_moves_of_the_table_pass(published, content, a_programme, old, new):
    edition = in_state(published, content, a_programme, old)
    assert Edition.objects.filter(pk=edition.pk).update(state=new) == 1


@pytest.mark.parametrize("state", ENDS)
def test_when_an_edition_ended_is_said_by_the_move_alone(published, state):
    edition = ended(published, state)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(ended_at=LATER + timedelta(1))


def test_without_the_trigger_a_published_edition_would_become_a_draft_again(published):
    edition = published()
    unguard("catalogue_edition", "catalogue_edition_moved")
    assert Edition.objects.filter(pk=edition.pk).update(state="draft") == 1
    assert Edition.objects.filter(pk=edition.pk).update(summary="別の文") == 1


postgresql_alone = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite lets pass what empties the tables between tests"
)


@postgresql_alone
@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("state", ENDS)
def test_what_was_published_loses_no_rows(published, rows, state):
    edition = ended(published, state)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        getattr(edition, rows).all().delete()


@postgresql_alone
@pytest.mark.parametrize("state", ENDS)
def test_what_was_published_cannot_be_deleted(published, state):
    edition = ended(published, state)
    unguard("catalogue_frame", "catalogue_frame_whole")
    edition.frames.all().delete()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk)._raw_delete("default")


@postgresql_alone
def test_without_the_triggers_a_published_edition_could_be_deleted(published):
    edition = published()
    for child in ("frame", "receptionwindow", "editioncontact", "editionrole"):
        unguard(f"catalogue_{child}", f"catalogue_{child}_whole")
    unguard("catalogue_edition", "catalogue_edition_moved")
    edition.delete()
    assert states() == []


def test_a_draft_may_be_deleted_with_its_rows(a_programme, content):
    edition = draft(a_programme, content)
    edition.frames.create(**ROWS["frames"])
    edition.delete()
    assert states() == []


def a_row_added_while_the_draft_is_published(edition):
    """The outcome for who adds a frame in a transaction that saw the draft, which another publishes now."""
    is_added, may_end = threading.Event(), threading.Event()

    def add():
        try:
            with transaction.atomic():
                edition.frames.create(position=0, name="枠")
                is_added.set()
                may_end.wait(timeout=30)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        adding = pool.submit(add)
        is_added.wait(timeout=30)
        cursor.execute("SET lock_timeout = 1")
        try:
            return Edition.objects.filter(pk=edition.pk).update(state=EditionState.PUBLISHED)
        except OperationalError:
            return "waits"
        finally:
            cursor.execute("SET lock_timeout = 0")
            may_end.set()
            adding.result()


# SQLite lets one transaction write at a time.
@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs two writers at once")
@pytest.mark.django_db(transaction=True)
def test_a_draft_is_not_published_while_somebody_adds_to_it(a_programme, content):
    assert a_row_added_while_the_draft_is_published(draft(a_programme, content)) == "waits"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="needs two writers at once")
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_published_edition_would_gain_a_row(a_programme, content):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_frame DISABLE TRIGGER catalogue_frame_whole")
    try:
        assert a_row_added_while_the_draft_is_published(draft(a_programme, content)) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE catalogue_frame ENABLE TRIGGER catalogue_frame_whole")
