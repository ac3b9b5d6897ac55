"""What changes on the intake while somebody types: topics, and where a rule sends it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from madoguchi.consultations.models import Topic
from madoguchi.consultations.queries.routing import Routing
from madoguchi.consultations.routing import Asked
from madoguchi.consultations.suggesting import Suggestion
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class TopicLine:
    """One topic: chosen by the adviser, or suggested by the words."""

    code: str
    label: str
    is_secret: bool
    is_chosen: bool
    is_suggested: bool


def topic_lines(
    topics: Iterable[Topic],
    suggestions: Iterable[Suggestion],
    *,
    chosen: Collection[str] = (),
    seen: Collection[str] = (),
) -> tuple[list[TopicLine], list[TopicLine]]:
    """The chosen and suggested ones, and the others.

    `seen` were suggested before, and stay as the adviser left them. Of the new ones every secret one is
    chosen, and the likeliest where none is: who does not need the secrecy takes it away.
    """
    known = {topic.code: topic for topic in topics}
    found = [suggestion.code for suggestion in suggestions]
    new = [code for code in found if code not in seen]
    marked = {*chosen, *(code for code in new if known[code].is_secret)}
    if not chosen and not seen:
        marked.update(new[:1])
    lines = {
        code: TopicLine(code, topic.label, topic.is_secret, code in marked, code in found)
        for code, topic in known.items()
    }
    near = [lines[code] for code in dict.fromkeys([*found, *(code for code in lines if code in marked)])]
    return near, [line for line in lines.values() if line not in near]


@dataclass(frozen=True)
class RuleSays:
    """Where the rules would send it, and why."""

    desk: str
    because: str


def rule_says(routing: Routing, asked: Asked, *, on: date) -> RuleSays:
    """The desk that the rules name."""
    routed = routing.decide(asked, on=on)
    return RuleSays(routed.desk.name, routed.because)


def saved_words(saved_at: datetime | None) -> str:
    """Until when what stands here was kept."""
    if saved_at is None:
        return gettext("書いたものは、途中でも保存されます。")
    return gettext("%(time)sまでの入力を戻しました。") % {"time": wording.time_of_day(saved_at)}
