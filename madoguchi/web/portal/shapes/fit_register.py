"""What a register of companies or the own record answers: facts that a question would have asked for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from madoguchi.businesses.choices import Source
from madoguchi.businesses.facts import FIELDS, facts_of, sources_of
from madoguchi.businesses.models import Business
from madoguchi.businesses.registers.looking_up import Entry
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.values import read_value

Given = Mapping[str, tuple[Any, Source]]


def given_by(entry: Entry, dictionary: Dictionary) -> dict[str, tuple[Any, Source]]:
    """The answers of a register, by the key of the fact, with the register that said each."""
    found = {key: entry.said[name] for key, name in FIELDS.items() if name in entry.said}
    return _readable({key: (said.value, said.source) for key, said in found.items()}, dictionary)


def given_by_record(
    business: Business, dictionary: Dictionary, *, on: date, with_figures: bool
) -> dict[str, tuple[Any, Source]]:
    """The answers of a business's record, by the key of the fact, with who said each."""
    told = facts_of(business, on=on, with_figures=with_figures)
    sources = sources_of(business, told, on=on)
    # Without an origin the record has it from whoever keeps the record.
    return _readable(
        {key: (plain, sources.get(key, Source.OWNER)) for key, plain in told.items()}, dictionary
    )


def _readable(given: Given, dictionary: Dictionary) -> dict[str, tuple[Any, Source]]:
    """What the dictionary of this installation can read."""
    found: dict[str, tuple[Any, Source]] = {}
    for key, (plain, source) in given.items():
        fact = dictionary.get(key)
        if fact is None:
            continue
        try:
            read_value(fact, plain, dictionary)
        except ValueError:
            continue
        found[key] = (plain, source)
    return found


def filled(answers: Mapping[str, Any], given: Mapping[str, tuple[Any, Source]]) -> dict[str, Any]:
    """The visitor's answers with the register's beside them; what the visitor knows goes first."""
    known = {key: plain for key, plain in answers.items() if plain is not None}
    return {**answers, **{key: plain for key, (plain, _) in given.items()}, **known}
