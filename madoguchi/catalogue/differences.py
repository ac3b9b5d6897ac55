"""What changed between two editions of a programme, in the words of their documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Two sentences of one topic that share this much are the same point, worded anew.
ALIKE = 0.35


class Topic(StrEnum):
    """What an edition speaks about, in the order in which people ask."""

    MONEY = "money"
    WHO = "who"
    FRAME = "frame"
    REQUIREMENT = "requirement"
    BENEFIT = "benefit"
    CONTACT = "contact"


# One answer an edition: however it is worded, it replaces the one before.
_SINGLE = frozenset({Topic.MONEY, Topic.WHO})


@dataclass(frozen=True)
class Item:
    """One thing an edition says: a sentence, what it adds, and its small table as (label, text)."""

    text: str
    detail: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of an item; `is_changed` when the other edition does not say it."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Difference:
    """One point on which two editions differ; a side is empty when that edition is silent on it."""

    topic: Topic
    old: tuple[Line, ...]
    new: tuple[Line, ...]


Said = Mapping[Topic, Sequence[Item]]


def compare(old: Said, new: Said) -> list[Difference]:
    """The points on which two editions differ, by topic; empty when they say the same."""
    return [
        Difference(topic, _lines(before, after), _lines(after, before))
        for topic in Topic
        for before, after in _pairs(old.get(topic, ()), new.get(topic, ()), at_any_rate=topic in _SINGLE)
        if before != after
    ]


def _pairs(
    old: Sequence[Item], new: Sequence[Item], *, at_any_rate: bool
) -> list[tuple[Item | None, Item | None]]:
    """Each new item with the old one it continues, then the old ones that are gone."""
    continued: dict[int, int] = {}
    alike = ((_likeness(old[i], new[j]), i, j) for i in range(len(old)) for j in range(len(new)))
    for likeness, i, j in sorted(alike, key=lambda found: (-found[0], found[1], found[2])):
        if (likeness >= ALIKE or at_any_rate) and j not in continued and i not in continued.values():
            continued[j] = i
    pairs: list[tuple[Item | None, Item | None]] = [
        (old[continued[j]] if j in continued else None, item) for j, item in enumerate(new)
    ]
    return pairs + [(item, None) for i, item in enumerate(old) if i not in continued.values()]


def _likeness(one: Item, other: Item) -> float:
    if one == other:
        return 2.0
    return SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()


def _lines(item: Item | None, other: Item | None) -> tuple[Line, ...]:
    """The sentence, and of the rest what the other does not say; with nothing to compare, everything."""
    if item is None:
        return ()
    rest = [item.detail] if item.detail and (other is None or item.detail != other.detail) else []
    known = other.rows if other else ()
    rest += [f"{label}：{text}" for label, text in item.rows if (label, text) not in known]
    first = Line(item.text, other is None or item.text != other.text)
    return (first, *(Line(text, is_changed=True) for text in rest))
