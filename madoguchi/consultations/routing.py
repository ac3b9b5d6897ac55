"""Which desk a request goes to and why. Plain Python: rules and requests come in, a decision goes out.

A desk that the business chose goes first, then that of the programme it came from, if somebody reads
there; of the rules the first that fits decides. Secret topics go by the rules alone.
Where topics lead to different desks the general desk sorts it.
Of secret and ordinary topics the secret ones alone decide, so that a secret is told to as few as possible.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from madoguchi.japan import areas, industries
from madoguchi.japan.areas import Grouping


class Looked(StrEnum):
    """What a condition looks at."""

    TOPICS = "topics"
    AREAS = "areas"
    INDUSTRIES = "industries"
    EMPLOYEES = "employees_at_most"
    ANSWERS = "answers"
    LANGUAGES = "languages"


class How(StrEnum):
    """How a decision came about."""

    RULE = "rule"
    PROGRAMME = "programme"
    CHOSEN = "chosen"
    AMBIGUOUS = "ambiguous"
    NONE = "none"


@dataclass(frozen=True)
class Asked:
    """What a request tells; what it does not tell is empty."""

    topics: tuple[str, ...] = ()
    secret_topics: frozenset[str] = frozenset()
    area: str = ""
    industry: str = ""
    employees: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    language: str = "ja"
    chosen_desk: str = ""
    # The own desk of the programme that the business came from.
    programme_desk: str = ""

    @property
    def deciding(self) -> tuple[str, ...]:
        """The topics that decide: the secret ones, if there are any."""
        return tuple(code for code in self.topics if code in self.secret_topics) or self.topics


@dataclass(frozen=True)
class Rule:
    """One routing rule; `number` is its place in the table, from 1."""

    number: int
    conditions: Mapping[str, Any]
    desk: str
    because: str


@dataclass(frozen=True)
class Condition:
    """One condition of a rule, what it wants and what the request told."""

    looked: Looked
    wanted: tuple[str, ...]
    told: tuple[str, ...]
    holds: bool
    question: str = ""


@dataclass(frozen=True)
class Trial:
    """A rule held against a request, condition by condition."""

    rule: Rule
    conditions: tuple[Condition, ...]

    @property
    def fits(self) -> bool:
        """Whether every condition holds; a rule without conditions always fits."""
        return all(condition.holds for condition in self.conditions)


@dataclass(frozen=True)
class Absence:
    """Days on which another desk takes what comes for one; both days count."""

    desk: str
    begins: date
    ends: date
    instead: str
    note: str


@dataclass(frozen=True)
class Setting:
    """What a region's desks are like on a day: `usable` are those that exist and where somebody reads."""

    rules: Sequence[Rule]
    general_desk: str
    usable: Collection[str]
    groupings: Collection[Grouping] = ()
    absences: Collection[Absence] = ()


@dataclass(frozen=True)
class Decision:
    """Where a request goes. `wanted_desk` is the one decided on, where another stands in for it."""

    desk: str
    how: How
    rule: Rule | None = None
    wanted_desk: str = ""
    absence: Absence | None = None


def decide(asked: Asked, setting: Setting, *, on: date) -> Decision:
    """The desk for a request on a day; always one, at the last the general desk."""
    decision = _decide(asked, setting)
    absence = _absence(decision.desk, setting.absences, on=on)
    if absence:
        decision = replace(
            decision, desk=absence.instead, wanted_desk=decision.wanted_desk or decision.desk, absence=absence
        )
    if decision.desk not in setting.usable and decision.desk != setting.general_desk:
        decision = replace(
            decision, desk=setting.general_desk, wanted_desk=decision.wanted_desk or decision.desk
        )
    return decision


def _decide(asked: Asked, setting: Setting) -> Decision:
    if not asked.secret_topics & set(asked.topics):
        if asked.chosen_desk:
            return Decision(asked.chosen_desk, How.CHOSEN)
        if asked.programme_desk in setting.usable:
            return Decision(asked.programme_desk, How.PROGRAMME)
    ways = [_first(replace(asked, topics=(topic,)), setting) for topic in asked.deciding]
    rules = {rule.number: rule for rule in (ways or [_first(asked, setting)]) if rule}
    if not rules:
        return Decision(setting.general_desk, How.NONE)
    first = rules[min(rules)]
    if len({rule.desk for rule in rules.values()}) > 1:
        return Decision(setting.general_desk, How.AMBIGUOUS)
    return Decision(first.desk, How.RULE, first)


def _first(asked: Asked, setting: Setting) -> Rule | None:
    return next((rule for rule in setting.rules if held_against(rule, asked, setting.groupings).fits), None)


def held_against(rule: Rule, asked: Asked, groupings: Collection[Grouping] = ()) -> Trial:
    """Every condition of a rule with whether it holds: why the rule fires, or does not."""
    return Trial(
        rule,
        tuple(
            condition
            for looked in Looked
            if looked in rule.conditions
            for condition in _conditions(looked, rule.conditions[looked], asked, groupings)
        ),
    )


def _conditions(
    looked: Looked, wanted: Any, asked: Asked, groupings: Collection[Grouping]
) -> list[Condition]:
    match looked:
        case Looked.TOPICS:
            told = asked.deciding
            return [Condition(looked, tuple(wanted), told, bool(set(told) & set(wanted)))]
        case Looked.AREAS:
            holds = bool(asked.area) and any(
                areas.covers(wide, asked.area, groupings=groupings) for wide in wanted
            )
            return [Condition(looked, tuple(wanted), _told(asked.area), holds)]
        case Looked.INDUSTRIES:
            holds = bool(asked.industry) and any(industries.within(asked.industry, wide) for wide in wanted)
            return [Condition(looked, tuple(wanted), _told(asked.industry), holds)]
        case Looked.EMPLOYEES:
            told = () if asked.employees is None else (str(asked.employees),)
            holds = asked.employees is not None and asked.employees <= wanted
            return [Condition(looked, (str(wanted),), told, holds)]
        case Looked.ANSWERS:
            return [
                Condition(looked, tuple(values), _told(told), told in values, question)
                for question, values in wanted.items()
                for told in [asked.answers.get(question, "")]
            ]
        case Looked.LANGUAGES:
            return [Condition(looked, tuple(wanted), _told(asked.language), asked.language in wanted)]


def _told(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _absence(desk: str, absences: Collection[Absence], *, on: date) -> Absence | None:
    """The absence that leads on to a desk that is there; followed from desk to desk, never in a circle."""
    found, seen, now = None, {desk}, desk
    while absence := next(
        (row for row in absences if row.desk == now and row.begins <= on <= row.ends), None
    ):
        if absence.instead in seen:
            break
        seen.add(absence.instead)
        found, now = absence, absence.instead
    return found
