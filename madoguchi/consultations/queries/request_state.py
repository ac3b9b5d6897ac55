"""How a request stands, as its business sees it: no internal note, no other case.

People are named where they wrote a shared note themselves, and nowhere else.
"""

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.consultations import promises
from madoguchi.consultations.kinds import Result, Visibility
from madoguchi.consultations.models import Appointment, Case, Introduction, Involvement, Task
from madoguchi.consultations.queries import appointments, first_response, sharing, waiting
from madoguchi.consultations.states import RUNNING, CaseState, InvolvementState, TaskState


@dataclass(frozen=True)
class Part:
    """One organisation and how far it is; `desk_slug` leads to the page of its desk, if it has one.

    `nudge_refused` is why it cannot be nudged now, if so; `special_days` are the days of a desk that is open
    on certain days only.
    """

    name: str
    desk_slug: str
    telephone: str
    state: InvolvementState
    since: datetime
    is_lead: bool
    is_withdrawn: bool
    number: int
    nudge_refused: str | None
    nudged_at: datetime | None
    by_appointment: bool
    special_days: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """A shared note; `is_own` when the business wrote it."""

    author: str
    at: datetime
    body: str
    is_own: bool


@dataclass(frozen=True)
class RequestState:
    """All that the page of a request shows."""

    case: Case
    parts: list[Part]
    notes: list[Said]
    tasks: list[Task]
    appointments: list[Appointment]
    introductions: list[Introduction]
    shares_with_others: bool
    is_running: bool

    @property
    def is_held(self) -> bool:
        """Whether somebody still looks at what was sent before it goes on."""
        return self.case.state == CaseState.HELD

    @property
    def lead(self) -> Part:
        """The organisation that answers for the case."""
        return next(part for part in self.parts if part.is_lead)


def request_state(case: Case, *, on: date) -> RequestState:
    """The state of a request that may be seen; the number of queries does not depend on its length."""
    involvements = list(
        case.involvements.filter(access_ended_at=None)
        .select_related("case", "organisation", "desk")
        .prefetch_related("desk__contacts")
        .order_by("-is_lead", "sent_at", "pk")
    )
    lead = next((row for row in involvements if row.is_lead), None) or case.involvements.get(is_lead=True)
    notes = case.notes.filter(visibility=Visibility.SHARED).order_by("written_at", "pk")
    tasks = case.tasks.filter(involvement=None).exclude(state=TaskState.DROPPED)
    days = waiting.promised_days()
    is_running = any(row.state in RUNNING for row in involvements)
    return RequestState(
        case=case,
        parts=[
            _part(row, on=on, days=days)
            for row in (involvements if lead in involvements else [lead, *involvements])
        ],
        notes=[Said(row.author_name, row.written_at, row.body, row.organisation_id is None) for row in notes],
        tasks=list(tasks.order_by("due_on", "pk")),
        appointments=appointments.of_business(case, on=on),
        introductions=first_response.introduced_of(case),
        shares_with_others=bool(sharing.with_others(case, than=lead.organisation_id)),
        is_running=is_running and case.state not in (CaseState.HELD, CaseState.CLOSED),
    )


def _part(row: Involvement, *, on: date, days: int) -> Part:
    contacts = row.desk.contacts.all() if row.desk else []
    telephone = next((each.telephone for each in contacts if each.telephone), "")
    organisation = row.organisation
    name = row.desk.name if row.desk else (organisation.name if organisation else row.outside_name)
    return Part(
        name=name,
        desk_slug=row.desk.slug if row.desk else "",
        telephone=telephone or (organisation.telephone if organisation and not row.desk else ""),
        state=InvolvementState(row.state),
        since=row.finished_at or row.taken_at or row.answered_at or row.sent_at,
        is_lead=row.is_lead,
        is_withdrawn=row.result == Result.WITHDRAWN,
        number=row.pk,
        nudge_refused=waiting.why_not_nudged(row, on=on, days=days),
        nudged_at=row.nudged_at,
        by_appointment=row.desk is not None and row.desk.by_appointment,
        special_days=promises.special_days(row.desk.hours) if row.desk else (),
    )
