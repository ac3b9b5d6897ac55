"""One entry as an adviser makes it after a talk: what was said, that it was one, what comes next, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import AlreadySent, TextMissing
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case, Consultation, Draft, Note
from madoguchi.consultations.operations import attaching, drafts, planning, recording
from madoguchi.consultations.operations.acting import require_work
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.recording import Talk


@dataclass(frozen=True)
class Entry:
    """What is to be kept, all of it or nothing; without a talk it is a note alone."""

    body: str
    visibility: Visibility
    talk: Talk | None = None
    next_step: str = ""
    next_due_on: date | None = None
    is_next_for_business: bool = False
    files: Sequence[Upload] = ()


def write_entry(*, case: Case, entry: Entry, hat: Hat, at: datetime, once: str) -> None:
    """Keep an entry in one transaction and forget its draft; sent twice (`once`) it is kept once.

    Raises AlreadySent (another entry with that `once`), TextMissing (nothing was written, or files without a
    word about them), NotAllowed, FileRefused.
    """
    if not entry.body.strip() and (entry.talk is None or entry.files):
        raise TextMissing
    with transaction.atomic():
        # The case is locked, so that the second of two sendings sees what the first one kept.
        Case.objects.select_for_update().get(pk=case.pk)
        if _is_kept(case, entry, once):
            return
        note = _write(case, entry, hat=hat, at=at, once=once)
        if entry.next_step.strip():
            planning.add_task(
                case=case,
                title=entry.next_step,
                due_on=entry.next_due_on,
                for_business=entry.is_next_for_business,
                hat=hat,
                at=at,
            )
        drafts.forget(form=Draft.name_for(case), hat=hat)
        if note is not None:  # last: what is refused before leaves no file on the disk
            attaching.attach(note=note, files=entry.files, hat=hat, at=at)


def _is_kept(case: Case, entry: Entry, once: str) -> bool:
    """Whether this entry was kept before. Raises AlreadySent when it was another one."""
    talk = Consultation.everything.filter(once=once, case=case).first()
    note = (talk.notes.order_by("pk") if talk else Note.objects.filter(once=once, case=case)).first()
    if talk is None and note is None:
        return False
    kept = (note.body if note else "", talk.held_on if talk else None)
    if kept != (entry.body.strip(), entry.talk.held_on if entry.talk else None):
        raise AlreadySent
    return True


def _write(case: Case, entry: Entry, *, hat: Hat, at: datetime, once: str) -> Note | None:
    if entry.talk is None:
        return recording.write_note(
            case=case, body=entry.body, visibility=entry.visibility, hat=hat, at=at, once=once
        )
    talk = recording.record_consultation(
        involvement=require_work(case, hat),
        talk=entry.talk,
        hat=hat,
        at=at,
        body=entry.body,
        visibility=entry.visibility,
        once=once,
    )
    return talk.notes.order_by("pk").first()
