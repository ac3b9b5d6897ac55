"""What stands around the timeline of a case: what is next, who works on it, what the business agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import (
    Case,
    Consent,
    Consultation,
    FollowUp,
    Goal,
    Involvement,
    Note,
    NoteTemplate,
    Task,
)
from madoguchi.consultations.states import TaskState

# So many done tasks stand folded below the open ones.
_DONE_TASKS = 20


@dataclass(frozen=True)
class Plan:
    """Goals, tasks and the days on which somebody asks."""

    open_tasks: Sequence[Task]
    done_tasks: Sequence[Task]
    goals: Sequence[Goal]
    follow_ups: Sequence[FollowUp]


def plan_of(case: Case) -> Plan:
    """What is to be done, the nearest first; what was done, the newest first; the goals in order."""
    tasks = list(_tasks(case))
    ended = [task for task in tasks if task.state != TaskState.OPEN]
    ended.sort(key=_ended, reverse=True)
    return Plan(
        open_tasks=[task for task in tasks if task.state == TaskState.OPEN],
        done_tasks=ended[:_DONE_TASKS],
        goals=list(case.goals.filter(dropped_at=None).order_by("position", "pk")),
        follow_ups=list(
            case.follow_ups.select_related("involvement__organisation", "answer").order_by("due_on", "pk")
        ),
    )


def open_tasks_of(case: Case) -> list[Task]:
    """What is to be done, the nearest first."""
    return list(_tasks(case).filter(state=TaskState.OPEN))


def _tasks(case: Case) -> QuerySet[Task]:
    tasks = case.tasks.select_related("involvement__organisation")
    return tasks.order_by(F("due_on").asc(nulls_last=True), "pk")


def _ended(task: Task) -> tuple[bool, datetime | None, int]:
    return task.ended_at is not None, task.ended_at, task.pk


def involvements_of(case: Case) -> list[Involvement]:
    """Everybody who is or was at work on a case, the lead first."""
    rows = case.involvements.select_related("organisation", "unit", "desk", "adviser")
    return list(rows.order_by("-is_lead", "sent_at", "pk"))


def consents_of(case: Case) -> list[Consent]:
    """What the business agreed to, the newest first, with whom it may be shared."""
    return list(case.consents.with_organisations().order_by("-given_at", "-pk"))


def templates_of(hat: Hat) -> list[NoteTemplate]:
    """The organisation's beginnings for notes, by name."""
    return list(NoteTemplate.objects.filter(organisation=hat.organisation_id).order_by("name", "pk"))


def talk_of(case: Case, pk: int) -> Consultation | None:
    """A talk of this case, also one that was taken back; None for one of another case and for none."""
    rows = Consultation.everything.filter(case=case, pk=pk).select_related("case", "adviser")
    return rows.order_by("-pk").first()


def own_note(case: Case, hat: Hat, pk: int) -> Note | None:
    """A note of this case that the person wrote; None for those of others and for none."""
    return case.notes.filter(pk=pk, author=hat.user_id).select_related("case").order_by("-pk").first()
