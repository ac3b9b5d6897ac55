"""The dictionary of an installation: the nationwide facts and definitions, and what the region pack adds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.eligibility.rules.facts import Change, Choice, Dictionary, Fact, FactType, Sensitivity
from madoguchi.foundation import yaml_reader
from madoguchi.japan import areas, industries
from madoguchi.japan.digits import half_width

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Additions:
    """What a pack adds: facts, choices of core facts, and programmes of others that its rules name."""

    facts: Sequence[Mapping[str, Any]] = ()
    choices: Sequence[Mapping[str, Any]] = ()
    elsewhere: Sequence[Mapping[str, Any]] = ()


@cache
def core_facts() -> tuple[Fact, ...]:
    """The facts that hold for any region."""
    return tuple(fact_of(row) for row in yaml_reader.read(_HERE / "facts.yaml").data["facts"])


@cache
def core_definitions() -> dict[tuple[str, str], dict[str, Any]]:
    """The definitions of national law by name and version."""
    rows = yaml_reader.read(_HERE / "definitions.yaml").data["definitions"]
    return {(row["name"], row["version"]): row for row in rows}


def fact_of(row: Mapping[str, Any]) -> Fact:
    """A fact from its plain data. Raises KeyError or ValueError when it is not well formed."""
    plain = dict(row)
    plain["type"] = FactType(plain["type"])
    plain["change"] = Change[plain.get("change", "possible").upper()]
    plain["sensitivity"] = Sensitivity(plain.get("sensitivity", "business"))
    plain["choices"] = tuple(Choice(**choice) for choice in plain.get("choices", ()))
    plain["usual"] = tuple(plain.get("usual", {}).items())
    plain["implies"] = tuple(plain.get("implies", {}).items())
    return Fact(**plain)


def build(
    additions: Additions, *, programmes: Mapping[str, str], groupings: Iterable[areas.Grouping] = ()
) -> Dictionary:
    """The whole dictionary. Raises ValueError with a Japanese sentence when an addition does not fit.

    `programmes` gives the names by which rules may speak of other programmes."""
    facts = {fact.key: fact for fact in core_facts()}
    for row in additions.facts:
        if row["key"] in facts:
            raise ValueError(f"項目「{row['key']}」は、すでにあります")
        facts[row["key"]] = fact_of(row)
    for row in additions.choices:
        fact = facts.get(row["fact"])
        if fact is None or fact.type not in (FactType.CHOICE, FactType.SET):
            raise ValueError(f"選択肢を足せる項目「{row['fact']}」は、ありません")
        choice = Choice(row["code"], row["label"], row.get("parent", ""))
        if any(choice.code == there.code for there in fact.choices):
            raise ValueError(f"「{fact.label}」の選択肢「{choice.code}」は、すでにあります")
        facts[fact.key] = replace(fact, choices=(*fact.choices, choice))
    names = {**programmes, **{row["key"]: row["label"] for row in additions.elsewhere}}
    return Dictionary(facts, _Areas(tuple(groupings)), _Industries(), names)


class _Areas:
    """Municipalities within 圏域, prefectures and the nation."""

    def __init__(self, groupings: tuple[areas.Grouping, ...]) -> None:
        self._groupings = groupings
        self._codes = {grouping.code for grouping in groupings}
        self._known: dict[str, tuple[str, ...]] = {}

    def canonical(self, code: str) -> str:
        """Six digits, or the code of a 圏域."""
        return code if code in self._codes else areas.get(code).code

    def ancestors(self, code: str) -> tuple[str, ...]:
        """What contains an area."""
        if code not in self._known:
            self._known[code] = areas.ancestors(code, groupings=self._groupings)
        return self._known[code]

    def members(self, code: str) -> tuple[str, ...]:
        """The municipalities of a 圏域, sorted."""
        found = next((each.members for each in self._groupings if each.code == code), frozenset())
        return tuple(sorted(found))


class _Industries:
    """日本標準産業分類: 3911 lies in 391, 39 and G."""

    def canonical(self, code: str) -> str:
        """A letter, or two to four digits."""
        plain = half_width(code).upper()
        if not re.fullmatch("[A-Z]|[0-9]{2,4}", plain):
            raise ValueError(f"「{code}」という産業分類のコードはありません。")
        industries.get(plain[:2])
        return plain

    def ancestors(self, code: str) -> tuple[str, ...]:
        """What contains an industry."""
        if not code.isdigit():
            return ()
        return (*(code[:length] for length in range(len(code) - 1, 1, -1)), industries.get(code[:2]).parent)

    def members(self, code: str) -> tuple[str, ...]:
        """None: no two of them overlap."""
        return ()
