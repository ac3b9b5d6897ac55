"""What an adviser or a whole organisation has on which day: appointments, tasks, follow-ups, talks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import inf

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel, PlaceKind
from madoguchi.consultations.models import Appointment, Case, Consultation, FollowUp, Involvement, Task
from madoguchi.consultations.queries import appointments, trays
from madoguchi.consultations.queries.trays import AT_WORK
from madoguchi.consultations.states import TaskState

# So many of each kind, of one person and of a whole organisation.
_MOST, _MOST_OF_ALL = 500, 5000


class DayKind(StrEnum):
    """What stands on a day."""

    APPOINTMENT = "appointment"
    TASK = "task"
    BUSINESS_TASK = "business_task"
    FOLLOW_UP = "follow_up"
    VISIT = "visit"
    TALK = "talk"


@dataclass(frozen=True)
class DayEntry:
    """One thing on a day; `text` is content and never leaves the pages of those who may see the case.

    What has a time has both, its beginning and its end.
    """

    day: date
    kind: DayKind
    pk: int
    case: Case
    text: str
    adviser_id: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class _Stretch:
    """From which day until which, and how many of each kind at most."""

    first: date
    last: date
    most: int


def entries(hat: Hat, *, first: date, last: date) -> list[DayEntry]:
    """Everything of the person's own cases between two days, in order; five queries."""
    handled = trays.seen_by(hat).filter(adviser=hat.user_id)
    talks = _talks_seen_by(hat).filter(adviser=hat.user_id)
    agreed = appointments.of_adviser(hat, first=first, last=last)
    return _found(handled, talks, agreed, _Stretch(first, last, _MOST))


def entries_of_all(hat: Hat, *, first: date, last: date) -> list[DayEntry]:
    """The same of every adviser of the organisation, as far as the hat may see their cases."""
    handled = trays.seen_by(hat).filter(adviser__isnull=False)
    talks = _talks_seen_by(hat).filter(adviser__isnull=False)
    agreed = appointments.of_all(hat, first=first, last=last)
    return _found(handled, talks, agreed, _Stretch(first, last, _MOST_OF_ALL))


def _talks_seen_by(hat: Hat) -> QuerySet[Consultation]:
    seen = trays.seen_by(hat).values("case")
    return Consultation.objects.filter(organisation=hat.organisation_id, case__in=seen)


def _found(
    handled: QuerySet[Involvement],
    talks: QuerySet[Consultation],
    agreed: QuerySet[Appointment],
    stretch: _Stretch,
) -> list[DayEntry]:
    found = [
        *_appointments(agreed, stretch),
        *_tasks(handled.filter(state__in=AT_WORK), stretch),
        *_follow_ups(handled, stretch),
        *_talks(talks, stretch),
    ]
    return sorted(found, key=_place)


def _place(entry: DayEntry) -> tuple[object, ...]:
    """What has a time comes first on its day, in its order."""
    begins = entry.starts_at.timestamp() if entry.starts_at else inf
    return (entry.day, begins, entry.kind, entry.pk)


def _appointments(agreed: QuerySet[Appointment], stretch: _Stretch) -> Iterable[DayEntry]:
    for row in agreed[: stretch.most]:
        kind = str(PlaceKind(row.place_kind).label)
        yield DayEntry(
            timezone.localdate(row.starts_at),
            DayKind.APPOINTMENT,
            row.pk,
            row.case,
            f"{kind}　{row.place}" if row.place else kind,
            row.adviser_id,
            row.starts_at,
            row.ends_at,
        )


def _tasks(at_work: QuerySet[Involvement], stretch: _Stretch) -> Iterable[DayEntry]:
    due = Task.objects.filter(state=TaskState.OPEN, due_on__range=(stretch.first, stretch.last))
    own = due.filter(involvement__in=at_work)
    of_business = due.filter(involvement=None, case__in=at_work.values("case"))
    adviser = at_work.filter(case=OuterRef("case")).order_by("-pk").values("adviser")[:1]
    for kind, rows in ((DayKind.TASK, own), (DayKind.BUSINESS_TASK, of_business)):
        named = rows.annotate(adviser_id=Subquery(adviser)).select_related("case__business")
        for row in named.order_by("due_on", "pk")[: stretch.most]:
            yield DayEntry(row.due_on or stretch.first, kind, row.pk, row.case, row.title, row.adviser_id)


def _follow_ups(handled: QuerySet[Involvement], stretch: _Stretch) -> Iterable[DayEntry]:
    rows = FollowUp.objects.filter(
        involvement__in=handled, done_at=None, due_on__range=(stretch.first, stretch.last)
    )
    for row in rows.select_related("case__business", "involvement").order_by("due_on", "pk")[: stretch.most]:
        text = str(row.get_kind_display())
        yield DayEntry(row.due_on, DayKind.FOLLOW_UP, row.pk, row.case, text, row.involvement.adviser_id or 0)


def _talks(talks: QuerySet[Consultation], stretch: _Stretch) -> Iterable[DayEntry]:
    rows = talks.filter(held_on__range=(stretch.first, stretch.last))
    for row in rows.select_related("case__business").order_by("held_on", "pk")[: stretch.most]:
        kind = DayKind.VISIT if row.channel == Channel.VISIT else DayKind.TALK
        text = row.place or str(row.get_channel_display())
        yield DayEntry(row.held_on, kind, row.pk, row.case, text, row.adviser_id or 0)
