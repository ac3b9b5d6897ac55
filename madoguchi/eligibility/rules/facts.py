"""The dictionary of facts: what a business can say of itself, in which form, and what its codes mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Protocol


class FactType(StrEnum):
    """The form a fact is told in."""

    YEN = "yen"
    COUNT = "count"
    PERCENT = "percent"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    INDUSTRY = "industry"
    AREA = "area"
    SET = "set"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    COSTS = "costs"
    """Rows of costs with their kind: what grants are worked out from. No condition compares them."""


NUMBERS = frozenset({FactType.YEN, FactType.COUNT, FactType.PERCENT})
CODES = frozenset({FactType.CHOICE, FactType.INDUSTRY, FactType.AREA})
SERIES = frozenset({FactType.MONTHLY, FactType.YEARLY})


class Change(IntEnum):
    """How far someone can change a fact before applying: the weight of a miss."""

    EASY = 1
    POSSIBLE = 4
    HARD = 20
    FIXED = 1000


class Sensitivity(StrEnum):
    """What kind of knowledge a fact is."""

    OPEN = "open"
    BUSINESS = "business"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Choice:
    """One code of a choice or a set; `parent` is the wider code it belongs to."""

    code: str
    label: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a business can say of itself, with the question that asks for it."""

    key: str
    label: str
    type: FactType
    question: str
    unit: str = ""
    help: str = ""
    where: str = ""
    sensitivity: Sensitivity = Sensitivity.BUSINESS
    change: Change = Change.POSSIBLE
    signed: bool = False
    choices: tuple[Choice, ...] = ()
    usual: tuple[tuple[str, int], ...] = ()
    """How usual answers are, in parts of a whole; what is not named counts as one part."""
    implies: tuple[tuple[str, str], ...] = ()
    """What telling this fact, whatever its value, says of other facts."""

    def label_of(self, code: str) -> str:
        """The words of a choice, or the code itself."""
        return next((choice.label for choice in self.choices if choice.code == code), code)


# Facts about other programmes come in families: "used:SLUG" and so on.
_FAMILIES: dict[str, tuple[FactType, str, str, Change]] = {
    "used": (
        FactType.COUNT,
        "「{name}」を使った回数",
        "「{name}」を、これまでに何回使いましたか。",
        Change.FIXED,
    ),
    "adopted": (
        FactType.BOOLEAN,
        "「{name}」の採択・承認",
        "「{name}」に採択（承認・指定）されていますか。",
        Change.HARD,
    ),
    "receives": (
        FactType.BOOLEAN,
        "「{name}」を同じ目的で受けている",
        "同じ目的で「{name}」を受けていますか（受ける予定ですか）。",
        Change.POSSIBLE,
    ),
}


class Hierarchy(Protocol):
    """Codes that lie inside wider ones."""

    def canonical(self, code: str) -> str:
        """The one spelling of a code. Raises ValueError on an unknown code."""

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The wider codes of a code in its one spelling, nearest first, without itself."""

    def members(self, code: str) -> tuple[str, ...]:
        """What makes up a code that may overlap others, such as the municipalities of a 圏域; else none."""


# Without repr: an error page would print every fact.
@dataclass(frozen=True, repr=False)
class Dictionary:
    """All facts of an installation, the hierarchies of their codes, and the names of programmes."""

    facts: Mapping[str, Fact]
    areas: Hierarchy
    industries: Hierarchy
    programmes: Mapping[str, str] = field(default_factory=dict)

    def get(self, key: str) -> Fact | None:
        """The fact of a key, those about programmes included; None when there is none."""
        if key in self.facts:
            return self.facts[key]
        family, _, slug = key.partition(":")
        if family not in _FAMILIES or slug not in self.programmes:
            return None
        kind, label, question, change = _FAMILIES[family]
        name = self.programmes[slug]
        return Fact(
            key=key,
            label=label.format(name=name),
            type=kind,
            unit="回" if kind is FactType.COUNT else "",
            question=question.format(name=name),
            where="交付決定や採択の通知",
            change=change,
        )

    def canonical(self, fact: Fact, code: str) -> str:
        """The one spelling of a code of this fact; raises ValueError on a code it does not have."""
        if fact.type is FactType.AREA:
            return self.areas.canonical(code)
        if fact.type is FactType.INDUSTRY:
            return self.industries.canonical(code)
        if code not in self._chains.get(fact.key, {}):
            raise ValueError(f"「{code}」という選択肢はありません。")
        return code

    def ancestors(self, fact: Fact, code: str) -> tuple[str, ...]:
        """The wider codes of a code in its one spelling, nearest first."""
        if fact.type is FactType.AREA:
            return self.areas.ancestors(code)
        if fact.type is FactType.INDUSTRY:
            return self.industries.ancestors(code)
        return self._chains[fact.key][code]

    def around(self, fact: Fact, code: str) -> frozenset[str]:
        """The codes that may hold a code or a part of it: who tells one of them may mean this one."""
        parts = (code, *(self.areas.members(code) if fact.type is FactType.AREA else ()))
        return frozenset(above for part in parts for above in self.ancestors(fact, part)) - {code}

    @cached_property
    def _chains(self) -> dict[str, dict[str, tuple[str, ...]]]:
        return {fact.key: _chains(fact.choices) for fact in self.facts.values() if fact.choices}


def _chains(choices: Iterable[Choice]) -> dict[str, tuple[str, ...]]:
    parents = {choice.code: choice.parent for choice in choices}
    chains: dict[str, tuple[str, ...]] = {}
    for code, parent in parents.items():
        chain: list[str] = []
        above = parent
        while above and above not in chain:
            chain.append(above)
            above = parents.get(above, "")
        chains[code] = tuple(chain)
    return chains
