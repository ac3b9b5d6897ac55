"""Putting mail on its way, and stopping a series."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import translation

from madoguchi.foundation import audit, clock, outbox
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.errors import AddressUnusable, ContentGone
from madoguchi.mail.kinds import Series
from madoguchi.mail.letters import Letter, write
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.operations import delivering
from madoguchi.mail.states import MailState


class Person(Protocol):
    """Somebody with an account."""

    pk: Any
    email: str
    language: str


def send_to(
    person: Person,
    *,
    kind: str,
    write: Callable[[], Letter],
    subject_type: str = "",
    subject_id: object = "",
    dedupe: str | None = None,
    series: Series | None = None,
) -> Mail:
    """`send` to somebody with an account, in their own language. Raises what `send` raises."""
    return send(
        to=person.email,
        user_id=person.pk,
        language=person.language,
        kind=kind,
        write=write,
        subject_type=subject_type,
        subject_id=subject_id,
        dedupe=dedupe,
        series=series,
    )


def send(
    *,
    to: str,
    kind: str,
    write: Callable[[], Letter],
    language: str = "ja",
    user_id: int | None = None,
    subject_type: str = "",
    subject_id: object = "",
    dedupe: str | None = None,
    series: Series | None = None,
    invitation: bytes = b"",
) -> Mail:
    """Put a mail on its way in the transaction of the change it tells of; without one, RuntimeError.

    `write` is called at once, in the recipient's language.
    A `dedupe` that was used before gives the mail of that time, and nothing is sent. Raises AddressUnusable.
    """
    outbox.require_transaction()
    try:
        validate_email(to)
    except ValidationError as error:
        raise AddressUnusable from error
    sent_before = _with_key(dedupe)
    if sent_before is not None:
        return sent_before
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            mail = _put(
                to=to,
                kind=kind,
                letter=write,
                language=language,
                user_id="" if user_id is None else str(user_id),
                subject_type=subject_type,
                subject_id=str(subject_id),
                dedupe=dedupe,
                series=series,
                invitation=invitation,
            )
    except IntegrityError:
        sent_before = _with_key(dedupe)
        if sent_before is None:
            raise
        return sent_before
    delivering.job.enqueue(mail.pk)
    return mail


def _with_key(dedupe: str | None) -> Mail | None:
    return Mail.objects.filter(dedupe=dedupe).first() if dedupe else None


def _put(
    *,
    to: str,
    letter: Callable[[], Letter],
    language: str,
    series: Series | None,
    invitation: bytes,
    **about: str | None,
) -> Mail:
    known_as = recipient_hash(to)
    stop_url = stops.url_of(stops.Way(known_as, series)) if series else ""
    with translation.override(language):
        written = write(letter(), language=language, stop_url=stop_url)
    return Mail.objects.create(
        to=to,
        recipient_hash=known_as,
        language=language,
        series=series or "",
        subject=written.subject,
        text=written.text,
        html=written.html,
        invitation=invitation.decode(),
        message_id=f"<{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}>",
        state=MailState.WAITING,
        created_at=clock.actual_now(),  # retries go by the machine's time, like those of jobs
        **about,
    )


def try_again(*, mail_id: int, at: datetime, by: audit.Actor) -> None:
    """Give a mail that failed another life.

    Raises Mail.DoesNotExist for one in any other state, ContentGone when its content was erased.
    """
    with transaction.atomic():
        mail = Mail.objects.select_for_update().get(pk=mail_id, state=MailState.FAILED)
        if mail.erased_at is not None:
            raise ContentGone
        Mail.objects.filter(pk=mail.pk).update(
            state=MailState.WAITING, created_at=clock.actual_now(), result=""
        )
        audit.record("mail.tried_again", at=at, by=by, subject_type="mail.mail", subject_id=mail.pk)
        delivering.job.enqueue(mail.pk)


def stop(*, way: stops.Way, at: datetime) -> None:
    """Send no more of the series to this recipient; saying so twice changes nothing."""
    with transaction.atomic():
        _row, is_new = Stop.objects.get_or_create(
            recipient_hash=way.recipient_hash, series=way.series, defaults={"stopped_at": at}
        )
        if is_new:
            _record("mail.series_stopped", way, at=at)


def resume(*, way: stops.Way, at: datetime) -> None:
    """Send the series again."""
    with transaction.atomic():
        removed, _by_model = Stop.objects.filter(
            recipient_hash=way.recipient_hash, series=way.series
        ).delete()
        if removed:
            _record("mail.series_resumed", way, at=at)


def _record(action: str, way: stops.Way, *, at: datetime) -> None:
    audit.record(
        action,
        at=at,
        by=audit.ANONYMOUS,
        subject_type="mail.recipient",
        subject_id=way.recipient_hash,
        data={"series": way.series},
    )
