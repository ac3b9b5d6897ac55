"""Asking for mail, and confirming that one owns the address."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from madoguchi.alerts import letters, news
from madoguchi.alerts.errors import QuestionTooLong, SubscriptionGone
from madoguchi.alerts.kinds import Kind, Rhythm
from madoguchi.alerts.models import Subscription
from madoguchi.alerts.states import SubscriptionState
from madoguchi.foundation import audit
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.letters import Letter
from madoguchi.mail.operations import sending

MOST = 20
LONGEST_QUESTION = 8000
SUBJECT = "alerts.subscription"


@dataclass(frozen=True)
class Wish:
    """What somebody asks to be told, how often and in which language."""

    kind: Kind
    question: Any
    rhythm: Rhythm
    language: str


@transaction.atomic
def ask(*, address: str, wish: Wish, at: datetime, actual: datetime) -> None:
    """Keep a wish until the owner of the address confirms it, and send the mail that asks for that.

    Says nothing of what is known of the address: whoever has it already, or has too many, is told so by mail
    alone. Raises QuestionTooLong, AddressUnusable.
    """
    written = json.dumps(wish.question, ensure_ascii=False, sort_keys=True)
    if len(written) > LONGEST_QUESTION:
        raise QuestionTooLong
    address = address.strip()
    known_as = recipient_hash(address)
    same: dict[str, Any] = {
        "recipient_hash": known_as,
        "kind": wish.kind,
        "question_hash": hashlib.sha256(written.encode()).hexdigest(),
    }
    own = Subscription.objects.filter(recipient_hash=known_as)
    found = own.filter(**same).select_for_update().first()
    if found and found.state == SubscriptionState.ACTIVE:
        send_list(address, wish.language, at=at, why=_already)
        return
    if found is None and own.count() >= MOST:
        send_list(address, wish.language, at=at, why=_too_many)
        return
    subscription, _is_new = Subscription.objects.update_or_create(
        **same,
        defaults={
            "address": address,
            "question": wish.question,
            "rhythm": wish.rhythm,
            "language": wish.language,
            "state": SubscriptionState.WAITING,
            "asked_at": actual,
        },
    )
    record("alerts.asked", subscription.pk, at=at)
    sending.send(
        to=address,
        kind="alerts.confirmation",
        language=wish.language,
        subject_type=SUBJECT,
        subject_id=subscription.pk,
        write=lambda: letters.confirmation(subscription),
    )


def _already() -> str:
    return gettext("そのお知らせは、もう届くようになっています。")


def _too_many() -> str:
    return gettext("お知らせは%(most)d件までです。使わないものを止めてください。") % {"most": MOST}


@transaction.atomic
def confirm(*, subscription_id: int, at: datetime, actual: datetime) -> Subscription:
    """Begin to tell; whoever had stopped all alerts begins again. Confirming twice changes nothing.

    Raises SubscriptionGone.
    """
    in_time = Subscription.objects.filter(pk=subscription_id, asked_at__gt=actual - letters.CONFIRMED_WITHIN)
    begun = in_time.filter(state=SubscriptionState.WAITING).update(
        state=SubscriptionState.ACTIVE, confirmed_at=at, events_known=news.newest_event()
    )
    subscription = in_time.filter(state=SubscriptionState.ACTIVE).first()
    if subscription is None:
        raise SubscriptionGone
    if begun:
        sending.resume(way=stops.Way(subscription.recipient_hash, Series.ALERTS), at=at)
        record("alerts.confirmed", subscription.pk, at=at)
    return subscription


def waiting(*, subscription_id: int, actual: datetime) -> Subscription:
    """The subscription that a link is to confirm. Raises SubscriptionGone."""
    found = Subscription.objects.filter(pk=subscription_id).first()
    if found is None or found.asked_at <= actual - letters.CONFIRMED_WITHIN:
        raise SubscriptionGone
    return found


def send_list(address: str, language: str, *, at: datetime, why: Callable[[], str] = str) -> None:
    """Send the link to the page of one's own subscriptions, in the caller's transaction."""

    def write() -> Letter:
        return letters.own_list(recipient_hash(address), on=at.date(), why=why())

    sending.send(to=address, kind="alerts.own_list", language=language, write=write)


def record(action: str, subscription_id: object, *, at: datetime, **data: object) -> None:
    """Audit a change that somebody made by a link, or the worker by itself."""
    audit.record(
        action, at=at, by=audit.ANONYMOUS, subject_type=SUBJECT, subject_id=subscription_id, data=data
    )
