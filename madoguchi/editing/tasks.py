"""What every worker does again and again for this room."""

from madoguchi.editing.operations import planned, reminding
from madoguchi.foundation import clock


def do_what_is_due() -> int:
    """Publish and take off what was planned for a moment that has come; return how many."""
    return planned.do_what_is_due(at=clock.now())


def remind() -> int:
    """Ask those who write programmes whether they are still true, when it is time; return how many."""
    return reminding.remind(at=clock.now(), access_at=clock.actual_now())
