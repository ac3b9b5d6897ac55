"""Publishing: revisions follow one another, and what was published never changes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition, Frame, Programme
from madoguchi.catalogue.operations import publish, withdraw
from madoguchi.catalogue.states import MOVES, EditionState
from madoguchi.foundation import audit, outbox
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.catalogue.conftest import AT

LATER = AT + timedelta(hours=1)


def states():
    return list(Edition.objects.order_by("fiscal_year", "revision").values_list("revision", "state"))


def test_the_first_edition_is_revision_one(published):
    edition = published()
    assert (edition.revision, edition.state, edition.published_at) == (1, "published", AT)
    assert edition.frames.get().cap_yen == 1_000_000


def test_saying_the_same_again_publishes_nothing(published):
    published()
    assert published(at=LATER) is None
    assert states() == [(1, "published")]
    assert AuditEvent.objects.count() == 1


def test_a_change_replaces_the_edition_by_a_new_revision(published):
    first = published()
    published(headline="100万円まで", at=LATER)
    first.refresh_from_db()
    assert (first.state, first.ended_at, first.headline) == ("superseded", LATER, "")
    assert states() == [(1, "superseded"), (2, "published")]


def test_editions_of_different_years_do_not_replace_each_other(published):
    published(fiscal_year=2024)
    published(fiscal_year=2025)
    assert states() == [(1, "published"), (1, "published")]


def test_a_withdrawn_edition_may_be_published_again(published):
    withdraw(edition=published(), at=LATER, by=audit.SYSTEM)
    published(at=LATER)
    assert states() == [(1, "withdrawn"), (2, "published")]


def test_what_is_withdrawn_cannot_be_withdrawn_again(published):
    edition = published()
    withdraw(edition=edition, at=LATER, by=audit.SYSTEM)
    edition.refresh_from_db()
    with pytest.raises(Conflict):
        withdraw(edition=edition, at=LATER, by=audit.SYSTEM)


def test_who_withdraws_an_edition_that_changed_meanwhile_is_told(published):
    as_it_was_seen = published()
    published(headline="100万円まで", at=LATER)
    with pytest.raises(Conflict):
        withdraw(edition=as_it_was_seen, at=LATER, by=audit.SYSTEM)
    assert states() == [(1, "superseded"), (2, "published")]


def test_a_draft_beside_it_does_not_stop_a_publication(published, content, a_programme):
    published()
    draft(a_programme, content, revision=2)
    published(headline="100万円まで", at=LATER)
    assert states() == [(1, "superseded"), (2, "draft"), (3, "published")]


def test_each_publication_is_audited_and_followed_by_the_search(published):
    published()
    event = AuditEvent.objects.get()
    assert event.action == "catalogue.edition_published"
    assert event.data == {"programme": "hojo", "fiscal_year": 2025, "revision": 1}
    assert [item.key for item in outbox.pending("search")] == ["programme:hojo"]


def test_no_state_leads_back_to_a_draft():
    assert set(MOVES) == set(EditionState)
    assert all(EditionState.DRAFT not in targets for targets in MOVES.values())


# ── what was published never changes ────────────────────────────────────────────────────────────────
def draft(programme, content, *, revision=1):
    return Edition.objects.create(
        programme=programme,
        fiscal_year=2025,
        revision=revision,
        state=EditionState.DRAFT,
        content_hash="d",
        **content().columns,
    )


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


def unguard(table, *triggers):
    """Take protections off, for a twin that shows what they prevent."""
    with connection.cursor() as cursor:
        for trigger in triggers:
            drop = f"DROP TRIGGER {trigger}"
            cursor.execute(drop if connection.vendor == "sqlite" else f"{drop} ON {table}")


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


def test_two_published_editions_of_one_year_are_refused(published):
    edition = published()
    edition.pk, edition.revision = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save(force_insert=True)


def test_a_second_draft_of_the_year_is_not_refused(a_programme, content):
    draft(a_programme, content, revision=1)
    draft(a_programme, content, revision=2)
    assert len(states()) == 2


@pytest.mark.parametrize("columns", [{"reception_mode": "maybe"}, {"state": "open"}])
def test_a_value_no_table_knows_is_refused(a_programme, content, columns):
    values = {**content().columns, "state": "draft", **columns}
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(programme=a_programme, fiscal_year=2025, content_hash="d", **values)


@pytest.mark.parametrize("amounts", [{"cap_yen": -1}, {"amount_yen": -1}, {"cap_yen": 5, "cap_low_yen": 6}])
def test_an_impossible_amount_is_refused(a_programme, content, amounts):
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(a_programme, content).frames.create(position=0, name="枠", **amounts)


# ── races ───────────────────────────────────────────────────────────────────────────────────────────
def race(content, *headlines):
    """Publish from several connections at once; each's outcome: "published" or the name of the error."""
    start = threading.Barrier(len(headlines))

    def one(headline):
        try:
            programme = Programme.objects.get()
            start.wait(timeout=30)
            publish(
                programme=programme,
                fiscal_year=2025,
                content=content(headline=headline),
                at=LATER,
                by=audit.SYSTEM,
            )
        except Conflict:
            return "conflict"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(len(headlines)) as pool:
        return sorted(pool.map(one, headlines))


def assert_nothing_was_lost(outcomes):
    """Each publication is a revision of its own, one is published, and who lost was told."""
    revisions = list(Edition.objects.order_by("revision").values_list("revision", flat=True))
    assert revisions == list(range(1, len(revisions) + 1))
    assert Edition.objects.filter(state=EditionState.PUBLISHED).count() == 1
    assert set(outcomes) <= {"published", "conflict"}
    assert outcomes.count("published") >= 1
    assert AuditEvent.objects.count() == len(revisions)


@pytest.mark.django_db(transaction=True)
def test_two_first_publishers_at_once_leave_one_published_edition(a_programme, content):
    outcomes = race(content, "甲", "乙")
    assert_nothing_was_lost(outcomes)
    assert Edition.objects.count() == outcomes.count("published")


@pytest.mark.django_db(transaction=True)
def test_two_publishers_of_a_change_at_once_leave_one_published_edition(published, content):
    published()
    outcomes = race(content, "甲", "乙")
    assert_nothing_was_lost(outcomes)
    assert Edition.objects.count() == 1 + outcomes.count("published")


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


def seen_before_the_other_wrote(published):
    """An edition as somebody saw it, who did not see the revision that replaced it since."""
    stale = published()
    published(headline="相手の版", at=LATER)
    return stale


def test_who_would_replace_what_is_replaced_already_is_told(published):
    stale = seen_before_the_other_wrote(published)
    with pytest.raises(Conflict):
        operations._move(stale, EditionState.SUPERSEDED, at=LATER)


def test_without_comparing_the_later_one_would_silently_win(published):
    stale = seen_before_the_other_wrote(published)
    unguard("catalogue_edition", "catalogue_edition_moved")
    ended_first = Edition.objects.get(pk=stale.pk).ended_at
    assert Edition.objects.filter(pk=stale.pk).update(state="superseded", ended_at=LATER + timedelta(1)) == 1
    assert Edition.objects.get(pk=stale.pk).ended_at != ended_first
