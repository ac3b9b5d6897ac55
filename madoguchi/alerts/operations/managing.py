"""Changing and stopping one's own subscriptions, and erasing what has ended."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.alerts.kinds import Rhythm
from madoguchi.alerts.letters import CONFIRMED_WITHIN
from madoguchi.alerts.models import Subscription
from madoguchi.alerts.operations.subscribing import SUBJECT, record, send_list
from madoguchi.alerts.states import SubscriptionState
from madoguchi.mail import queries as mail
from madoguchi.mail import stops
from madoguchi.mail.kinds import Series
from madoguchi.mail.operations import erasing, sending


@transaction.atomic
def ask_for_list(*, address: str, language: str, at: datetime) -> None:
    """Mail the link to one's own subscriptions to an address that has some; to any other nothing is sent."""
    if Subscription.objects.to(address).active().exists():
        send_list(address.strip(), language, at=at)


@transaction.atomic
def change_rhythm(*, recipient_hash: str, subscription_id: int, rhythm: Rhythm, at: datetime) -> None:
    """Tell more or less often. Somebody else's subscription is left alone."""
    own = Subscription.objects.filter(recipient_hash=recipient_hash, pk=subscription_id)
    if own.active().exclude(rhythm=rhythm).update(rhythm=rhythm):
        record("alerts.changed", subscription_id, at=at, fields=["rhythm"])


@transaction.atomic
def stop(*, recipient_hash: str, subscription_id: int, at: datetime) -> None:
    """End one subscription and erase it. Somebody else's is left alone."""
    _erase(Subscription.objects.filter(recipient_hash=recipient_hash, pk=subscription_id), at=at)


@transaction.atomic
def stop_all(*, recipient_hash: str, at: datetime) -> None:
    """End every subscription of an address; only its keyed hash stays, so that none comes again."""
    sending.stop(way=stops.Way(recipient_hash, Series.ALERTS), at=at)
    _erase(Subscription.objects.filter(recipient_hash=recipient_hash), at=at)


@transaction.atomic
def tidy(*, at: datetime, actual: datetime) -> int:
    """Erase what nobody confirmed in time, what was stopped by the link in a mail, and what its mail server
    refused for ever (which stops it); return how many.
    """
    refused = mail.refused(Series.ALERTS)
    for each in Subscription.objects.active().filter(recipient_hash__in=list(refused)).order_by("pk"):
        # A mailbox that was mended and confirmed anew counts from then on.
        if refused[each.recipient_hash] > each.asked_at:
            sending.stop(way=stops.Way(each.recipient_hash, Series.ALERTS), at=at)
    late = Subscription.objects.filter(
        state=SubscriptionState.WAITING, asked_at__lte=actual - CONFIRMED_WITHIN
    )
    stopped = Subscription.objects.active().filter(recipient_hash__in=mail.stopped(Series.ALERTS))
    return _erase(late, at=at) + _erase(stopped, at=at)


def _erase(subscriptions: QuerySet[Subscription], *, at: datetime) -> int:
    """Take the rows away, and what mail about them still waits."""
    ids = list(subscriptions.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    erasing.erase_about(subject_type=SUBJECT, subject_ids=ids, at=at)
    Subscription.objects.filter(pk__in=ids).delete()
    for each in ids:
        record("alerts.erased", each, at=at)
    return len(ids)
