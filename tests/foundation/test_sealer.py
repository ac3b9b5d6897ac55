import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from madoguchi.foundation import audit, outbox, sealer
from madoguchi.foundation.models import AuditEvent, AuditSeal, OutboxEntry
from madoguchi.foundation.seal_check import Finding, Kind, verify

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("data_dir")


def record(name="a"):
    with transaction.atomic():
        return audit.record(
            f"test.{name}", at=AT, by=audit.SYSTEM, subject_type="thing", subject_id=name, data={"n": name}
        )


@pytest.fixture
def events(db):
    """Three events, and a database that has been told to let itself be rewritten."""
    with connection.cursor() as cursor:
        for table in ("foundation_auditevent", "foundation_auditseal"):
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute(f"DROP TRIGGER {table}_no_update")
    return [record(name) for name in "abc"]


def kinds():
    return [finding.kind for finding in verify()]


def edit(column, value):
    def tamper(events):
        AuditEvent.objects.filter(pk=events[1].pk).update(**{column: value})

    tamper.__name__ = f"edit_{column}"
    return tamper


def delete(events):
    AuditEvent.objects.filter(pk=events[1].pk).delete()


def insert(events):
    AuditEvent.objects.create(occurred_at=AT, action="test.forged", subject_type="thing", subject_id="x")


def swap(events):
    first, second = events[:2]
    for event, other in ((first, second), (second, first)):
        AuditEvent.objects.filter(pk=event.pk).update(
            action=other.action, subject_id=other.subject_id, data=other.data
        )


def cut_off_the_tail(events):
    AuditEvent.objects.filter(pk=events[2].pk).delete()
    AuditSeal.objects.filter(event_id=events[2].pk).delete()
    OutboxEntry.objects.filter(key=str(events[2].pk)).delete()


EDITS = [
    edit("occurred_at", AT + timedelta(microseconds=1)),
    edit("actor_id", "8"),
    edit("actor_label", "別の人"),
    edit("action", "test.other"),
    edit("subject_type", "other"),
    edit("subject_id", "other"),
    edit("organisation_id", "9"),
    edit("data", {"n": "other"}),
]
TAMPERINGS = [
    *((tamper, [Kind.EDITED]) for tamper in EDITS),
    (delete, [Kind.DELETED]),
    (insert, [Kind.INSERTED]),
    (swap, [Kind.SWAPPED, Kind.SWAPPED]),
    (cut_off_the_tail, [Kind.TRUNCATED]),
]


@pytest.mark.parametrize(("tamper", "found"), TAMPERINGS, ids=lambda value: getattr(value, "__name__", ""))
def test_tampering_with_sealed_events_is_found(events, tamper, found):
    sealer.seal(at=AT)
    assert verify() == []
    tamper(events)
    assert kinds() == found


@pytest.mark.parametrize("tamper", [*EDITS, swap, cut_off_the_tail], ids=lambda tamper: tamper.__name__)
def test_without_the_seals_the_same_tampering_is_not_found(events, tamper):
    tamper(events)
    sealer.seal(at=AT)
    assert verify() == []


def test_an_event_that_is_deleted_before_its_sealing_is_found(events):
    delete(events)
    sealer.seal(at=AT)
    assert verify() == [Finding(Kind.DELETED, event_id=events[1].pk, position=2)]


def test_an_event_that_is_deleted_with_its_note_before_its_sealing_is_not_found(events):
    delete(events)
    OutboxEntry.objects.filter(key=str(events[1].pk)).delete()
    sealer.seal(at=AT)
    assert verify() == []


def test_a_forged_event_with_a_note_looks_like_a_true_one(events):
    insert(events)
    outbox.put(audit.SEAL_TOPIC, str(AuditEvent.objects.latest("pk").pk), at=AT)
    sealer.seal(at=AT)
    assert verify() == []


def forge_seals():
    """Make the chain consistent with whatever the events say now."""
    head = sealer.START
    for seal in AuditSeal.objects.order_by("position"):
        digest = sealer.digest_of(AuditEvent.objects.get(pk=seal.event_id))
        head = sealer.next_head(head, position=seal.position, event_id=seal.event_id, digest=digest)
        AuditSeal.objects.filter(pk=seal.pk).update(digest=digest, head=head)


def test_a_chain_that_was_written_anew_is_found_by_the_file_of_heads(events):
    sealer.seal(at=AT)
    edit("action", "test.other")(events)
    forge_seals()
    assert verify() == [Finding(Kind.RESEALED, event_id=events[2].pk, position=3)]


def test_with_a_forged_file_of_heads_it_is_not_found(events):
    sealer.seal(at=AT)
    edit("action", "test.other")(events)
    forge_seals()
    last = AuditSeal.objects.get(position=3)
    sealer.heads_file().write_text(f"3 {last.head} {AT.isoformat()}\n", encoding="utf-8")
    assert verify() == []


def test_a_cut_off_tail_is_not_found_with_an_older_file_of_heads(events):
    sealer.seal(at=AT)
    older = sealer.heads_file().read_text(encoding="utf-8")
    event = record("d")
    sealer.seal(at=AT)
    cut_off_the_tail([None, None, event])
    assert kinds() == [Kind.TRUNCATED]
    sealer.heads_file().write_text(older, encoding="utf-8")
    assert verify() == []


@pytest.mark.parametrize(
    ("change", "position"),
    [
        (lambda seals: seals.filter(position=2).update(digest="x"), 2),
        (lambda seals: seals.filter(position=2).update(head="x"), 2),
        (lambda seals: seals.filter(position=2).update(event_id=999), 2),
        (lambda seals: seals.filter(position=2).delete(), 3),
    ],
)
def test_a_change_to_a_seal_is_found(events, change, position):
    sealer.seal(at=AT)
    change(AuditSeal.objects.all())
    assert position in [finding.position for finding in verify() if finding.kind == Kind.RESEALED]


def test_a_lost_file_of_heads_is_found(events):
    sealer.seal(at=AT)
    sealer.heads_file().unlink()
    assert kinds() == [Kind.UNANCHORED]


def test_a_damaged_file_of_heads_is_found(events):
    sealer.seal(at=AT)
    with sealer.heads_file().open("ab") as file:
        file.write(b"\xff garbage\n")
    assert kinds() == [Kind.UNANCHORED]


def test_every_finding_is_a_sentence():
    for kind in Kind:
        sentence = Finding(kind, event_id=41, position=7).sentence
        assert sentence.endswith("。")
        assert "%" not in sentence


@pytest.mark.django_db
def test_an_empty_audit_is_whole():
    assert (sealer.seal(at=AT), verify()) == (0, [])


def test_events_that_wait_for_their_sealing_are_no_finding(events):
    assert verify() == []


def test_nothing_is_sealed_twice(events):
    assert sealer.seal(at=AT) == 3
    assert sealer.seal(at=AT) == 0
    outbox.put(audit.SEAL_TOPIC, str(events[0].pk), at=AT)
    later = record("d")
    assert sealer.seal(at=AT) == 1
    assert AuditSeal.objects.get(position=4).event_id == later.pk
    assert not OutboxEntry.objects.exists()


def test_more_events_than_one_batch_are_sealed_in_one_go(events, monkeypatch):
    monkeypatch.setattr(sealer, "BATCH", 2)
    assert sealer.seal(at=AT) == 3
    assert verify() == []
    assert len(sealer.heads_file().read_text(encoding="utf-8").splitlines()) == 2


def in_a_thread(run):
    def closing():
        try:
            return run()
        finally:
            connection.close()

    return closing


@pytest.mark.django_db(transaction=True)
def test_two_hundred_writers_and_two_sealers_make_one_chain():
    is_over = threading.Event()

    def seal_on():
        while not is_over.wait(0.01):  # SQLite starves the writers of a sealer that never pauses
            sealer.seal(at=AT)

    with ThreadPoolExecutor(10) as pool:
        sealing = [pool.submit(in_a_thread(seal_on)) for _ in range(2)]
        for writing in [pool.submit(in_a_thread(record)) for _ in range(200)]:
            writing.result()
        is_over.set()
        for ended in sealing:
            ended.result()
    sealer.seal(at=AT)
    assert AuditSeal.objects.count() == 200
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_after_a_later_number_was_sealed_is_sealed_next():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time, so numbers commit in order")
    is_recorded, may_commit = threading.Event(), threading.Event()

    def record_slowly():
        with transaction.atomic():
            event = record("slow")
            is_recorded.set()
            may_commit.wait()
        return event.pk

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(in_a_thread(record_slowly))
        is_recorded.wait()
        quick = record("quick").pk
        assert sealer.seal(at=AT) == 1
        may_commit.set()
        assert slow.result() < quick
    assert verify() == []
    assert sealer.seal(at=AT) == 1
    assert verify() == []


def seal_while_a_rival_seals(monkeypatch):
    """Seal, and let another connection seal the same events after this one has read its place."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one sealer in at a time")
    record("a")
    digest_of = sealer.digest_of

    def digest_and_be_overtaken(event):
        monkeypatch.setattr(sealer, "digest_of", digest_of)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_a_thread(lambda: sealer.seal(at=AT))).result() == 1
        return digest_of(event)

    monkeypatch.setattr(sealer, "digest_of", digest_and_be_overtaken)
    return sealer.seal(at=AT)


@pytest.mark.django_db(transaction=True)
def test_the_slower_of_two_sealers_changes_nothing(monkeypatch):
    assert seal_while_a_rival_seals(monkeypatch) == 0
    assert verify() == []


@pytest.fixture
def seals_without_constraints(transactional_db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE foundation_auditseal DROP CONSTRAINT foundation_auditseal_pkey")
            cursor.execute("ALTER TABLE foundation_auditseal DROP CONSTRAINT foundation_auditseal_event_once")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE foundation_auditseal")
            cursor.execute("ALTER TABLE foundation_auditseal ADD PRIMARY KEY (position)")
            cursor.execute(
                "ALTER TABLE foundation_auditseal"
                " ADD CONSTRAINT foundation_auditseal_event_once UNIQUE (event_id)"
            )


def test_without_unique_positions_two_sealers_fork_the_chain(seals_without_constraints, monkeypatch):
    assert seal_while_a_rival_seals(monkeypatch) == 1
    assert Kind.RESEALED in kinds()
