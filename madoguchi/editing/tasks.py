"""What every worker does again and again for this room."""

from madoguchi.editing.operations import planned
from madoguchi.foundation import clock


def do_what_is_due() -> int:
    """Publish and take off what was planned for a moment that has come; return how many."""
    return planned.do_what_is_due(at=clock.now())
