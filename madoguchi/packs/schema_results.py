"""What results/*.yaml and report.yaml may hold: what came of the projects, and the report around it."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from madoguchi.packs.values import Day, Slug, Small, Source, Strict, Text, Year

Lines = Annotated[str, StringConstraints(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")]


def _number(value: object) -> object:
    """By its digits, never through a float: 78.4 stays 78.4."""
    text = "" if isinstance(value, bool) else str(value)
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError("数は、カンマをつけずに書いてください（1044、78.4）")
    return Decimal(text)


class Part(Strict):
    """One number of a cell that no reader would understand."""

    number: Annotated[Decimal, BeforeValidator(_number)]
    unit: str = ""
    cumulative: bool = False
    as_of: str = ""
    label: str = ""


def _as_printed(value: object) -> Any:
    """A cell is a text as printed, or that text beside its parts."""
    return {"raw": value} if isinstance(value, str) else value


class PrintedCell(Strict):
    """A cell exactly as printed; `parts` only where it is too odd to be read."""

    raw: Text
    parts: list[Part] = []


Cell = Annotated[PrintedCell, BeforeValidator(_as_printed)]


def _year_of(key: object) -> object:
    """Keys of a mapping are read as texts."""
    return int(key) if isinstance(key, str) and key.isdecimal() else key


YearKey = Annotated[Year, BeforeValidator(_year_of)]


class Indicator(Strict):
    """One row of a project's table. `undated` is a figure that stands in no single year's column."""

    key: Slug
    name: Text
    counting: Literal["each", "cumulative", "other"]
    good: Literal["more", "less", "neither"]
    question: Text
    owner: Slug | None = None
    measure: str = ""
    values: dict[YearKey, Cell] = {}
    undated: Cell | None = None
    period: Annotated[str, StringConstraints(max_length=60)] = ""
    note: Annotated[str, StringConstraints(max_length=300)] = ""
    lines: Lines
    source: Source | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.values and self.undated is None:
            raise ValueError("values か undated に、値を書いてください")
        if self.period and self.undated is None:
            raise ValueError("period を書けるのは、undated があるときだけです")
        return self


class Result(Strict):
    """What a project (or, where a document names no project, a programme) did, and its table.

    Without `source` it is what the project's own page says; with one, what another document says of it, and
    its figures do not stand in the report's table."""

    project: Slug | None = None
    programme: Slug | None = None
    responsible: str = ""
    responsible_elsewhere: dict[Slug, Text] = {}
    overview: str = ""
    achievements: str = ""
    indicators: list[Indicator] = []
    lines: Lines | None = None
    source: Source | None = None
    sources: list[Source] = []
    source_note: str = ""

    @model_validator(mode="after")
    def _about_one(self) -> Self:
        if (self.project is None) == (self.programme is None):
            raise ValueError("project か programme の、どちらか一つを書いてください")
        if self.programme and self.source is None:
            raise ValueError("programme の実績には、source を書いてください")
        if self.programme and (self.responsible or self.responsible_elsewhere):
            raise ValueError("responsible を書けるのは、project の実績だけです")
        return self


class Block(Strict):
    """Paragraphs under a heading; the opening ones have none."""

    heading: str = ""
    text: Text


class Introduction(Strict):
    """The opening text of a policy's chapter."""

    listing: Slug
    fiscal_year: Year
    blocks: list[Block] = Field(min_length=1)
    source: Source


class Picture(Strict):
    """A picture of the pack with what it shows and whose it is."""

    path: Text
    alt: Text
    credit: Text


class CaseStudy(Strict):
    """事例: short facts in one's own words."""

    slug: Slug
    fiscal_year: Year
    listing: Slug
    project: Slug | None = None
    title: Text
    business: Text
    paragraphs: list[Text] = Field(min_length=1)
    pictures: list[Picture] = []
    captions: list[Text] = []
    source: Source


class Results(Strict):
    """results/*.yaml"""

    introductions: list[Introduction] = []
    results: list[Result] = []
    case_studies: list[CaseStudy] = []


class Chapter(Strict):
    """A free chapter before or after the policies; without a year it stands in every report."""

    code: Slug
    fiscal_year: Year | None = None
    place: Literal["before", "after"]
    title: Text
    blocks: list[Block] = []
    table: list[list[str]] = []
    source: Source | None = None

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.blocks and not self.table:
            raise ValueError("blocks か table を書いてください")
        if len({len(row) for row in self.table}) > 1:
            raise ValueError("table の行は、どれも同じ数の欄にしてください")
        return self


class ReferenceChapter(Strict):
    """The heading under which the reference texts stand."""

    number: Small | None = None
    title: Text
    source: Source | None = None


class Article(Strict):
    """An article with its gist in one's own words; `printed` only where its number is written otherwise."""

    article: Text
    printed: str = ""
    title: Text
    gist: Text
    lines: Lines


class Preamble(Strict):
    """What stands before the articles."""

    gist: Text
    source: Source


class Provision(Strict):
    """One 附則."""

    gist: Text
    date_printed: str = ""
    date: Day | None = None
    lines: Lines


class InForce(Strict):
    """Since when the ordinance is in force."""

    date_printed: Text
    date: Day
    note: str = ""
    source: Source


class Ordinance(Strict):
    """The ordinance the report is made under: the titles of its articles and what they say."""

    title: Text
    preamble: Preamble | None = None
    articles: list[Article] = Field(min_length=1)
    supplementary_provisions: list[Provision] = []
    in_force: InForce | None = None
    source: Source


class Revision(Strict):
    """A day from which rules were changed."""

    printed: Text
    date: Day
    lines: Lines


class Member(Strict):
    """A member of the council."""

    department: Text
    unit: Text
    lines: Lines


class Observer(Strict):
    """Who may listen."""

    organisation: Text
    unit: str = ""
    lines: Lines


class Observers(Strict):
    """Those who are no members."""

    gist: str = ""
    units: list[Observer] = []
    lines: Lines


class Council(Strict):
    """The council within the office that holds the work together (庁内連絡会議)."""

    name: Text
    rules_title: str = ""
    secretariat: str = ""
    rules: list[Article] = []
    revisions: list[Revision] = []
    members: list[Member] = []
    observers: Observers | None = None
    source: Source
    members_source: Source | None = None


class Report(Strict):
    """report.yaml: how a year's report is called, who makes it, what it holds beside the policies."""

    fiscal_year: Year
    title: Text
    short_title: str = ""
    article: str = ""
    publisher: str = ""
    secretariat: Slug | None = None
    deadline: Day | None = None
    reminders: list[Annotated[int, Field(ge=1, le=365, strict=True)]] = []
    number_of_first_chapter: Small = 1
    reference_chapter: ReferenceChapter | None = None
    ordinance: Ordinance | None = None
    council: Council | None = None
    chapters: list[Chapter] = []
    sources: list[Source] = []
