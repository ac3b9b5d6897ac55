"""Forgetting what people searched for."""

from calendar import monthrange
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from madoguchi.usage.models import SearchCount

# A year and the month in which one looks back at it.
KEPT_MONTHS = 13
# What only one or two people ever typed may be a name; see `counter.may_keep`.
RARE_BELOW = 3
RARE_KEPT = timedelta(days=30)


def forget_old(*, on: date) -> int:
    """Delete searches older than 13 months, and older than 30 days those of a text that was sought less than
    three times in all; return how many day counts went. Running it twice, or in two workers, changes nothing.
    """
    old = SearchCount.objects.filter(day__lt=_months_before(on, KEPT_MONTHS))
    sums = SearchCount.objects.values("query").annotate(total=Sum("count"))
    rare = sums.filter(total__lt=RARE_BELOW).values("query")
    with transaction.atomic():
        forgotten = old.delete()[0]
        forgotten += SearchCount.objects.filter(day__lt=on - RARE_KEPT, query__in=rare).delete()[0]
    return forgotten


def _months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
