"""Recording talks and notes."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import AlreadySent, NotAllowed, NotYetHeld, TextMissing
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import (
    Case,
    Consultation,
    Involvement,
    Note,
    NoteRevision,
    Topic,
)
from madoguchi.consultations.operations import counting, finding, moves
from madoguchi.consultations.operations.acting import say
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation.errors import Conflict
from madoguchi.institutions.models import Organisation


@dataclass(frozen=True)
class Talk:
    """One talk as the adviser tells it."""

    channel: Channel
    held_on: date
    held_at: time | None = None
    minutes: int | None = None
    place: str = ""
    people: int = 1
    topic: Topic | None = None


def record_consultation(
    *,
    involvement: Involvement,
    talk: Talk,
    hat: Hat,
    at: datetime,
    body: str = "",
    visibility: Visibility = Visibility.SHARED,
    once: str | None = None,
) -> Consultation:
    """Record a talk and, with a text, its note; the same `once` gives the talk recorded before.

    The first talk after taking a case begins the work. Raises NotAllowed, NotYetHeld, Conflict.
    """
    if talk.held_on > timezone.localdate(at):
        raise NotYetHeld
    if refused := rules.can_work(moves.standing_of(involvement, hat)):
        raise NotAllowed(_(refused))
    try:
        with transaction.atomic():
            return _record(involvement, talk, hat=hat, at=at, body=body, visibility=visibility, once=once)
    except IntegrityError:
        recorded = (
            Consultation.everything.filter(once=once, case=involvement.case_id).first() if once else None
        )
        if recorded is None:
            raise
        return recorded


def _record(
    involvement: Involvement,
    talk: Talk,
    *,
    hat: Hat,
    at: datetime,
    body: str,
    visibility: Visibility,
    once: str | None,
) -> Consultation:
    case = involvement.case
    # The row is locked, so that of two first talks only one is the first.
    Case.objects.select_for_update().get(pk=case.pk)
    consultation = Consultation.objects.create(
        case=case,
        involvement=involvement,
        organisation=cast("Organisation", involvement.organisation),  # can_work: nobody outside is at work
        desk_id=involvement.desk_id,
        adviser_id=hat.user_id,
        channel=talk.channel,
        held_on=talk.held_on,
        held_at=talk.held_at,
        minutes=talk.minutes,
        place=talk.place,
        people=talk.people,
        is_first=not case.consultations.exists(),
        topic=talk.topic or case.main_topic,
        business_id=case.business_id,
        area_code=case.area_code,
        industry=case.industry,
        employees=case.employees,
        counted_as=counting.counted_as(case),
        recorded_at=at,
        once=once,
    )
    say("consultation_recorded", case, hat=hat, at=at, consultation=consultation.pk)
    if body.strip():
        _write(case, body, visibility, consultation=consultation, hat=hat, at=at, once=None)
    if involvement.state == InvolvementState.ACCEPTED:
        moves.start(involvement=involvement, hat=hat, at=at)
    return consultation


def write_note(
    *, case: Case, body: str, visibility: Visibility, hat: Hat, at: datetime, once: str | None = None
) -> Note:
    """Keep a note; the same `once` gives the note kept before. Raises TextMissing, AlreadySent (other words).

    Whoever reads the case in a staff role may write: to answer a referral is to say something, too.
    """
    try:
        with transaction.atomic():
            return _write(case, body, visibility, consultation=None, hat=hat, at=at, once=once)
    except IntegrityError:
        kept = Note.objects.filter(once=once, case=case, author=hat.user_id).first() if once else None
        if kept is None:
            raise
        if kept.body != body.strip():
            raise AlreadySent from None
        return kept


def _write(
    case: Case,
    body: str,
    visibility: Visibility,
    *,
    consultation: Consultation | None,
    hat: Hat,
    at: datetime,
    once: str | None,
) -> Note:
    if not body.strip():
        raise TextMissing
    note = Note.objects.create(
        case=case,
        consultation=consultation,
        organisation_id=hat.organisation_id,
        author_id=hat.user_id,
        author_name=hat.label,
        visibility=visibility,
        body=body.strip(),
        written_at=at,
        once=once,
    )
    say("note_written", case, hat=hat, at=at, note=note.pk, visibility=str(visibility))
    finding.keep_words(case)
    return note


def change_note(
    *, note: Note, body: str, visibility: Visibility, version: int, hat: Hat, at: datetime
) -> None:
    """Change one's own note; what it said before is kept. Raises NotAllowed, TextMissing, Conflict.

    `version` is the one the person saw: if somebody, or another window, saved since, nothing is overwritten.
    """
    if refused := rules.can_change_note(author_id=note.author_id, user_id=hat.user_id):
        raise NotAllowed(_(refused))
    if not body.strip():
        raise TextMissing
    with transaction.atomic():
        changed = Note.objects.filter(pk=note.pk, version=version).update(
            body=body.strip(), visibility=visibility, changed_at=at, version=F("version") + 1
        )
        if changed != 1 or note.version != version:
            raise Conflict
        NoteRevision.objects.create(
            note=note, version=version, body=note.body, visibility=note.visibility, replaced_at=at
        )
        say("note_changed", note.case, hat=hat, at=at, note=note.pk)
        finding.keep_words(note.case)
    note.refresh_from_db()
