"""All rules in reach, compiled once, so that one business gets every verdict with its reasons at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.eligibility.rules.comparisons import Comparisons
from madoguchi.eligibility.rules.composed import Composer
from madoguchi.eligibility.rules.conditions import Node, leaves
from madoguchi.eligibility.rules.explain import Explanation
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one edition and frame."""

    programme: str
    fiscal_year: int
    frame: str
    node: Node


class Book:
    """Rules over one dictionary. Safe to share between threads: what is kept is only ever replaced."""

    def __init__(self, rules: Iterable[Rule], dictionary: Dictionary) -> None:
        self.rules = tuple(rules)
        self.dictionary = dictionary
        nodes = [rule.node for rule in self.rules]
        self._comparisons = Comparisons((leaf for node in nodes for leaf in leaves(node)), dictionary)
        self._composer = Composer(nodes, self._comparisons.places, dictionary)
        self.leaves = tuple(self._comparisons.places)

    def match(self, facts: Facts, *, on: date) -> list[Explanation]:
        """An explanation for each rule, in the order of `rules`."""
        return self._composer.explanations(self._comparisons.outcomes(facts, on=on))

    def answers(self, facts: Facts, *, on: date) -> list[Status]:
        """The status of every comparison in the book; what looks only at untold facts stays unknown."""
        return [outcome.status for outcome in self._comparisons.outcomes(facts, on=on)]

    def placed(self, fact: str) -> Sequence[tuple[int, Leaf]]:
        """The comparisons that look at a fact, with their places among the answers."""
        return self._comparisons.placed(fact)
