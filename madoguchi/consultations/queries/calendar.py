"""What an adviser has on which day: appointments, tasks, follow-ups, and talks that were held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import inf

from django.db.models import QuerySet
from django.utils import timezone

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel, PlaceKind
from madoguchi.consultations.models import Case, Consultation, FollowUp, Involvement, Task
from madoguchi.consultations.queries import appointments, trays
from madoguchi.consultations.queries.trays import AT_WORK
from madoguchi.consultations.states import TaskState

_MOST = 500


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
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def entries(hat: Hat, *, first: date, last: date) -> list[DayEntry]:
    """Everything of the person's own cases between two days, in order; five queries."""
    mine = trays.seen_by(hat).filter(adviser=hat.user_id)
    at_work = mine.filter(state__in=AT_WORK)
    found = [
        *_appointments(hat, first, last),
        *_tasks(at_work, first, last),
        *_follow_ups(mine, first, last),
        *_talks(hat, first, last),
    ]
    return sorted(found, key=_place)


def _place(entry: DayEntry) -> tuple[object, ...]:
    """What has a time comes first on its day, in its order."""
    begins = entry.starts_at.timestamp() if entry.starts_at else inf
    return (entry.day, begins, entry.kind, entry.pk)


def _appointments(hat: Hat, first: date, last: date) -> Iterable[DayEntry]:
    for row in appointments.of_adviser(hat, first=first, last=last):
        kind = str(PlaceKind(row.place_kind).label)
        yield DayEntry(
            timezone.localdate(row.starts_at),
            DayKind.APPOINTMENT,
            row.pk,
            row.case,
            f"{kind}　{row.place}" if row.place else kind,
            row.starts_at,
            row.ends_at,
        )


def _tasks(at_work: QuerySet[Involvement], first: date, last: date) -> Iterable[DayEntry]:
    due = Task.objects.filter(state=TaskState.OPEN, due_on__range=(first, last))
    own = due.filter(involvement__in=at_work)
    of_business = due.filter(involvement=None, case__in=at_work.values("case"))
    for kind, rows in ((DayKind.TASK, own), (DayKind.BUSINESS_TASK, of_business)):
        for row in rows.select_related("case__business").order_by("due_on", "pk")[:_MOST]:
            yield DayEntry(row.due_on or first, kind, row.pk, row.case, row.title)


def _follow_ups(mine: QuerySet[Involvement], first: date, last: date) -> Iterable[DayEntry]:
    rows = FollowUp.objects.filter(involvement__in=mine, done_at=None, due_on__range=(first, last))
    for row in rows.select_related("case__business").order_by("due_on", "pk")[:_MOST]:
        yield DayEntry(row.due_on, DayKind.FOLLOW_UP, row.pk, row.case, str(row.get_kind_display()))


def _talks(hat: Hat, first: date, last: date) -> Iterable[DayEntry]:
    rows = Consultation.objects.filter(
        adviser=hat.user_id,
        organisation=hat.organisation_id,
        held_on__range=(first, last),
        case__in=trays.seen_by(hat).values("case"),
    )
    for row in rows.select_related("case__business").order_by("held_on", "pk")[:_MOST]:
        kind = DayKind.VISIT if row.channel == Channel.VISIT else DayKind.TALK
        yield DayEntry(row.held_on, kind, row.pk, row.case, row.place or str(row.get_channel_display()))
