"""Reading what a business tells as a whole: value by value, then what follows and what cannot be."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unicodedata import category

from madoguchi.eligibility.rules.contradictions import contradictions
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.values import Range, Trouble, Value, read_value

# The days that a profile can be matched for; far beyond any programme, and no calendar ends there.
FIRST_DAY, LAST_DAY = date(1989, 1, 1), date(2100, 12, 31)


def from_json(text: str | bytes) -> Any:
    """Read JSON that says nothing twice; raises ValueError with a sentence, also on endless nesting."""
    try:
        return json.loads(text, object_pairs_hook=_each_once)
    except RecursionError as error:
        raise ValueError("入れ子が深すぎます。") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        # Counted in one go: a body can hold a hundred thousand names.
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"「{_sayable(twice)}」が二度書かれています。")
    return found


@dataclass
class Told:
    """A profile as far as it could be read; what could not is in `troubles` and counts as not known."""

    facts: dict[str, Value] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


def read_profile(told: Mapping[str, Any], dictionary: Dictionary) -> Told:
    """Read a mapping of fact keys to plain values (JSON). Null means not known; nothing is guessed.

    Who tells the form of a business has told that there is one (`Fact.implies`)."""
    result = Told()
    implied: dict[str, Value] = {}
    for key, raw in told.items():
        if raw is None:
            continue
        fact = dictionary.get(key)
        if fact is None:
            name = _sayable(str(key))
            result.troubles.append(Trouble(name, "unknown_fact", f"「{name}」という項目はありません。"))
            continue
        try:
            result.facts[key] = read_value(fact, raw, dictionary)
        except ValueError as error:
            result.troubles.append(Trouble(key, "bad_value", _sayable(f"{fact.label}: {error}")))
        else:
            implied |= dict(fact.implies)
    for keys, trouble in list(contradictions(result.facts)):
        result.troubles.append(trouble)
        for key in keys:
            result.facts.pop(key, None)
    implied |= _total(result.facts)
    untold = {key: value for key, value in implied.items() if told.get(key) is None}
    result.facts = {**untold, **result.facts}
    return result


def _total(facts: Mapping[str, Value]) -> dict[str, Value]:
    """What the rows of costs come to: at least what is known of them."""
    rows = facts.get("costs")
    if not isinstance(rows, tuple) or not rows:
        return {}
    known_yen = sum(row.yen or 0 for row in rows)
    return {"cost_yen": Range(known_yen, None if any(row.yen is None for row in rows) else known_yen)}


# What is told comes back in sentences: no longer than they need, and nothing that no screen can show.
_LONGEST = 200


def _sayable(text: str) -> str:
    shown = "".join("�" if category(letter) in _UNSEEN else letter for letter in text[:_LONGEST])
    return f"{shown}…" if len(text) > _LONGEST else shown


_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
