"""Checking what a pack adds to the dictionary of facts: nothing twice, nothing that hangs in the air."""

from collections.abc import Iterator

from pydantic import BaseModel

from madoguchi.eligibility import dictionary
from madoguchi.eligibility.rules.facts import FactType
from madoguchi.foundation.yaml_reader import Position
from madoguchi.packs import schema_rules
from madoguchi.packs.pack import Pack

Finding = tuple[BaseModel, Position, str]


def findings(pack: Pack) -> Iterator[Finding]:
    """Every addition that does not fit, by its place."""
    core = dictionary.core_facts()
    codes = {
        fact.key: {choice.code for choice in fact.choices}
        for fact in core
        if fact.type in (FactType.CHOICE, FactType.SET)
    }
    keys = {fact.key for fact in core}
    for file in pack.facts:
        for index, fact in enumerate(file.facts):
            if fact.key in keys:
                yield file, ("facts", index, "key"), f"項目「{fact.key}」は、すでにあります"
            keys.add(fact.key)
            if fact.choices:
                codes.setdefault(fact.key, set())
                yield from _choices(file, ("facts", index, "choices"), fact.choices, codes[fact.key])
    for file in pack.facts:
        for index, choice in enumerate(file.choices):
            at: Position = ("choices", index)
            if choice.fact not in codes:
                yield file, (*at, "fact"), f"選択肢を足せる項目「{choice.fact}」は、ありません"
            else:
                yield from _choice(file, at, choice, codes[choice.fact])
    yield from _elsewhere(pack)


def _choices(
    file: schema_rules.Facts, at: Position, choices: list[schema_rules.Choice], codes: set[str]
) -> Iterator[Finding]:
    for index, choice in enumerate(choices):
        yield from _choice(file, (*at, index), choice, codes)


def _choice(
    file: schema_rules.Facts, at: Position, choice: schema_rules.Choice, codes: set[str]
) -> Iterator[Finding]:
    """A wider code stands before those under it, so that no code can lie under itself."""
    if choice.parent is not None and choice.parent not in codes:
        yield file, (*at, "parent"), f"上の選択肢「{choice.parent}」が、これより前にありません"
    if choice.code in codes:
        yield file, (*at, "code"), f"選択肢「{choice.code}」は、すでにあります"
    codes.add(choice.code)


def _elsewhere(pack: Pack) -> Iterator[Finding]:
    names = {programme.slug for programme in pack.programmes}
    for file in pack.facts:
        for index, row in enumerate(file.elsewhere):
            if row.key in names:
                yield file, ("elsewhere", index, "key"), f"制度「{row.key}」は、すでにあります"
            names.add(row.key)
