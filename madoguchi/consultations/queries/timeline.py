"""これまで: all that happened in a case as the reader may see it, newest first; one query for each kind."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import (
    Attachment,
    Case,
    Closing,
    Consultation,
    ConsultationRevision,
    ExpertRequest,
    Introduction,
    Involvement,
    MeetingCase,
    Note,
    Situation,
    SurveyAnswer,
)
from madoguchi.consultations.queries import experts
from madoguchi.consultations.states import ExpertRequestState, InvolvementState


class Happening(StrEnum):
    """What an entry is about."""

    TALK = "talk"
    TALK_MOVED = "talk_moved"
    NOTE = "note"
    OPENED = "opened"
    SENT = "sent"
    TAKEN = "taken"
    DECLINED = "declined"
    FINISHED = "finished"
    INTRODUCED = "introduced"
    SITUATION = "situation"
    EXPERT_ASKED = "expert_asked"
    EXPERT_ANSWERED = "expert_answered"
    EXPERT_ENDED = "expert_ended"
    MEETING = "meeting"
    CLOSED = "closed"
    REOPENED = "reopened"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Entry:
    """One thing that happened; of the records only those that belong to its kind are there."""

    what: Happening
    day: date
    moment: datetime
    pk: int
    talk: Consultation | None = None
    revisions: tuple[ConsultationRevision, ...] = ()
    notes: tuple[Note, ...] = ()
    involvement: Involvement | None = None
    introductions: tuple[Introduction, ...] = ()
    situation: Situation | None = None
    expert_request: ExpertRequest | None = None
    decision: MeetingCase | None = None
    closing: Closing | None = None
    survey: SurveyAnswer | None = None


@dataclass(frozen=True)
class Stretch:
    """A part of the timeline, and whether more lies before it."""

    entries: Sequence[Entry]
    has_earlier: bool


@dataclass(frozen=True)
class Around:
    """What a page shows beside the timeline, too, and reads once."""

    involvements: Sequence[Involvement]
    expert_requests: Sequence[ExpertRequest]


def around(case: Case) -> Around:
    """Everybody who is or was at work on a case, the lead first; questions to experts, newest first."""
    parts = case.involvements.select_related(
        "organisation", "unit", "desk", "adviser", "sent_by_organisation"
    )
    return Around(list(parts.order_by("-is_lead", "sent_at", "pk")), experts.requests_of(case))


def stretch_of(
    case: Case,
    hat: Hat,
    *,
    page: int,
    size: int,
    around: Around,
    visibilities: Collection[Visibility] = tuple(Visibility),
) -> Stretch:
    """The entries of one page, counted from the newest; of the notes those of these visibilities."""
    upto = page * size + 1
    notes = _notes(case, hat, visibilities)
    inner = _decisions(case, hat, upto) if Visibility.INTERNAL in visibilities else ()
    entries = [
        *_talks(case, notes, upto),
        *_moved_talks(case, upto),
        *_loose_notes(notes, upto),
        *_moves(around.involvements),
        *_introductions(case),
        *_expert_requests(around.expert_requests),
        *_situations(case, upto),
        *inner,
        *_closings(case),
        *_answers(case),
    ]
    entries.sort(key=lambda entry: (entry.day, entry.moment, entry.pk), reverse=True)
    return Stretch(entries[upto - 1 - size : upto - 1], has_earlier=len(entries) >= upto)


def _notes(case: Case, hat: Hat, visibilities: Collection[Visibility]) -> QuerySet[Note]:
    """Of this case alone, also below its talks: by the case they are found at once, by a talk not always."""
    files = Prefetch("attachments", queryset=Attachment.objects.order_by("attached_at", "pk"))
    readable = case.notes.readable_by(hat).filter(visibility__in=visibilities)
    return readable.select_related("organisation").prefetch_related(files)


def _talks(case: Case, notes: QuerySet[Note], limit: int) -> Iterable[Entry]:
    read = Prefetch("notes", queryset=notes.order_by("written_at", "pk"), to_attr="read_notes")
    before = Prefetch(
        "revisions", ConsultationRevision.objects.select_related("replaced_by").order_by("version")
    )
    talks = Consultation.everything.filter(case=case)  # those that were taken back, too
    rows = talks.select_related("organisation", "adviser").prefetch_related(read, before)
    for row in rows.order_by("-held_on", "-recorded_at", "-pk")[:limit]:
        said = tuple(getattr(row, "read_notes"))  # noqa: B009 - the prefetch puts it there
        was = tuple(row.revisions.all())
        yield Entry(Happening.TALK, row.held_on, row.recorded_at, row.pk, talk=row, notes=said, revisions=was)


def _moved_talks(case: Case, limit: int) -> Iterable[Entry]:
    """Talks that belong to another case now: what they said here last, and why they left."""
    left = ConsultationRevision.objects.filter(case=case).exclude(consultation__case=case)
    last = left.filter(consultation=OuterRef("consultation")).order_by("-version").values("pk")[:1]
    rows = left.filter(pk=Subquery(last)).select_related("replaced_by").order_by("-held_on", "-pk")
    for row in rows[:limit]:
        yield Entry(Happening.TALK_MOVED, row.held_on, row.replaced_at, row.pk, revisions=(row,))


def _loose_notes(notes: QuerySet[Note], limit: int) -> Iterable[Entry]:
    rows = notes.filter(consultation=None).order_by("-written_at", "-pk")
    for row in rows.select_related("dispatch")[:limit]:
        yield _entry(Happening.NOTE, row.written_at, row.pk, notes=(row,))


def _moves(rows: Iterable[Involvement]) -> Iterable[Entry]:
    for row in rows:
        sent = Happening.SENT if row.sent_by_organisation_id else Happening.OPENED
        yield _entry(sent, row.sent_at, row.pk, involvement=row)
        if row.taken_at and row.taken_at != row.sent_at:
            yield _entry(Happening.TAKEN, row.taken_at, row.pk, involvement=row)
        if row.state == InvolvementState.DECLINED and row.answered_at:
            yield _entry(Happening.DECLINED, row.answered_at, row.pk, involvement=row)
        if row.finished_at:
            yield _entry(Happening.FINISHED, row.finished_at, row.pk, involvement=row)


def _introductions(case: Case) -> Iterable[Entry]:
    """What was introduced in one go is one entry."""
    rows = case.introductions.select_related("desk", "edition__programme", "organisation", "introduced_by")
    together: dict[tuple[datetime, int], list[Introduction]] = {}
    for row in rows.order_by("introduced_at", "pk"):
        together.setdefault((row.introduced_at, row.introduced_by_id), []).append(row)
    for (at, _by), introduced in together.items():
        yield _entry(Happening.INTRODUCED, at, introduced[0].pk, introductions=tuple(introduced))


def _expert_requests(rows: Iterable[ExpertRequest]) -> Iterable[Entry]:
    for row in rows:
        yield _entry(Happening.EXPERT_ASKED, row.asked_at, row.pk, expert_request=row)
        if row.answered_at:
            yield _entry(Happening.EXPERT_ANSWERED, row.answered_at, row.pk, expert_request=row)
        if row.ended_at and row.state == ExpertRequestState.ENDED:
            yield _entry(Happening.EXPERT_ENDED, row.ended_at, row.pk, expert_request=row)


def _situations(case: Case, limit: int) -> Iterable[Entry]:
    rows = case.situations.select_related("organisation", "written_by").order_by("-written_at", "-pk")
    for row in rows[:limit]:
        yield _entry(Happening.SITUATION, row.written_at, row.pk, situation=row)


def _decisions(case: Case, hat: Hat, limit: int) -> Iterable[Entry]:
    """Meetings are internal: those of the reader's own organisation."""
    if not hat.may("cases.read"):
        return
    rows = case.meetings.filter(meeting__organisation=hat.organisation_id).select_related("meeting")
    for row in rows.order_by("-meeting__held_on", "-pk")[:limit]:
        meeting = row.meeting
        yield Entry(Happening.MEETING, meeting.held_on, meeting.written_at, row.pk, decision=row)


def _closings(case: Case) -> Iterable[Entry]:
    for row in case.closings.select_related("closed_by").order_by("closed_at", "pk"):
        yield _entry(Happening.CLOSED, row.closed_at, row.pk, closing=row)
        if row.reopened_at:
            yield _entry(Happening.REOPENED, row.reopened_at, row.pk, closing=row)


def _answers(case: Case) -> Iterable[Entry]:
    """What the business answered after the closing."""
    for row in case.survey_answers.select_related("follow_up").order_by("answered_at", "pk"):
        yield _entry(Happening.ANSWERED, row.answered_at, row.pk, survey=row)


def _entry(
    what: Happening,
    at: datetime,
    pk: int,
    *,
    notes: tuple[Note, ...] = (),
    involvement: Involvement | None = None,
    introductions: tuple[Introduction, ...] = (),
    situation: Situation | None = None,
    expert_request: ExpertRequest | None = None,
    closing: Closing | None = None,
    survey: SurveyAnswer | None = None,
) -> Entry:
    return Entry(
        what,
        timezone.localdate(at),
        at,
        pk,
        notes=notes,
        involvement=involvement,
        introductions=introductions,
        situation=situation,
        expert_request=expert_request,
        closing=closing,
        survey=survey,
    )
