"""The site with its protection against races taken off: what would happen without it."""

import time

from django.db.models import F

from madoguchi.config.wsgi import application
from madoguchi.consultations.models import Involvement, Meeting, Note, NoteRevision
from madoguchi.consultations.operations import meetings, moves, recording
from madoguchi.reviewing.models import DraftField
from madoguchi.reviewing.operations import deciding

__all__ = ["application"]

# A little later than it was read, so that the other has read it as well.
LATER = 0.05


def apply_without_comparing(involvement, to, *, by, at, **columns):
    """Write the state whatever it is by now."""
    time.sleep(LATER)
    Involvement.objects.filter(pk=involvement.pk).update(state=to, **columns)
    involvement.refresh_from_db()


def change_note_without_comparing(*, note, body, visibility, version, hat, at):
    """Write the text whatever stands there by now, and keep the one that was read."""
    time.sleep(LATER)
    Note.objects.filter(pk=note.pk).update(body=body, visibility=visibility, version=F("version") + 1)
    before = {"body": note.body, "visibility": note.visibility, "replaced_at": at}
    NoteRevision.objects.update_or_create(note=note, version=version, defaults=before)


def change_meeting_without_comparing(*, meeting, told, version, hat, at):
    """Write the minutes whatever stands there by now."""
    time.sleep(LATER)
    Meeting.objects.filter(pk=meeting.pk).update(minutes=told.minutes, version=F("version") + 1)


def decide_without_comparing(field, version, columns):
    """Write the decision whatever was decided by now."""
    return DraftField.objects.filter(pk=field.pk).update(**columns, version=version + 1) == 1


moves.apply = apply_without_comparing
recording.change_note = change_note_without_comparing
meetings.change_meeting = change_meeting_without_comparing
deciding.set_if_as_seen = decide_without_comparing
