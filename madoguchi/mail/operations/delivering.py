"""Handing mail over to the mail server, and what follows from a try."""

import contextlib
import smtplib
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F, Q
from django_tasks import task

from madoguchi.foundation import clock
from madoguchi.mail.errors import Undelivered
from madoguchi.mail.messages import message_of
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.states import MailState

# A try that says nothing for so long was cut off: its worker died. Longer than the line's own time limit.
CUT_OFF = timedelta(minutes=10)
# Longer than the longest wait of a job: then no job of the mail is left, and a new one is made.
LEFT_BEHIND = timedelta(hours=2)
GIVEN_UP_AFTER = timedelta(days=3)
CONTENT_KEPT = timedelta(days=14)
LOG_KEPT = timedelta(days=3 * 366)
NOTHING = {"to": "", "subject": "", "text": "", "html": "", "invitation": ""}


@task()
def job(mail_id: int) -> None:
    """The job of a mail: one try. It stands here, because what looks after mail makes new ones."""
    deliver(mail_id=mail_id, at=clock.actual_now())


def deliver(*, mail_id: int, at: datetime) -> None:
    """Try once to hand a mail over, if it waits. Raises Undelivered when another try may succeed.

    The try is written down before it begins, so that of two workers one sends. The transaction is over before
    the mail server is asked: a slow one holds up nobody's work.
    """
    mail = _begin(mail_id, at=at)
    if mail is None:
        return
    if mail.series and Stop.objects.filter(recipient_hash=mail.recipient_hash, series=mail.series).exists():
        _end(mail, MailState.STOPPED, "stopped", at=at)
        return
    try:
        _hand_over(mail)
    except smtplib.SMTPException as error:
        _refused(mail, error, at=at)
    except OSError as error:
        _wait(mail, type(error).__name__)
    else:
        _end(mail, MailState.SENT, "accepted", at=at)


def _begin(mail_id: int, *, at: datetime) -> Mail | None:
    cut_off = Q(state=MailState.SENDING, tried_at__lte=at - CUT_OFF)
    mine = Mail.objects.filter(cut_off | Q(state=MailState.WAITING), pk=mail_id).update(
        state=MailState.SENDING, tried_at=at, tries=F("tries") + 1
    )
    return Mail.objects.get(pk=mail_id) if mine else None


def _hand_over(mail: Mail) -> None:
    """Give the message to the mail server; returns when it was accepted."""
    connection = get_connection()
    connection.open()
    try:
        connection.send_messages([message_of(mail, connection)])
    finally:
        # What goes wrong in the good-bye changes nothing: the mail was accepted, or it was not.
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.close()


def _refused(mail: Mail, error: smtplib.SMTPException, *, at: datetime) -> None:
    """The server said no: to this mail for ever (5xx for its recipient or its text), or for now.

    A no to us (our sender, our password, the connection) is for now: somebody will mend the settings.
    """
    code = getattr(error, "smtp_code", 0)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _words in error.recipients.values()), 0)
    is_about_this = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    if is_about_this and code >= 500:
        _end(mail, MailState.FAILED, f"refused {code}", at=at)
    else:
        _wait(mail, f"{type(error).__name__} {code or ''}".strip())


def _wait(mail: Mail, result: str) -> None:
    """Leave the mail for another try; the reason names neither address nor text."""
    Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, tries=mail.tries).update(
        state=MailState.WAITING, result=result
    )
    raise Undelivered(result) from None


def _end(mail: Mail, state: MailState, result: str, *, at: datetime) -> None:
    is_sent = state == MailState.SENT
    changes = {} if state == MailState.FAILED else {**NOTHING, "erased_at": at}
    Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, tries=mail.tries).update(
        state=state, result=result, sent_at=at if is_sent else None, **changes
    )


def tidy(*, at: datetime) -> int:
    """Make jobs for mail that was left behind, and return how many; give up, erase and forget what is old."""
    left = Mail.objects.filter(
        state__in=(MailState.WAITING, MailState.SENDING), tried_at__lte=at - LEFT_BEHIND
    )
    left.filter(created_at__lte=at - GIVEN_UP_AFTER).update(state=MailState.FAILED)
    made = sum(_take_up(pk, at=at) for pk in left.order_by("pk").values_list("pk", flat=True)[:500])
    old = Mail.objects.filter(state=MailState.FAILED, erased_at=None, created_at__lte=at - CONTENT_KEPT)
    old.update(**NOTHING, erased_at=at)
    Mail.objects.filter(created_at__lte=at - LOG_KEPT).delete()
    return made


def _take_up(mail_id: int, *, at: datetime) -> bool:
    """Make a new job, unless another worker did so just now."""
    with transaction.atomic():
        mine = Mail.objects.filter(
            pk=mail_id, state__in=(MailState.WAITING, MailState.SENDING), tried_at__lte=at - LEFT_BEHIND
        ).update(state=MailState.WAITING, tried_at=at)
        if mine:
            job.enqueue(mail_id)
    return bool(mine)
