"""Everyday words and official words that mean the same, as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

TWO_WAY = 0.6
ONE_WAY = 0.5


@dataclass(frozen=True)
class Expansion:
    """A word to look for besides the one that was typed, with its weight below 1."""

    word: str
    weight: float


@dataclass(frozen=True)
class Thesaurus:
    """Words with the other words that should be looked for as well."""

    entries: Mapping[str, tuple[Expansion, ...]] = field(default_factory=dict)

    @classmethod
    def from_groups(cls, groups: Iterable[Mapping[str, Any]]) -> Self:
        """Return a thesaurus from `{"words": [...]}` (two-way) and `{"from": [...], "to": [...]}` groups.

        A group may give its own `weight` (0 to 1). Raises ValueError for a group of another shape.
        """
        entries: dict[str, dict[str, float]] = {}
        for group in groups:
            for source, target, weight in _pairs(group):
                found = entries.setdefault(source, {})
                found[target] = max(weight, found.get(target, 0.0))
        return cls(
            {
                word: tuple(Expansion(other, weight) for other, weight in found.items())
                for word, found in entries.items()
            }
        )


def _pairs(group: Mapping[str, Any]) -> Iterable[tuple[str, str, float]]:
    if "words" in group:
        sources = targets = [str(word) for word in group["words"]]
        weight = float(group.get("weight", TWO_WAY))
    elif "from" in group and "to" in group:
        sources, targets = [str(word) for word in group["from"]], [str(word) for word in group["to"]]
        weight = float(group.get("weight", ONE_WAY))
    else:
        msg = f"a group needs 'words', or 'from' and 'to': {dict(group)!r}"
        raise ValueError(msg)
    if not 0 < weight < 1:
        msg = f"a weight lies between 0 and 1: {dict(group)!r}"
        raise ValueError(msg)
    return [(source, target, weight) for source in sources for target in targets if source != target]
