"""Publishing: revisions follow one another, one is published a year, and races lose nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.operations import publish, withdraw
from madoguchi.catalogue.states import MOVES, EditionState
from madoguchi.foundation import audit, outbox
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.catalogue.conftest import AT, LATER, draft, states, unguard


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
