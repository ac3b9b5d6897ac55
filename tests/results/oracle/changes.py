"""One digit changed: in a printed text, in the pack, in the oracle; and a pack that says what was keyed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from tests.results.oracle.pack import Pack, Results, cells_of, code, raw_of
from tests.results.oracle.tables import Oracle, Row, Token, plain, spans


def digits_changed(number: str) -> Iterator[str]:
    """The number with one of its digits another one, for each of its digits."""
    for at, digit in enumerate(number):
        if digit.isdecimal():
            yield f"{number[:at]}{(int(digit) + 1) % 10}{number[at + 1 :]}"


def texts_changed(text: str, position: int) -> Iterator[str]:
    """The text with one digit changed in the item at this position, for each of its digits."""
    found = spans(text)[position]
    for number in digits_changed(found.group()):
        yield f"{text[: found.start()]}{number}{text[found.end() :]}"


@dataclass(frozen=True)
class Change:
    """An indicator of the pack with one digit changed, and the keyed token that tells otherwise."""

    token: Token
    indicator: dict[str, Any]


def _with_cell(indicator: dict[str, Any], year: str, cell: Any) -> dict[str, Any]:
    if year == "undated":
        return indicator | {"undated": cell}
    return indicator | {"values": indicator["values"] | {year: cell}}


def indicators_changed(row: Row, indicator: dict[str, Any]) -> Iterator[Change]:
    """The indicator with one digit changed, for each digit of each number of its cells and their parts."""
    cells = cells_of(indicator)
    for year, cell in cells.items():
        raw, rest = raw_of(cell), cell if isinstance(cell, dict) else None
        tokens = [token for token in row if token.year == year]
        holders = [token for token in tokens for _ in token.items]
        for position, token in enumerate(holders):
            for changed in texts_changed(raw, position):
                new = changed if rest is None else rest | {"raw": changed}
                yield Change(token, _with_cell(indicator, year, new))
        for position, token in enumerate(t for t in tokens if t.what == "value"):
            parts = (rest or {}).get("parts", [])
            for number in digits_changed(parts[position]["number"]) if parts else ():
                new_parts = [*parts[:position], parts[position] | {"number": number}, *parts[position + 1 :]]
                yield Change(token, _with_cell(indicator, year, (rest or {}) | {"parts": new_parts}))


def oracles_changed(oracle: Oracle, token: Token) -> Iterator[Oracle]:
    """The oracle with one digit of this token changed, for each digit."""
    at = oracle.tokens.index(token)
    for printed in digits_changed(token.printed):
        changed = replace(token, printed=printed)
        yield replace(oracle, tokens=(*oracle.tokens[:at], changed, *oracle.tokens[at + 1 :]))


def written(oracle: Oracle) -> Pack:
    """A pack that says what was keyed, every cell with its parts beside the text."""
    slugs = {place: f"p-{row.same_as or place}" for place, row in oracle.lists.items()}
    listings = {
        code(mark): {
            "stated_subtotal_thousand_yen": plain(stated),
            "rows": [
                {
                    "no": str(place.number),
                    "project": slugs[place],
                    "printed_cost_thousand_yen": plain(row.cost),
                    "new": str(bool(row.new)).lower(),
                    "repeat": str(bool(row.repeat)).lower(),
                    "page": row.page,
                    "policies": ["p6", "p7"] if row.circles == "2" else "null",
                }
                for place, row in oracle.lists.items()
                if place.mark == mark
            ],
        }
        for mark, (stated, _) in oracle.subtotals.items()
    }
    projects = {slugs[place]: {"cost_thousand_yen": plain(row.cost)} for place, row in oracle.lists.items()}
    results = {
        slugs[row.place]: [Results(code(row.place.mark), [_indicator(one) for one in oracle.rows(row.place)])]
        for row in oracle.originals
    }
    return Pack(listings, projects, results)


def _indicator(row: Row) -> dict[str, Any]:
    cells = {
        year: _cell(list(tokens))
        for year, tokens in groupby((t for t in row if t.what != "name"), key=lambda token: token.year)
    }
    counting = "cumulative" if all(t.cumulative for t in row if t.what == "value") else "each"
    lines = ",".join(str(token.line) for token in row)
    undated = {"undated": cells.pop("undated")} if "undated" in cells else {}
    return {"key": str(row[0]), "counting": counting, "values": cells, "lines": lines, **undated}


def _cell(tokens: list[Token]) -> dict[str, Any]:
    return {
        "raw": " ".join(token.shown for token in tokens),
        "parts": [
            {
                "number": plain(token.printed),
                "unit": token.unit,
                "cumulative": str(token.cumulative == "cell").lower(),
                "as_of": token.as_of,
            }
            for token in tokens
            if token.what == "value"
        ],
    }
