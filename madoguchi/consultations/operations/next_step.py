"""The next step of an involvement, which follows from its tasks."""

from django.db.models import F

from madoguchi.consultations.models import Involvement, Task
from madoguchi.consultations.states import TaskState


def keep_next_step(involvement_id: int | None) -> None:
    """Let the next step of an involvement be its earliest open task; nothing to do for a business's task.

    To be called in the transaction that changed one of its tasks. The involvement is locked first: of two
    changes at once, each would otherwise still see the other's task as it was.
    """
    if involvement_id is None:
        return
    involvement = Involvement.objects.select_for_update().get(pk=involvement_id)
    open_tasks = Task.objects.filter(involvement=involvement, state=TaskState.OPEN)
    task = open_tasks.order_by(F("due_on").asc(nulls_last=True), "pk").first()
    Involvement.objects.filter(pk=involvement_id).update(
        next_step=task.title if task else "", next_due_on=task.due_on if task else None
    )
