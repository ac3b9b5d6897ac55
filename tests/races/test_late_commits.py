"""Two changes of public records at once: the one that commits late is told of too."""

import threading

import pytest
from django.db import connection, transaction

from madoguchi.foundation import outbox
from madoguchi.foundation.models import OutboxEntry
from madoguchi.institutions.models import Desk
from madoguchi.opendata import changes
from tests import minato
from tests.minato import AT

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time"
)


def test_what_was_written_first_and_committed_last_is_not_missed(transactional_db):
    early_wrote, may_commit, read_numbers = threading.Event(), threading.Event(), []
    minato.loaded()
    changes.follow(at=AT)
    desks = list(Desk.objects.order_by("slug")[:2])
    read_to = changes.last_change().position

    def early():
        with transaction.atomic():
            _rename(desks[0])
            early_wrote.set()
            may_commit.wait(20)
        connection.close()

    thread = threading.Thread(target=early)
    thread.start()
    early_wrote.wait(20)
    with transaction.atomic():
        _rename(desks[1])
    read_numbers.append(max(OutboxEntry.objects.values_list("pk", flat=True)))
    changes.follow(at=AT)
    first = changes.since(read_to, limit=10)
    assert [row.slug for row in first] == [desks[1].slug]
    may_commit.set()
    thread.join(20)
    # The twin: a reader who remembered the number of the note itself would be past the late one.
    late = OutboxEntry.objects.get(topic=outbox.PUBLIC_TOPIC)
    assert late.pk < read_numbers[0]
    changes.follow(at=AT)
    second = changes.since(first[-1].position, limit=10)
    assert [row.slug for row in second] == [desks[0].slug]


def _rename(desk):
    Desk.objects.filter(pk=desk.pk).update(name=f"{desk.name}（新）")
    outbox.put_public(f"desk:{desk.slug}", at=AT)
