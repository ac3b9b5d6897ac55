"""What a form offers to choose from."""

from madoguchi.consultations.models import Topic


def topics() -> list[Topic]:
    """The topics of today, in the order of the pack."""
    return list(Topic.objects.filter(is_current=True).order_by("position", "pk"))
