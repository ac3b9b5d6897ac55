"""What an operator sees of mail: that it waits or failed, never to whom and what."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.states import MailState


def troubled() -> QuerySet[Mail]:
    """Mail that failed, and mail that was tried and waits for another try; the newest first."""
    again = Q(state__in=(MailState.WAITING, MailState.SENDING), tries__gt=0)
    return Mail.objects.filter(Q(state=MailState.FAILED) | again).order_by("-created_at", "-pk")


def counts() -> dict[str, int]:
    """How many mails there are in each state."""
    return Mail.objects.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in MailState})


def stopped(series: Series) -> QuerySet[Stop, str]:
    """The keyed hashes of those who get no mail of a series any more."""
    return Stop.objects.filter(series=series).values_list("recipient_hash", flat=True)


def refused(series: Series) -> dict[str, datetime]:
    """The keyed hashes of the addresses to which a mail of a series was refused for ever (5xx), and when the
    newest of these mails was written, by the machine's time.
    """
    rows = Mail.objects.filter(series=series, state=MailState.FAILED, result__startswith="refused")
    return dict(
        rows.values("recipient_hash")
        .annotate(newest=Max("created_at"))
        .values_list("recipient_hash", "newest")
    )
