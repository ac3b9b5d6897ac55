"""What the facts of a business answer to all comparisons of a book: each is asked once.

What one told value answers is kept for the next who tells the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar, cast

from madoguchi.eligibility.rules.explain import missing
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Has, Leaf, Within
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, Value

# Told values whose outcomes are kept; when they are so many, it begins anew.
_KEPT = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The status of a comparison and, while it is unknown, the facts that it waits for."""

    status: Status
    ask: tuple[str, ...]


Placed = Sequence[tuple[int, Leaf]]
"""Comparisons with their places among all."""

Outcomes = Sequence[tuple[int, Outcome]]
"""The outcomes of some comparisons, with their places."""

_SETTLED = {status: Outcome(status, ()) for status in Status}


@lru_cache(maxsize=4096)
def _unknown(ask: tuple[str, ...]) -> Outcome:
    return Outcome(Status.UNKNOWN, ask)


def _outcome(leaf: Leaf, facts: Facts, on: date) -> Outcome:
    status = leaf.ask(facts, on)
    return _unknown(missing(leaf, facts)) if status is Status.UNKNOWN else _SETTLED[status]


class _ByCode:
    """Comparisons of one fact that any code they name meets: found by the code, for they are many."""

    def __init__(self, fact: str, placed: Placed, dictionary: Dictionary) -> None:
        self._fact, self._dictionary = fact, dictionary
        self._places = [place for place, _ in placed]
        self._naming: dict[str, list[int]] = {}
        self._wider: dict[str, list[int]] = {}
        for place, leaf in placed:
            for code in cast("Within | Has", leaf).codes:
                self._naming.setdefault(code, []).append(place)
            for code in leaf.wider if isinstance(leaf, Within) else ():
                self._wider.setdefault(code, []).append(place)

    @staticmethod
    def holds(leaf: Leaf) -> bool:
        """Whether a comparison is of this kind."""
        return isinstance(leaf, Within) or (isinstance(leaf, Has) and not leaf.every)

    def outcomes(self, value: Value) -> Outcomes:
        """The same as asking one by one."""
        found = dict.fromkeys(self._places, _SETTLED[Status.UNMET])
        codes: Iterable[str] = ()
        if isinstance(value, frozenset):
            codes = value
        elif isinstance(value, str):
            found |= dict.fromkeys(self._wider.get(value, ()), _unknown((self._fact,)))
            fact = self._dictionary.get(self._fact)
            codes = (value, *(self._dictionary.ancestors(fact, value) if fact else ()))
        for code in codes:
            found |= dict.fromkeys(self._naming.get(code, ()), _SETTLED[Status.MET])
        return list(found.items())


class _About:
    """All comparisons of one fact by itself."""

    def __init__(self, fact: str, placed: Placed, dictionary: Dictionary) -> None:
        self._fact = fact
        self._by_code = _ByCode(fact, [pair for pair in placed if _ByCode.holds(pair[1])], dictionary)
        self._others = [pair for pair in placed if not _ByCode.holds(pair[1])]

    def outcomes(self, value: Value, on: date) -> Outcomes:
        """Those of a told value."""
        facts = {self._fact: value}
        others = [(place, _outcome(leaf, facts, on)) for place, leaf in self._others]
        return [*self._by_code.outcomes(value), *others]


_Kept = TypeVar("_Kept")


class Comparisons:
    """The different comparisons of many rules, each with a place."""

    def __init__(self, leaves: Iterable[Leaf], dictionary: Dictionary) -> None:
        self.places = {leaf: place for place, leaf in enumerate(dict.fromkeys(leaves))}
        self._untold = [_outcome(leaf, {}, date.min) for leaf in self.places]
        self._by_fact: dict[str, list[tuple[int, Leaf]]] = {}
        for leaf, place in self.places.items():
            for key in leaf.facts:
                self._by_fact.setdefault(key, []).append((place, leaf))
        self._over_several = [(place, leaf) for leaf, place in self.places.items() if len(leaf.facts) > 1]
        self._about = {
            fact: _About(fact, [pair for pair in placed if len(pair[1].facts) == 1], dictionary)
            for fact, placed in self._by_fact.items()
        }
        self._kept: dict[Any, Any] = {}

    def outcomes(self, facts: Facts, *, on: date) -> list[Outcome]:
        """The outcome of every comparison, each in its place."""
        found = list(self._untold)
        told = {key: _hashable(value) for key, value in facts.items() if key in self._about}
        for key, value in told.items():
            for place, outcome in self._keep((key, value, on), self._about[key].outcomes, facts[key], on):
                found[place] = outcome
        for place, leaf in self._over_several:
            if not told.keys().isdisjoint(leaf.facts):
                values = tuple([told.get(key) for key in leaf.facts])
                found[place] = self._keep((place, values, on), _outcome, leaf, facts, on)
        return found

    def placed(self, fact: str) -> Placed:
        """The comparisons that look at a fact, with their places."""
        return self._by_fact.get(fact, ())

    def _keep(self, key: Any, work_out: Callable[..., _Kept], *of: Any) -> _Kept:
        found: _Kept | None = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._kept[key] = work_out(*of)
        return found


def _hashable(value: Value) -> Any:
    return frozenset(value.items()) if isinstance(value, Mapping) else value
