"""What each file of a region pack may hold. docs/pack-format.md explains the same for authors."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from madoguchi.packs.values import (
    AreaCode,
    Clock,
    Code,
    Contact,
    Day,
    Document,
    Hours,
    IndustryCode,
    Instant,
    Link,
    Place,
    Point,
    Rate,
    Slug,
    Small,
    Source,
    Step,
    Strict,
    Telephone,
    Text,
    ThousandYen,
    Year,
    Yen,
)


def _in_order(first: date | None, last: date | None, sentence: str) -> None:
    if first and last and last < first:
        raise ValueError(sentence)


# ── region.yaml ─────────────────────────────────────────────────────────────────────────────────────
class Grouping(Strict):
    """A 圏域: municipalities that share an office of the prefecture."""

    code: AreaCode
    name: Text
    seat: Text
    members: list[AreaCode] = Field(min_length=1)


class GeneralDesk(Strict):
    """The desk the footer and every dead end point to."""

    desk: Slug
    telephone: Telephone
    hours: Text


class Licence(Strict):
    """What others may do with the open data, and where that is written."""

    name: Text
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")]


class Region(Strict):
    """Who the site belongs to and how it introduces itself."""

    key: Slug
    site_name: Text
    tagline: Text
    prefecture: AreaCode
    believed_today: Day | None = None
    general_desk: GeneralDesk
    groupings: list[Grouping]
    often_searched: list[Text] = []
    credit: Text
    licence: Licence | None = None


# ── sources.yaml ────────────────────────────────────────────────────────────────────────────────────
class SourceSection(Strict):
    """One section of a source document; coverage counts the records that name it."""

    section: Text
    title: Text
    line: int = Field(ge=1)
    becomes: Literal["record", "reference", "narrative"] = "record"
    note: str = ""


class SourceFile(Strict):
    """One source document with every section it has."""

    file: Text
    title: Text
    short_title: Text
    publisher: Text
    fiscal_year: Year
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    sections: list[SourceSection] = Field(min_length=1)


class Sources(Strict):
    """sources/*.yaml"""

    sources: list[SourceFile]


# ── vocabulary.yaml ─────────────────────────────────────────────────────────────────────────────────
class Term(Strict):
    """One word of a vocabulary: its code, official label, everyday saying, icon and group."""

    code: Code
    label: Text
    say: str = ""
    icon: str = ""
    group: str = ""


class Vocabulary(Strict):
    """vocabulary.yaml"""

    kinds: list[Term]
    purposes: list[Term]
    stages: list[Term]
    uses: list[Term]
    audiences: list[Term]
    event_kinds: list[Term]


# ── thesaurus.yaml ──────────────────────────────────────────────────────────────────────────────────
class SynonymGroup(Strict):
    """Words that find each other; with `to`, the words find those of `to` but not the reverse."""

    words: list[Text] = Field(min_length=1)
    to: list[Text] = []


class Thesaurus(Strict):
    """thesaurus.yaml"""

    groups: list[SynonymGroup]


# ── institutions/*.yaml ─────────────────────────────────────────────────────────────────────────────
class Organisation(Strict):
    """A body: prefecture, city, chamber, centre, association."""

    slug: Slug
    name: Text
    breaks: str = ""
    short_name: str = ""
    kind: Literal[
        "nation",
        "prefecture",
        "municipality",
        "chamber",
        "support_centre",
        "association",
        "council",
        "research",
        "bank",
        "guarantee",
        "other",
    ]
    area: AreaCode | None = None
    parent: Slug | None = None
    address: str = ""
    telephone: Telephone | None = None
    fax: Telephone | None = None
    url: str = ""
    summary: str = ""
    sources: list[Source] = Field(min_length=1)


class Unit(Strict):
    """A department, division or group as the document of its date names it."""

    slug: Slug
    organisation: Slug
    parent: Slug | None = None
    name: Text
    level: Literal["department", "division", "group", "office"]
    named_in: list[Year] = Field(min_length=1)
    valid_from: Day | None = None
    valid_until: Day | None = None
    telephone: Telephone | None = None
    fax: Telephone | None = None
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _period(self) -> Self:
        _in_order(self.valid_from, self.valid_until, "valid_until は、valid_from より後の日です")
        return self


class Succession(Strict):
    """From whom to whom work passed; several rows make n:m."""

    predecessor: Slug
    successor: Slug
    on: Day | None = None
    note: str = ""
    assumed: bool = False


class Institutions(Strict):
    """institutions/*.yaml"""

    organisations: list[Organisation] = []
    units: list[Unit] = []
    successions: list[Succession] = []


# ── desks/*.yaml ────────────────────────────────────────────────────────────────────────────────────
class Desk(Strict):
    """A place or number where people may ask."""

    slug: Slug
    name: Text
    breaks: str = ""
    organisation: Slug
    unit: Slug | None = None
    parent: Slug | None = None
    purposes: list[Code] = []
    industries: list[IndustryCode] = []
    audience: str = ""
    summary: Text
    easy: str = ""
    place: Place | None = None
    covers: list[AreaCode] = Field(min_length=1)
    hours: list[Hours] = []
    closed: str = ""
    by_appointment: bool = False
    free: bool | None = None
    fee: str = ""
    confidential: bool = False
    valid_from: Day | None = None
    valid_until: Day | None = None
    contacts: list[Contact] = Field(min_length=1)
    links: list[Link] = []
    keywords: list[Text] = []
    notes: list[Text] = []
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _period(self) -> Self:
        _in_order(self.valid_from, self.valid_until, "valid_until は、valid_from より後の日です")
        return self


class Desks(Strict):
    """desks/*.yaml"""

    desks: list[Desk]


# ── programmes/*.yaml (one programme a file) ────────────────────────────────────────────────────────
class RateRange(Strict):
    """A rate the document gives as from–to."""

    low: Rate
    high: Rate


class Frame(Strict):
    """A 事業類型 or 枠 with its own rate, cap and target; all amounts in yen."""

    name: Text
    variant: str = ""
    target: str = ""
    rate: Rate | None = None
    rate_range: RateRange | None = None
    on_top_of: Rate | None = None
    cap_yen: Yen | None = None
    cap_low_yen: Yen | None = None
    amount_yen: Yen | None = None
    own_share: Rate | None = None
    visits: Small | None = None
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.rate and self.rate_range:
            raise ValueError("rate と rate_range は、どちらか一つだけ書いてください")
        if self.cap_low_yen is not None and (self.cap_yen is None or self.cap_low_yen > self.cap_yen):
            raise ValueError("cap_low_yen を書くときは、それより大きい cap_yen も書いてください")
        return self


class Window(Strict):
    """A reception window between two instants; either end may be unstated."""

    opens_at: Instant | None = None
    closes_at: Instant | None = None
    note: str = ""
    closed_early: bool = False

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValueError("closes_at は、opens_at より後です")
        return self


class Reception(Strict):
    """How applications are taken: between instants, at any time, by booking, ended, or not stated."""

    mode: Literal["window", "rolling", "booking", "ended", "not_stated"]
    text: str = ""
    windows: list[Window] = []

    @model_validator(mode="after")
    def _windows_only_when_windowed(self) -> Self:
        if (self.mode == "window") != bool(self.windows):
            raise ValueError("windows を書くのは、mode: window のときだけです")
        return self


class Roles(Strict):
    """Who stands where around the money; organisation or unit slugs, payee and beneficiary in words."""

    owner: Slug | None = None
    operator: Slug | None = None
    decider: Slug | None = None
    payer: Slug | None = None
    payee: str = ""
    beneficiary: str = ""


class Result(Strict):
    """What the document says came of the edition (adopted cases, payments)."""

    text: Text
    year: Year
    provisional: bool = False
    source: Source | None = None


class Edition(Strict):
    """A programme in one fiscal year, as the document of that year describes it."""

    fiscal_year: Year
    name: Text
    kinds: list[Code] = Field(min_length=1)
    purposes: list[Code] = []
    stages: list[Code] = []
    uses: list[Code] = []
    industries: list[IndustryCode] = []
    areas: list[AreaCode] = Field(min_length=1)
    audiences: list[Code] = []
    summary: Text
    easy: Text
    headline: str = ""
    who: str = ""
    where: str = ""
    fee: str = ""
    free: bool | None = None
    visits: str = ""
    frames: list[Frame] = []
    requirements: list[Point] = []
    benefits: list[Point] = []
    steps: list[Step] = []
    documents: list[Document] = []
    reception: Reception
    contacts: list[Contact] = []
    links: list[Link] = []
    roles: Roles = Roles()
    results: list[Result] = []
    notes: list[Point] = []
    keywords: list[Text] = []
    sources: list[Source] = Field(min_length=1)


class Related(Strict):
    """Another programme worth knowing, and why."""

    programme: Slug
    note: str = ""


class Programme(Strict):
    """programmes/*.yaml: the lasting identity of a programme and its editions."""

    slug: Slug
    name: Text
    breaks: str = ""
    reading: str = ""
    predecessors: list[Slug] = []
    related: list[Related] = []
    desks: list[Slug] = []
    editions: list[Edition] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_edition_a_year(self) -> Self:
        years = [edition.fiscal_year for edition in self.editions]
        if len(set(years)) != len(years):
            raise ValueError("同じ年度の版が二つあります")
        return self


# ── policies.yaml ───────────────────────────────────────────────────────────────────────────────────
class Policy(Strict):
    """A 基本方針 of the ordinance."""

    code: Code
    mark: Text
    title: Text
    short: Text
    summary: Text
    source: Source


class Policies(Strict):
    """policies.yaml"""

    ordinance: Text
    article: Text
    policies: list[Policy]


# ── projects/*.yaml ─────────────────────────────────────────────────────────────────────────────────
class Project(Strict):
    """A 事業: one budget line in one fiscal year; cost in thousand yen, as the documents print it."""

    slug: Slug
    fiscal_year: Year
    name: Text
    breaks: str = ""
    parts: list[Text] = []
    cost_thousand_yen: ThousandYen | None = None
    cost_basis: Literal["budget", "supplementary", "settled", "not_stated"]
    cost_note: str = ""
    new: bool = False
    department: Text
    units: list[Slug] = Field(min_length=1)
    purposes: list[Code] = []
    industries: list[IndustryCode] = []
    areas: list[AreaCode] = Field(min_length=1)
    summary: Text
    programmes: list[Slug] = []
    keywords: list[Text] = []
    notes: list[Text] = []
    sources: list[Source] = Field(min_length=1)


class ListingRow(Strict):
    """One printed row; a repeat (再掲) names the same project again and is never a copy.

    policies: the policies the row is marked for, or null where the text lost the column."""

    no: Small
    project: Slug
    printed_name: str = ""
    printed_department: str = ""
    printed_cost_thousand_yen: ThousandYen
    new: bool = False
    repeat: bool = False
    policies: list[Code] | None
    page: Small | None = None


class Listing(Strict):
    """One printed table of projects under one policy, or under several that share it."""

    code: Slug
    fiscal_year: Year
    policies: list[Code] = Field(min_length=1)
    stated_subtotal_thousand_yen: ThousandYen | None = None
    source: Source
    rows: list[ListingRow] = Field(min_length=1)


class Projects(Strict):
    """projects/*.yaml"""

    projects: list[Project] = []
    listings: list[Listing] = []


# ── events/*.yaml ───────────────────────────────────────────────────────────────────────────────────
class Occurrences(Strict):
    """One or many days at one place. `month` ("2024-01") stands where the document names no day."""

    label: str = ""
    dates: list[Day] = []
    until: Day | None = None
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")] | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    place: Code | None = None
    note: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if bool(self.dates) == bool(self.month):
            raise ValueError("dates か month の、どちらか一つを書いてください")
        if self.until and len(self.dates) != 1:
            raise ValueError("until を書けるのは、日付が一つのときだけです")
        _in_order(self.dates[0] if self.dates else None, self.until, "until は、日付より後の日です")
        return self


class Event(Strict):
    """A seminar, consultation day or fair with its dated occurrences."""

    slug: Slug
    name: Text
    breaks: str = ""
    fiscal_year: Year
    kind: Code
    organiser: Slug
    unit: Slug | None = None
    programme: Slug | None = None
    purposes: list[Code] = []
    industries: list[IndustryCode] = []
    areas: list[AreaCode] = Field(min_length=1)
    summary: Text
    easy: str = ""
    audience: str = ""
    fee: str = ""
    free: bool | None = None
    booking: str = ""
    capacity: str = ""
    attendance: str = ""
    places: dict[Code, Place] = {}
    occurrences: list[Occurrences] = Field(min_length=1)
    contacts: list[Contact] = []
    links: list[Link] = []
    keywords: list[Text] = []
    notes: list[Text] = []
    sources: list[Source] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        for row in self.occurrences:
            if row.place and row.place not in self.places:
                raise ValueError(f"place: {row.place} が places にありません")
        return self


class Events(Strict):
    """events/*.yaml"""

    events: list[Event]


# ── oddities.yaml ───────────────────────────────────────────────────────────────────────────────────
class Oddity(Strict):
    """Where a document contradicts itself or another; both readings stay, nothing is corrected."""

    slug: Slug
    title: Text
    what: Text
    kept: Text
    records: list[Text] = []
    sources: list[Source] = Field(min_length=1)


class Oddities(Strict):
    """oddities/*.yaml"""

    oddities: list[Oddity]
