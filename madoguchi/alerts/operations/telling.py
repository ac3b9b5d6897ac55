"""Telling each subscription what is new for it, once."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from madoguchi.alerts import letters, matching, news
from madoguchi.alerts.kinds import Kind, Rhythm, What
from madoguchi.alerts.letters import Item
from madoguchi.alerts.models import Subscription, SubscriptionQuerySet, Told
from madoguchi.alerts.news import Board, News
from madoguchi.alerts.operations.subscribing import SUBJECT, record
from madoguchi.alerts.states import SubscriptionState
from madoguchi.mail.kinds import Series
from madoguchi.mail.operations import sending

logger = logging.getLogger(__name__)

WEEK = timedelta(days=7)
# Between two rounds the worker does other things.
AT_ONCE = 100
# What presses most comes first.
_ORDER = (What.DEADLINE, What.HELD, What.OPENING, What.NEW, What.NEW_YEAR, What.CHANGED)


def tell(*, at: datetime) -> int:
    """Look for news for those whose turn it is, and mail it; return how many mails.

    One that fails is logged and tried again in the next round; it holds up nobody else.
    """
    due = list(_due(on=at.date())[:AT_ONCE])
    if not due:
        return 0
    today = news.board(at=at)
    return sum(_guarded(subscription, today, at=at) for subscription in due)


def _due(*, on: date) -> SubscriptionQuerySet:
    never = Q(told_on=None)
    daily = Q(rhythm=Rhythm.DAILY, told_on__lt=on)
    weekly = Q(rhythm=Rhythm.WEEKLY, told_on__lte=on - WEEK)
    return Subscription.objects.active().filter(never | daily | weekly).order_by("pk")


def _guarded(subscription: Subscription, today: Board, *, at: datetime) -> bool:
    try:
        return tell_one(subscription, today, at=at)
    except Exception:
        logger.exception("A subscription could not be told: %s", subscription.pk)
        return False


def tell_one(subscription: Subscription, today: Board, *, at: datetime) -> bool:
    """Mail what is new for one subscription; return whether there was anything.

    The turn is taken by comparing and setting `told_on` in the transaction of the mail and the ledger: of two
    workers one tells.
    """
    items = _items(subscription, today, at=at)
    on = at.date()
    with transaction.atomic():
        if not _take_turn(subscription, on):
            return False
        if not items:
            return False
        Told.objects.bulk_create(
            Told(subscription=subscription, entry=entry, what=what, mark=mark)
            for item in items
            for entry, what, mark in (each.key for each in item.news)
        )
        record("alerts.told", subscription.pk, at=at, entries=len(items))
        sending.send(
            to=subscription.address,
            kind="alerts.digest",
            language=subscription.language,
            subject_type=SUBJECT,
            subject_id=subscription.pk,
            series=Series.ALERTS,
            write=lambda: letters.digest(subscription, items, on=on),
        )
    return True


def _take_turn(subscription: Subscription, on: date) -> bool:
    mine = Subscription.objects.filter(
        pk=subscription.pk, state=SubscriptionState.ACTIVE, told_on=subscription.told_on
    )
    return bool(mine.update(told_on=on))


def _items(subscription: Subscription, today: Board, *, at: datetime) -> list[Item]:
    if not today:
        return []
    matched = matching.entries(subscription.kind, subscription.question, at=at)
    told = set(subscription.told.values_list("entry", "what", "mark"))
    items = []
    for entry in today.keys() & matched.keys():
        year = matched[entry].fiscal_year
        fresh = [
            each
            for each in today[entry]
            if each.key not in told and _is_for(subscription, each) and _is_of_year(each, year)
        ]
        if fresh:
            items.append(Item(sorted(fresh, key=_urgency), matched[entry]))
    return sorted(items, key=lambda item: (*_urgency(item.news[0]), item.news[0].entry))


def _urgency(each: News) -> tuple[int, date]:
    return _ORDER.index(each.what), each.last_day or date.max


def _is_for(subscription: Subscription, each: News) -> bool:
    """Whether it came about after the address was confirmed; dates are told of favourites alone."""
    if each.what == What.HELD:
        return subscription.kind == Kind.FAVOURITES
    if each.entry.startswith("event:"):
        return each.of.pk > subscription.events_known
    return each.since is None or (
        subscription.confirmed_at is not None and each.since > subscription.confirmed_at
    )


def _is_of_year(each: News, year: int | None) -> bool:
    return year is None or each.of.fiscal_year == year
