"""Rules for measuring: those of a pack, and as many variations of them as asked for."""

import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from madoguchi.eligibility.rules.book import Rule
from madoguchi.eligibility.rules.facts import Dictionary, FactType
from madoguchi.eligibility.rules.parse import Definitions, Parser
from madoguchi.eligibility.rulesets import frame_label, rules_of
from madoguchi.japan import areas, industries
from madoguchi.packs.pack import read_pack
from madoguchi.packs.rule_documents import definitions_of, dictionary_of, document_of

_SCALES = (0.5, 0.6, 0.75, 0.8, 1, 1, 1.25, 1.5, 2, 3)
_LIMITS = {"at_most", "at_least", "less_than", "more_than"}


@dataclass(frozen=True)
class Source:
    """The documents of a pack's rules with what it takes to read them."""

    dictionary: Dictionary
    definitions: Definitions
    documents: Sequence[tuple[str, int, dict[str, Any], tuple[tuple[str, str], ...]]]


def read(directory: Path) -> Source:
    """The rules of a pack; a document that cannot be read yet is left out."""
    pack = read_pack(directory)
    frames = {
        (programme.slug, edition.fiscal_year): tuple((frame.name, frame.variant) for frame in edition.frames)
        for programme in pack.programmes
        for edition in programme.editions
    }
    documents = [
        (
            rules.programme,
            edition.fiscal_year,
            document_of(edition),
            frames[rules.programme, edition.fiscal_year],
        )
        for rules in pack.rules
        for edition in rules.editions
        if (rules.programme, edition.fiscal_year) in frames
    ]
    return Source(dictionary_of(pack), definitions_of(pack), documents)


def grow(source: Source, count: int, *, seed: int = 2023) -> list[Rule]:
    """So many rules: the pack's that state a condition, then variations of them in the same order."""
    chance = random.Random(seed)
    rules: list[Rule] = []
    turn = 0
    while len(rules) < count:
        for slug, year, document, frames in source.documents:
            if document.get("no_stated_requirement"):
                continue
            varied = document if not turn else _Variation(source.dictionary, chance).of(document)
            rules.extend(_rules(source, f"{slug}-{turn}" if turn else slug, year, varied, frames))
        turn += 1
    return rules[:count]


def _rules(
    source: Source, slug: str, year: int, document: dict[str, Any], frames: tuple[tuple[str, str], ...]
) -> Iterator[Rule]:
    parser = Parser(source.dictionary, source.definitions)
    for key, node in rules_of(document, frames, parser).items():
        yield Rule(slug, year, frame_label(key), node)


class _Variation:
    """The same rule with other limits, places, industries and purposes."""

    def __init__(self, dictionary: Dictionary, chance: random.Random) -> None:
        self._dictionary = dictionary
        self._chance = chance

    def of(self, document: dict[str, Any]) -> dict[str, Any]:
        """A changed copy of a document."""
        varied = copy.deepcopy(document)
        self._walk(varied)
        return varied

    def _walk(self, data: Any) -> None:
        if isinstance(data, list):
            for item in data:
                self._walk(item)
        elif isinstance(data, dict):
            if "fact" in data and isinstance(data["fact"], str):
                self._leaf(data)
            for value in data.values():
                self._walk(value)

    def _leaf(self, leaf: dict[str, Any]) -> None:
        fact = self._dictionary.get(leaf["fact"])
        if fact is None:
            return
        if fact.type in (FactType.YEN, FactType.COUNT):
            for operator in _LIMITS & set(leaf):
                leaf[operator] = int(leaf[operator] * self._chance.choice(_SCALES))
        elif fact.type is FactType.AREA and "within" in leaf:
            leaf["within"] = [self._area(code) for code in leaf["within"]]
        elif fact.type is FactType.INDUSTRY and "within" in leaf:
            leaf["within"] = self._chance.sample(_industries(), min(len(leaf["within"]), 12))
        elif fact.type is FactType.SET:
            codes = [choice.code for choice in fact.choices]
            for operator in {"has_any", "has_all"} & set(leaf):
                leaf[operator] = self._chance.sample(codes, min(len(leaf[operator]), len(codes)))

    def _area(self, code: Any) -> str:
        kind = areas.get(str(code)).kind if str(code).isdigit() else areas.AreaKind.PREFECTURE
        alike = [area.code for area in areas.all_areas() if area.kind is kind]
        return self._chance.choice(alike)


def _industries() -> list[str]:
    divisions = industries.divisions()
    return [one.code for division in divisions for one in (division, *industries.major_groups(division.code))]
