"""The oracle's tables as they stand in the CSV files, and the numbers of a printed text."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import yaml

PLACE = Path(__file__).parent
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
# A number, a lone sign that nothing was measured, or a word that stands for a number.
_ITEM = re.compile(rf"{_NUMBER.pattern}|(?<!\S)[-―‐－](?!\S)|随時")


def items(text: str) -> list[str]:
    """The numbers, lone dashes and words for numbers of a text in their order, digits in half width."""
    return [match.group() for match in spans(text)]


def spans(text: str) -> list[re.Match[str]]:
    """Where the items of a text stand, whichever width its digits have."""
    return list(_ITEM.finditer(half_width(text)))


def half_width(text: str) -> str:
    """The text with its digits in half width, nothing else changed."""
    return "".join(unicodedata.normalize("NFKC", c) if c.isdigit() and c.isdecimal() else c for c in text)


def plain(printed: str) -> str:
    """A printed number without its commas."""
    return printed.replace(",", "")


def whole(printed: str) -> int:
    """A printed amount as a whole number."""
    return int(plain(printed))


@dataclass(frozen=True, order=True)
class Place:
    """A printed row of a list, named by the mark of the list and its number: ⑥⑦-6."""

    mark: str
    number: int

    def __str__(self) -> str:
        return f"{self.mark}-{self.number}"

    @classmethod
    def named(cls, name: str) -> "Place":
        """The place that `str` wrote."""
        mark, number = name.rsplit("-", 1)
        return cls(mark, int(number))


@dataclass(frozen=True)
class ListRow:
    """A row of a printed list. Empty marks are not printed; `same_as` is the row that a repeat repeats."""

    place: Place
    cost: str
    new: str
    repeat: str
    page: str
    circles: str
    number_line: int
    cost_line: int
    page_line: int
    same_as: Place | None


@dataclass(frozen=True)
class PageCost:
    """A cost on a project's page; `part` is a mark where the page splits its cost."""

    place: Place
    part: str
    cost: str
    cost_line: int
    number_line: int | None


@dataclass(frozen=True)
class Token:
    """One thing that stands in a row of an indicator table."""

    place: Place
    row: int
    year: str
    what: str
    printed: str
    unit: str
    cumulative: str
    as_of: str
    line: int

    @property
    def items(self) -> list[str]:
        """What `items` finds of it in a text."""
        return items(self.printed)

    @property
    def shown(self) -> str:
        """It with its unit, and 延べ where that is printed."""
        return f"{'延べ ' if self.cumulative == 'cell' else ''}{self.printed}{self.unit}"

    def __str__(self) -> str:
        column = self.year or "the row's name"
        return f"{self.place} row {self.row} {column}"


Row = tuple[Token, ...]


@dataclass(frozen=True)
class Oracle:
    """One report: what it is, its lists, its pages and their tables."""

    document: str
    sha256: str
    lines: int
    years: dict[str, str]
    subtotals: dict[str, tuple[str, int]]
    lists: dict[Place, ListRow]
    pages: tuple[PageCost, ...]
    tokens: tuple[Token, ...]

    def rows(self, place: Place) -> list[Row]:
        """The rows of a page's table in their order."""
        return [
            tuple(found)
            for _, found in groupby((t for t in self.tokens if t.place == place), lambda token: token.row)
        ]

    def page(self, place: Place) -> PageCost:
        """The whole cost on a page."""
        return next(page for page in self.pages if page.place == place and not page.part)

    @property
    def originals(self) -> list[ListRow]:
        """The rows that repeat no other."""
        return [row for row in self.lists.values() if row.same_as is None]


def _records(name: str) -> Iterator[tuple[Place, dict[str, str]]]:
    with (PLACE / name).open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            yield Place(record["list"], int(record["number"])), record


def _list_row(place: Place, record: dict[str, str]) -> ListRow:
    return ListRow(
        place,
        cost=record["cost"],
        new=record["new"],
        repeat=record["repeat"],
        page=record["page"],
        circles=record["circles"],
        number_line=int(record["number_line"]),
        cost_line=int(record["cost_line"]),
        page_line=int(record["page_line"]),
        same_as=Place.named(record["same_as"]) if record["same_as"] else None,
    )


def load(name: str) -> Oracle:
    """The oracle of this name: NAME.yaml with its three tables."""
    about = yaml.safe_load((PLACE / f"{name}.yaml").read_text(encoding="utf-8"))
    return Oracle(
        document=about["document"],
        sha256=about["sha256"],
        lines=about["lines"],
        years=about["years"],
        subtotals={mark: (stated["cost"], stated["line"]) for mark, stated in about["subtotals"].items()},
        lists={place: _list_row(place, record) for place, record in _records(f"{name}_lists.csv")},
        pages=tuple(
            PageCost(
                place,
                record["part"],
                record["cost"],
                int(record["cost_line"]),
                int(record["number_line"]) if record["number_line"] else None,
            )
            for place, record in _records(f"{name}_pages.csv")
        ),
        tokens=tuple(
            Token(
                place,
                row=int(record["row"]),
                line=int(record["line"]),
                **{key: record[key] for key in ("year", "what", "printed", "unit", "cumulative", "as_of")},
            )
            for place, record in _records(f"{name}_cells.csv")
        ),
    )
