"""All rules in reach, compiled once, so that one business gets every verdict with its reasons at once.

A comparison that many rules share is asked once. A rule's explanation depends on nothing but the answers to
its comparisons, so each combination of answers is explained once and kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from madoguchi.eligibility.rules.conditions import Node, leaves
from madoguchi.eligibility.rules.evaluate import Standing, stand
from madoguchi.eligibility.rules.explain import Miss, Reason, deciding, nearest_miss, requirements
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status, Verdict, verdict_of
from madoguchi.eligibility.rules.values import Facts, Value

# Combinations of answers kept for one rule; one that nobody asks for again is dropped with the rest.
_KEPT = 512
# Told facts whose answers are kept.
_TOLD_KEPT = 20_000


@dataclass(frozen=True)
class Explanation:
    """How a rule stands. What explains it is worked out when it is first asked for, and then kept."""

    standing: Standing
    dictionary: Dictionary

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict that follows."""
        return verdict_of(self.standing.status)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every requirement with its answer."""
        return requirements(self.standing)

    @cached_property
    def deciding(self) -> tuple[Reason, ...]:
        """The leaves that settle it, or keep it from being settled."""
        return deciding(self.standing)

    @cached_property
    def miss(self) -> Miss | None:
        """What would have to change for an unmet rule to be met."""
        return nearest_miss(self.standing, self.dictionary)


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one edition and frame."""

    programme: str
    fiscal_year: int
    frame: str
    node: Node


class _Compiled:
    """A rule with the places of its comparisons among all of the book's."""

    def __init__(self, rule: Rule, places: dict[Leaf, int]) -> None:
        self.rule = rule
        numbers = dict.fromkeys(places[leaf] for leaf in leaves(rule.node))
        self.pick: Callable[[Sequence[Status]], Any] = itemgetter(*numbers)
        self.kept: dict[Any, Explanation] = {}

    def keep(self, answers: Any, explanation: Explanation) -> Explanation:
        """Keep an explanation for the next who has the same answers to this rule's comparisons."""
        if len(self.kept) >= _KEPT:
            self.kept.clear()
        self.kept[answers] = explanation
        return explanation


class Book:
    """Rules over one dictionary. Safe to share between threads: what is kept is only ever replaced."""

    def __init__(self, rules: Iterable[Rule], dictionary: Dictionary) -> None:
        self.rules = tuple(rules)
        self.dictionary = dictionary
        places: dict[Leaf, int] = {}
        for rule in self.rules:
            for leaf in leaves(rule.node):
                places.setdefault(leaf, len(places))
        self.leaves = tuple(places)
        # By identity: hashing a comparison costs more than the look-up.
        self._places = {id(leaf): places[leaf] for rule in self.rules for leaf in leaves(rule.node)}
        self._told: dict[tuple[str, Value, date], Sequence[tuple[int, Status]]] = {}
        self._compiled = [_Compiled(rule, places) for rule in self.rules]

    def match(self, facts: Facts, *, on: date) -> list[Explanation]:
        """An explanation for each rule, in the order of `rules`."""
        answers = self.answers(facts, on=on)
        places, shared = self._places, dict[int, Standing]()

        def answer(leaf: Leaf) -> Status:
            return answers[places[id(leaf)]]

        found = []
        for compiled in self._compiled:
            picked = compiled.pick(answers)
            explanation = compiled.kept.get(picked)
            if explanation is None:
                standing = stand(compiled.rule.node, answer, shared)
                explanation = compiled.keep(picked, Explanation(standing, self.dictionary))
            found.append(explanation)
        return found

    def answers(self, facts: Facts, *, on: date) -> list[Status]:
        """The status of every comparison in the book; what looks only at untold facts stays unknown."""
        answers = list(self._untold)
        for key, value in facts.items():
            for place, status in self._answers_to(key, value, on):
                answers[place] = status
        for place, leaf in self._over_several:
            if not facts.keys().isdisjoint(leaf.facts):
                answers[place] = leaf.ask(facts, on)
        return answers

    def _answers_to(self, fact: str, value: Value, on: date) -> Sequence[tuple[int, Status]]:
        """What one told fact answers by itself, kept for the next who tells the same."""
        if isinstance(value, Mapping):
            return self._ask(fact, value, on)
        key = (fact, value, on)
        answers = self._told.get(key)
        if answers is None:
            if len(self._told) >= _TOLD_KEPT:
                self._told.clear()
            answers = self._told[key] = self._ask(fact, value, on)
        return answers

    def _ask(self, fact: str, value: Value, on: date) -> Sequence[tuple[int, Status]]:
        facts = {fact: value}
        alone = (pair for pair in self._by_fact.get(fact, ()) if len(pair[1].facts) == 1)
        return tuple((place, leaf.ask(facts, on)) for place, leaf in alone)

    def placed(self, fact: str) -> list[tuple[int, Leaf]]:
        """The comparisons that look at a fact, with their places among the answers."""
        return self._by_fact.get(fact, [])

    @cached_property
    def _untold(self) -> list[Status]:
        return [leaf.ask({}, date.min) if not leaf.facts else Status.UNKNOWN for leaf in self.leaves]

    @cached_property
    def _over_several(self) -> list[tuple[int, Leaf]]:
        return [(place, leaf) for place, leaf in enumerate(self.leaves) if len(leaf.facts) > 1]

    @cached_property
    def _by_fact(self) -> dict[str, list[tuple[int, Leaf]]]:
        by_fact: dict[str, list[tuple[int, Leaf]]] = {}
        for place, leaf in enumerate(self.leaves):
            for key in leaf.facts:
                by_fact.setdefault(key, []).append((place, leaf))
        return by_fact
