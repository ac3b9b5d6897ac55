"""Background work of the open data: telling other sites of changes."""

from django_tasks import task

from madoguchi.foundation import clock
from madoguchi.opendata import webhooks


@task()
def deliver(number: int) -> int:
    """Tell one address of all that is new."""
    return webhooks.deliver(number=number, at=clock.actual_now())


def ask_for_deliveries() -> None:
    """Ask for a job for each address that has not been told of everything."""
    for number in webhooks.waiting(at=clock.actual_now()):
        deliver.enqueue(number)
