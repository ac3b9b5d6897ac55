"""Files that come with a note: looked at by their content, kept outside of what the server serves."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import FileRefused
from madoguchi.consultations.files import clean_name, media_type_of, named_as
from madoguchi.consultations.kinds import Scan
from madoguchi.consultations.models import Attachment, Note
from madoguchi.consultations.operations.acting import say
from madoguchi.foundation import audit
from madoguchi.foundation.files import write_atomically
from madoguchi.foundation.keys import new_key

MOST_BYTES = 20 * 1024 * 1024
MOST_FILES = 10


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: the name it had, and its content."""

    name: str
    content: bytes


def attach(*, note: Note, files: Sequence[Upload], hat: Hat, at: datetime) -> None:
    """Keep files with a note, in the transaction that writes it. Raises FileRefused, OSError.

    The files reach the disk before their rows are committed: a crash in between leaves a file that no row
    names, never a row without its file.
    """
    if len(files) > MOST_FILES:
        raise FileRefused.too_many(MOST_FILES)
    if not files:
        return
    rows = [_row(note, file, at=at) for file in files]
    try:
        for row, file in zip(rows, files, strict=True):
            write_atomically(path_of(row), file.content)
        Attachment.objects.bulk_create(rows)
        say("files_attached", note.case, hat=hat, at=at, note=note.pk, files=[row.key for row in rows])
    except BaseException:
        remove_contents(rows)
        raise


def path_of(attachment: Attachment) -> Path:
    """Where the content of an attachment lies: by its key, never by its name."""
    return Path(settings.DATA_DIR) / "attachments" / attachment.key[:2] / attachment.key


def may_be_taken(attachment: Attachment) -> bool:
    """Whether a file may be handed out: no infected one, and where files are searched a clean one alone."""
    if attachment.scan == Scan.INFECTED:
        return False
    return attachment.scan == Scan.CLEAN or not settings.VIRUS_SCANNER


def keep_scan(*, attachment: Attachment, result: Scan, at: datetime) -> None:
    """Keep what the search for viruses found; a second result changes nothing."""
    with transaction.atomic():
        if Attachment.objects.filter(pk=attachment.pk, scan=Scan.WAITING).update(scan=result):
            audit.record(
                "consultations.file_scanned",
                at=at,
                by=audit.SYSTEM,
                subject_type="consultations.case",
                subject_id=attachment.note.case_id,
                data={"file": attachment.key, "result": str(result)},
            )


def remove_contents(attachments: Iterable[Attachment]) -> None:
    """Take the files away whose rows are gone: to be called after that was committed."""
    for attachment in attachments:
        path_of(attachment).unlink(missing_ok=True)


def _row(note: Note, file: Upload, *, at: datetime) -> Attachment:
    """What is to be kept of a file, before anything of it is written. Raises FileRefused."""
    name = clean_name(file.name)
    if not file.content:
        raise FileRefused.empty(name)
    if len(file.content) > MOST_BYTES:
        raise FileRefused.too_big(name, MOST_BYTES)
    media_type = media_type_of(name, file.content)
    if media_type is None:
        raise FileRefused.unknown(name)
    return Attachment(
        key=new_key(),
        note=note,
        name=named_as(name, media_type),
        media_type=media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        attached_at=at,
    )
