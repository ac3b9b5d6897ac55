"""What an operator sees of mail: that it waits or failed, never to whom and what."""

from django.db.models import Count, Q, QuerySet

from madoguchi.mail.models import Mail
from madoguchi.mail.states import MailState


def troubled() -> QuerySet[Mail]:
    """Mail that failed, and mail that was tried and waits for another try; the newest first."""
    again = Q(state__in=(MailState.WAITING, MailState.SENDING), tries__gt=0)
    return Mail.objects.filter(Q(state=MailState.FAILED) | again).order_by("-created_at", "-pk")


def counts() -> dict[str, int]:
    """How many mails there are in each state."""
    return Mail.objects.aggregate(**{state.value: Count("pk", filter=Q(state=state)) for state in MailState})
