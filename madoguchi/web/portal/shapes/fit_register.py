"""What a register of companies answers for a visitor: facts that a question would have asked for."""

from collections.abc import Mapping
from typing import Any

from madoguchi.businesses.choices import Source
from madoguchi.businesses.registers.looking_up import Entry
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.values import read_value

# The field of a business that answers each fact.
_ANSWERED_BY = {
    "area": "area_code",
    "legal_form": "legal_form",
    "industry": "industry",
    "capital_yen": "capital_yen",
    "employees": "employees",
    "established_on": "founded_on",
}


def given_by(entry: Entry, dictionary: Dictionary) -> dict[str, tuple[Any, Source]]:
    """The answers of a register, by the key of the fact, with the register that said each.

    What the dictionary of this installation cannot read is left out.
    """
    found: dict[str, tuple[Any, Source]] = {}
    for key, name in _ANSWERED_BY.items():
        fact, said = dictionary.get(key), entry.said.get(name)
        if fact is None or said is None:
            continue
        try:
            read_value(fact, said.value, dictionary)
        except ValueError:
            continue
        found[key] = (said.value, said.source)
    return found


def filled(answers: Mapping[str, Any], given: Mapping[str, tuple[Any, Source]]) -> dict[str, Any]:
    """The visitor's answers with the register's beside them; what the visitor knows goes first."""
    known = {key: plain for key, plain in answers.items() if plain is not None}
    return {**answers, **{key: plain for key, (plain, _) in given.items()}, **known}
