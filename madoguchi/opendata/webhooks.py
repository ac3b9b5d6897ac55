"""Telling other sites of changes: signed, at least once, tried again by the job system, given up after days.

The address is called through `foundation.outgoing`: never this machine nor its network, no redirects.
"""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from madoguchi.foundation import audit
from madoguchi.foundation.outgoing import OutgoingError, check, open_url
from madoguchi.opendata import changes
from madoguchi.opendata.models import Webhook

SIGNATURE, TIMESTAMP = "X-Madoguchi-Signature", "X-Madoguchi-Timestamp"
GIVEN_UP_AFTER = timedelta(days=5)
# A job has tried for an hour and a half when it fails for good; then a new one is asked for.
ASK_AGAIN_AFTER = timedelta(hours=2)
_AT_ONCE = 100
_SECONDS, _MOST_BYTES = 10, 10_000
_DONE = range(200, 300)


class NotDelivered(Exception):
    """The other site did not take it; the job is tried again."""


@transaction.atomic
def add(*, url: str, at: datetime, by: audit.Actor = audit.SYSTEM) -> Webhook:
    """Tell an address of changes from now on. Raises AddressRefused for one that is never called."""
    check(url)
    last = changes.last_change()
    row = Webhook.objects.create(url=url, made_at=at, position=last.position if last else 0)
    audit.record("opendata.webhook_added", at=at, by=by, subject_type="opendata.webhook", subject_id=row.pk)
    return row


@transaction.atomic
def remove(*, number: int, at: datetime, by: audit.Actor = audit.SYSTEM) -> bool:
    """Tell an address no more; False when there is none of that number."""
    if not Webhook.objects.filter(pk=number).delete()[0]:
        return False
    audit.record("opendata.webhook_removed", at=at, by=by, subject_type="opendata.webhook", subject_id=number)
    return True


def secret_of(webhook: Webhook) -> str:
    """What signs the messages to an address: whoever is there checks with it."""
    told = salted_hmac("madoguchi.opendata.webhook", f"{webhook.pk}:{webhook.url}", algorithm="sha256")
    return f"whs_{told.hexdigest()}"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a point and the body, so that an old message cannot be sent again."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def waiting(*, at: datetime) -> list[int]:
    """Claim the addresses that have not been told of everything and whose job is not under way."""
    last = changes.last_change()
    if last is None:
        return []
    behind = Webhook.objects.filter(disabled_at=None, position__lt=last.position).order_by("pk")
    found = []
    for row in behind:
        free = Webhook.objects.filter(pk=row.pk, queued_at=row.queued_at)
        is_free = row.queued_at is None or row.queued_at <= at - ASK_AGAIN_AFTER
        if is_free and free.update(queued_at=at):
            found.append(row.pk)
    return found


def deliver(*, number: int, at: datetime) -> int:
    """Tell one address of all that is new; returns of how many changes. May run twice: it is told again then.

    Raises NotDelivered, so that the job is tried again, unless nothing came through for days."""
    row = Webhook.objects.filter(pk=number, disabled_at=None).first()
    told = 0
    while row is not None and (some := changes.since(row.position, limit=_AT_ONCE)):
        body = json.dumps(
            {"changes": [changes.shown(each).model_dump(mode="json") for each in some]}, ensure_ascii=False
        ).encode()
        try:
            _send(row, body, at=at)
        except NotDelivered:
            if not _give_up(row, at=at):
                raise
            return told
        told += len(some)
        row.position, row.failing_since = some[-1].position, None
        row.save(update_fields=["position", "failing_since"])
    Webhook.objects.filter(pk=number).update(queued_at=None)
    return told


def _send(row: Webhook, body: bytes, *, at: datetime) -> None:
    timestamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secret_of(row), timestamp, body),
    }
    try:
        reply = open_url(
            row.url, timeout=_SECONDS, most_bytes=_MOST_BYTES, method="POST", body=body, headers=headers
        )
    except OutgoingError as error:
        raise NotDelivered(f"webhook {row.pk}: {error}") from error
    if reply.status not in _DONE:
        raise NotDelivered(f"webhook {row.pk} answered {reply.status}")


@transaction.atomic
def _give_up(row: Webhook, *, at: datetime) -> bool:
    """Note that nothing came through; whether it has been so for days, and nobody is told any more."""
    Webhook.objects.filter(pk=row.pk, failing_since=None).update(failing_since=at)
    if row.failing_since is None or row.failing_since > at - GIVEN_UP_AFTER:
        return False
    if Webhook.objects.filter(pk=row.pk, disabled_at=None).update(disabled_at=at):
        audit.record(
            "opendata.webhook_disabled",
            at=at,
            by=audit.SYSTEM,
            subject_type="opendata.webhook",
            subject_id=row.pk,
        )
    return True
