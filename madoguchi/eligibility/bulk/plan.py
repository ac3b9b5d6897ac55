"""Rules as one four-valued graph in which every comparison and every shared part stands once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from madoguchi.eligibility.rules.book import Rule
from madoguchi.eligibility.rules.conditions import Condition, Group, Node, Not
from madoguchi.eligibility.rules.leaves import Leaf


@dataclass(frozen=True, slots=True)
class Ask:
    """The answer to a comparison."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `n` of other parts, named by their places."""

    n: int
    of: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opposite:
    """Another part must not hold."""

    of: int


Part = Ask | AtLeast | Opposite


@dataclass(frozen=True)
class Plan:
    """Parts in an order in which each comes after those it is made of, and the part of each rule."""

    rules: tuple[Rule, ...]
    on: date
    parts: tuple[Part, ...]
    roots: tuple[int, ...]

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every comparison once."""
        return tuple(part.leaf for part in self.parts if isinstance(part, Ask))

    @cached_property
    def facts(self) -> frozenset[str]:
        """The keys of the facts that any rule looks at."""
        return frozenset(key for leaf in self.leaves for key in leaf.facts)


def make_plan(rules: Iterable[Rule], *, on: date) -> Plan:
    """The plan of some rules for applications on a day."""
    kept = tuple(rules)
    places: dict[Part, int] = {}
    roots = tuple(_place(rule.node, places) for rule in kept)
    return Plan(kept, on, tuple(places), roots)


def _place(node: Node, places: dict[Part, int]) -> int:
    part: Part
    if isinstance(node, Condition):
        part = Ask(node.leaf)
    elif isinstance(node, Group):
        of = tuple(_place(inner, places) for inner in node.of)
        if len(of) == 1:
            return of[0]
        part = AtLeast(node.n, of)
    elif isinstance(node, Not):
        part = Opposite(_place(node.node, places))
    else:
        return _place(node.node, places)
    return places.setdefault(part, len(places))
