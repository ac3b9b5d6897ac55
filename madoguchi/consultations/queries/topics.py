"""The region's topics, and those that a text seems to be about."""

from collections.abc import Iterable

from madoguchi.consultations.models import Topic
from madoguchi.consultations.suggesting import Suggestion, TopicWords, suggest


def topics() -> list[Topic]:
    """The topics of now, in the region's order."""
    return list(Topic.objects.filter(is_current=True).order_by("position", "pk"))


def suggested(text: str, among: Iterable[Topic]) -> list[Suggestion]:
    """What a text seems to be about, the likeliest first."""
    return suggest(text, (TopicWords(topic.code, tuple(topic.words)) for topic in among))
