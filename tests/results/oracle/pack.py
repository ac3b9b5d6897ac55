"""A region's pack against the oracle, to the last digit: listings, projects and results."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from tests.results.oracle.tables import ListRow, Oracle, Place, Row, Token, items, plain
from tests.results.oracle.text import differences, of_token

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Results:
    """A project's indicators with the file they stand in."""

    file: str
    indicators: list[dict[str, Any]]


@dataclass(frozen=True)
class Pack:
    """What the pack's files say, as they say it."""

    listings: dict[str, dict[str, Any]]
    projects: dict[str, dict[str, Any]]
    results: dict[str, list[Results]]


def _documents(folder: Path, names: str = "*") -> Iterable[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob(f"{names}.yaml")):
        # Texts only: no number is rounded, and the key no is not false.
        yield path.stem, yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (texts only)


def load_pack(place: Path) -> Pack:
    """The listings and projects of the pack in this folder, and the results of the report's lists."""
    listings: dict[str, dict[str, Any]] = {}
    projects: dict[str, dict[str, Any]] = {}
    results: dict[str, list[Results]] = {}
    for _, document in _documents(place / "projects"):
        listings |= {listing["code"]: listing for listing in document.get("listings", ())}
        projects |= {project["slug"]: project for project in document.get("projects", ())}
    for file, document in _documents(place / "results", "policy-*"):
        for result in document.get("results", ()):
            found = Results(file, result.get("indicators", []))
            results.setdefault(result["project"], []).append(found)
    return Pack(listings, projects, results)


def code(mark: str) -> str:
    """The pack's code of a list: ⑥⑦ is policy-67."""
    return f"policy-{unicodedata.normalize('NFKC', mark)}"


def slug(pack: Pack, place: Place) -> str:
    """The project that the pack lists at a place, or nothing."""
    rows = pack.listings.get(code(place.mark), {}).get("rows", [])
    return next((row["project"] for row in rows if row["no"] == str(place.number)), "")


def listing_problems(oracle: Oracle, pack: Pack) -> list[str]:
    """Where the pack's listings and the costs of its projects differ from what was keyed."""
    problems = []
    for mark, (stated, _) in oracle.subtotals.items():
        listing = pack.listings.get(code(mark), {})
        ours = [str(place.number) for place in oracle.lists if place.mark == mark]
        if (theirs := [row["no"] for row in listing.get("rows", [])]) != ours:
            problems.append(f"{mark}: the pack lists {theirs}")
        subtotal = listing.get("stated_subtotal_thousand_yen")
        if subtotal != plain(stated):
            problems.append(f"{mark} subtotal: keyed {stated}, the pack has {subtotal}")
        for row in listing.get("rows", []):
            if keyed := oracle.lists.get(Place(mark, int(row["no"]))):
                problems += listed_row_problems(keyed, row)
    for place in oracle.lists:
        problems += listed_project_problems(oracle, pack, place)
    return problems


def listed_row_problems(keyed: ListRow, row: dict[str, Any]) -> list[str]:
    """Where a row of the pack's listings differs."""
    told = {
        "cost": (plain(keyed.cost), row.get("printed_cost_thousand_yen")),
        "new": (bool(keyed.new), row.get("new") == "true"),
        "repeat": (bool(keyed.repeat), row.get("repeat") == "true"),
        "page": (keyed.page, row.get("page")),
    }
    if keyed.circles:
        told["both policies"] = (keyed.circles == "2", row.get("policies") == ["p6", "p7"])
    return [
        f"{keyed.place} {what} in the list: keyed {ours}, the pack has {theirs}"
        for what, (ours, theirs) in told.items()
        if ours != theirs
    ]


def listed_project_problems(oracle: Oracle, pack: Pack, place: Place) -> list[str]:
    """Where the project that the pack lists at a place costs otherwise, or is not the one it repeats."""
    project, keyed = slug(pack, place), oracle.lists[place]
    cost = pack.projects.get(project, {}).get("cost_thousand_yen")
    problems = []
    if cost != plain(oracle.page(place).cost):
        problems.append(f"{place} cost on the page: keyed {oracle.page(place).cost}, {project} has {cost}")
    if keyed.same_as and slug(pack, keyed.same_as) != project:
        problems.append(f"{place}: {project}, but it repeats {keyed.same_as}, {slug(pack, keyed.same_as)}")
    return problems


def result_problems(oracle: Oracle, pack: Pack) -> list[str]:
    """Where the pack's results differ from what was keyed; a repeat's are those of the row it repeats."""
    problems = []
    keyed = {slug(pack, row.place): row.place for row in oracle.originals}
    for project, place in keyed.items():
        problems += project_problems(oracle.rows(place), pack.results.get(project, []))
    unknown = sorted(set(pack.results) - set(keyed))
    return problems + [f"{project}: results of a project that no list names" for project in unknown]


def printed_problems(oracle: Oracle, pack: Pack, lines: list[str]) -> list[str]:
    """Rows whose name and cells are not, letter for letter, what stands on the lines that the pack gives.

    The order is left aside: the text takes the cells of two columns apart, and spaces say nothing."""
    problems = []
    for place in (row.place for row in oracle.originals):
        for result in pack.results.get(slug(pack, place), []):
            for number, indicator in enumerate(result.indicators, 1):
                stated = sorted(lines_of(indicator["lines"]))
                printed = "".join(lines[stated[0] - 1 : stated[-1]])
                told = indicator["name"] + "".join(map(raw_of, cells_of(indicator).values()))
                if differing := _letters(told) - _letters(printed) | _letters(printed) - _letters(told):
                    letters = "".join(sorted(differing))
                    problems.append(f"{place} row {number} (line {stated[0]}): not as printed in {letters}")
    return problems


def _letters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


def project_problems(rows: list[Row], found: list[Results]) -> list[str]:
    """Where the results of one project differ."""
    place = rows[0][0].place
    if len(found) != 1 or found[0].file != code(place.mark):
        return [f"{place}: its results stand in {[one.file for one in found]}"]
    indicators = found[0].indicators
    if len(indicators) != len(rows):
        return [f"{place}: keyed {len(rows)} rows, the pack has {len(indicators)}"]
    return [
        problem
        for row, indicator in zip(rows, indicators, strict=True)
        for problem in row_problems(row, indicator)
    ]


def cells_of(indicator: dict[str, Any]) -> dict[str, Any]:
    """The cells of an indicator by year, what belongs to no single year as "undated"."""
    return dict(indicator.get("values", {})) | (
        {"undated": indicator["undated"]} if "undated" in indicator else {}
    )


def raw_of(cell: Any) -> str:
    """The text of a cell as printed."""
    return str(cell["raw"] if isinstance(cell, dict) else cell)


def row_problems(row: Row, indicator: dict[str, Any]) -> list[str]:
    """Where one row of a table differs: its columns, its cells, how it counts, its lines."""
    name = f"{row[0].place} row {row[0].row}"
    columns = {
        year: tuple(tokens)
        for year, tokens in groupby(
            sorted((t for t in row if t.what != "name"), key=lambda token: token.year),
            key=lambda token: token.year,
        )
    }
    cells = cells_of(indicator)
    if set(columns) != set(cells):
        return [f"{name}: keyed {sorted(columns)}, the pack has {sorted(cells)}"]
    problems = [
        problem
        for year, tokens in columns.items()
        for problem in cell_problems(tokens, cells[year], indicator["key"])
    ]
    if missing := {token.line for token in row if token.what != "name"} - lines_of(
        indicator.get("lines", "")
    ):
        problems.append(f"{name}: the pack leaves out the lines {sorted(missing)}")
    marks = [bool(token.cumulative) for token in row if token.what == "value"]
    if len(set(marks)) == 1 and marks[0] != (indicator["counting"] == "cumulative"):
        printed = "printed" if marks[0] else "not printed"
        problems.append(f"{name}: 延べ is {printed}, the pack counts {indicator['counting']}")
    return problems


def lines_of(stated: str) -> set[int]:
    """The lines of 「338-341,346」."""
    lines: set[int] = set()
    for part in filter(None, stated.split(",")):
        first, _, last = part.partition("-")
        lines |= set(range(int(first), int(last or first) + 1))
    return lines


def cell_problems(tokens: tuple[Token, ...], cell: Any, key: str) -> list[str]:
    """Where a cell differs: its text as printed, and its parts where the pack writes them out."""
    problems = differences([one for token in tokens for one in of_token(token)], raw_of(cell), key)
    parts = cell.get("parts", []) if isinstance(cell, dict) else []
    values = [token for token in tokens if token.what == "value"]
    if parts and len(parts) != len(values):
        problems.append(f"{tokens[0]} ({key}): keyed {len(values)} values, the pack has {len(parts)} parts")
    elif parts:
        problems += [
            f"{token} ({key}): keyed {token.shown} {token.as_of}, the part is {part}"
            for token, part in zip(values, parts, strict=True)
            if not _same(token, part)
        ]
    return problems


def _same(token: Token, part: dict[str, Any]) -> bool:
    return (
        part["number"] == plain(token.printed)
        and part.get("unit", "") == token.unit
        and (part.get("cumulative") == "true") == (token.cumulative == "cell")
        and _same_date(token.as_of, part.get("as_of", ""))
    )


def _same_date(keyed: str, told: str) -> bool:
    """「R5年3月」 and R5.3 are one date; a part may leave it out, or add the year to 「3月」."""
    ours, theirs = (".".join(items(date)).split(".") for date in (keyed, told))
    length = min(len(ours), len(theirs))
    return not keyed or not told or ours[-length:] == theirs[-length:]
