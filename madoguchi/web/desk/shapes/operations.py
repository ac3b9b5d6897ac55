"""What an operator reads about jobs and mail: names of machinery, never of people or cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.foundation.jobs import Job
from madoguchi.foundation.words import gettext_noop
from madoguchi.mail.models import Mail
from madoguchi.mail.states import MailState
from madoguchi.web.shared import wording

_STATES = {
    MailState.WAITING: gettext_noop("待っている"),
    MailState.SENDING: gettext_noop("送っている"),
    MailState.SENT: gettext_noop("渡した"),
    MailState.STOPPED: gettext_noop("相手が止めている"),
    MailState.FAILED: gettext_noop("送れなかった"),
}


@dataclass(frozen=True)
class Line:
    """One job or mail that needs a look."""

    pk: str
    name: str
    when: str
    tries: int
    result: str
    state: str
    can_be_tried: bool


def job(row: Job, *, on: date) -> Line:
    """A job: what it is called, how often it was tried, and the kind of its last error."""
    is_over = row.finished_at is not None
    return Line(
        pk=str(row.pk),
        name=row.task_path.removeprefix("madoguchi."),
        when=_when(row.enqueued_at, on=on),
        tries=len(row.worker_ids),
        result=row.exception_class_path.rpartition(".")[2],
        state=gettext("止まった") if is_over else gettext("もう一度動くのを待っている"),
        can_be_tried=is_over,
    )


def mail(row: Mail, *, on: date) -> Line:
    """A mail: of what kind, how often it was tried, and what the mail server said as a number."""
    return Line(
        pk=str(row.pk),
        name=row.kind,
        when=_when(row.created_at, on=on),
        tries=row.tries,
        result=row.result,
        state=gettext(_STATES[MailState(row.state)]),
        can_be_tried=row.state == MailState.FAILED and row.erased_at is None,
    )


def counts(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many mails are in each state, in the order of their life."""
    return [(gettext(words), found.get(state, 0)) for state, words in _STATES.items()]


def _when(moment: datetime, *, on: date) -> str:
    return f"{wording.day(moment, today=on)} {timezone.localtime(moment):%H:%M}"
