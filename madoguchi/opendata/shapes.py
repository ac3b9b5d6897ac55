"""The shape of each public record: the one for the API, the JSON files and, in columns, the CSV files.

Money is whole yen, a rate is a fraction ("2/3"), an instant carries Tokyo's offset. What the documents do not
say is null or empty. Fields are only ever added (docs/adr/0027).
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from madoguchi.catalogue.states import ReceptionMode
from madoguchi.opendata import models

Instant = Annotated[str, Field(examples=["2025-06-30T17:00:00+09:00"])]
Rate = Annotated[str, Field(description="分数", examples=["2/3"])]
Clock = Annotated[str, BeforeValidator(lambda value: value and str(value)[:5]), Field(examples=["09:00"])]
Yen = Annotated[int, Field(description="円", examples=[3_000_000])]


class Shape(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(frozen=True)


class Coded(Shape):
    """A code and what it is called."""

    code: Annotated[str, Field(examples=["subsidy"])]
    label: Annotated[str, Field(examples=["補助金"])]


class Source(Shape):
    """Where it is written: the document, its section and lines."""

    document: Annotated[str, Field(description="資料の番号。機関が自分で書いたものは空", examples=["001"])]
    title: Annotated[str, Field(description="資料の名前")]
    publisher: str
    fiscal_year: Annotated[int | None, Field(description="資料の年度（西暦）", examples=[2023])]
    section: str
    lines: Annotated[str, Field(examples=["64-108"])]
    note: str


class Contact(Shape):
    """Whom to ask; numbers as they are printed."""

    name: str
    label: str
    telephone: Annotated[str, Field(examples=["0857-00-0001"])]
    extension: str
    fax: str
    url: str
    note: str


class Named(Shape):
    """Another record: its name in addresses, and what it is called."""

    slug: Annotated[str, Field(examples=["keiei-sodan"])]
    name: str


class Link(Shape):
    """A page elsewhere."""

    label: str
    url: str


class Row(Shape):
    """One line of a small table."""

    label: str
    text: str


class Point(Shape):
    """One requirement, benefit or note."""

    text: str
    detail: str = ""
    rows: list[Row] = []


class Step(Shape):
    """One step of the procedure."""

    title: str
    text: str = ""
    when: str = ""


class Paper(Shape):
    """One paper to hand in."""

    name: str
    note: str = ""


class Outcome(Shape):
    """What came of it, as the document says."""

    text: str
    year: int
    provisional: bool = False


class Frame(Shape):
    """A 枠 or 事業類型 with its own rate and cap."""

    name: str
    variant: str
    target: str
    rate: Annotated[Rate | None, Field(description="補助率")]
    rate_low: Annotated[Rate | None, Field(description="補助率に幅があるときの下")]
    on_top_of: Annotated[Rate | None, Field(description="上乗せの元になる補助率")]
    own_share: Annotated[Rate | None, Field(description="自己負担の割合")]
    cap_yen: Annotated[Yen | None, Field(description="上限額（円）")]
    cap_low_yen: Annotated[Yen | None, Field(description="上限額に幅があるときの下（円）")]
    amount_yen: Annotated[Yen | None, Field(description="定額で支給する額（円）")]
    visits: Annotated[int | None, Field(description="専門家などが訪ねる回数")]
    note: str


class Window(Shape):
    """From the instant it opens until the instant it closes, which is no more in it."""

    opens_at: Instant | None
    closes_at: Instant | None
    closed_early: Annotated[bool, Field(description="予算に達するなどして、早く終わった")]
    note: str


class Reception(Shape):
    """How applications are taken. Without windows, `rolling` and `booking` last for the fiscal year."""

    mode: Annotated[
        ReceptionMode,
        Field(description="期間内・随時・予約制・終了・資料に記載なし"),
    ]
    text: str
    windows: list[Window]


class Record(Shape):
    """What every record carries."""

    url: Annotated[str, Field(description="このデータのもとになったページ")]
    sources: Annotated[list[Source], Field(description="どの資料のどこに書いてあるか")]
    updated_at: Annotated[Instant | None, Field(description="最後に変わった日時。まだ記録がないときは null")]
    credit: Annotated[str, Field(description="使うときに書く出典")]


class Edition(Record):
    """A programme in one fiscal year."""

    programme: Annotated[str, Field(description="支援制度の slug", examples=["setsubi-hojo"])]
    fiscal_year: Annotated[int, Field(description="年度（西暦）", examples=[2025])]
    revision: Annotated[int, Field(description="公開後に改めた回数に1を足したもの")]
    name: str
    summary: str
    easy: Annotated[str, Field(description="やさしい日本語の説明")]
    headline: str
    who: Annotated[str, Field(description="対象")]
    where: Annotated[str, Field(description="担当")]
    fee: str
    is_free: bool | None
    visits: str
    kinds: list[Coded]
    purposes: list[Coded]
    stages: list[Coded]
    uses: list[Coded]
    audiences: list[Coded]
    industries: Annotated[list[Coded], Field(description="日本標準産業分類。空は、どの業種でも")]
    areas: Annotated[list[Coded], Field(description="全国地方公共団体コード（6桁）か圏域。000000 は全国")]
    frames: list[Frame]
    reception: Reception
    requirements: list[Point]
    benefits: list[Point]
    steps: list[Step]
    documents: list[Paper]
    results: list[Outcome]
    notes: list[Point]
    links: list[Link]
    contacts: list[Contact]
    roles: Annotated[dict[str, str], Field(description="owner・operator・decider・payer・payee・beneficiary")]
    keywords: list[str]


class Programme(Record):
    """A programme with all its published editions, the newest first."""

    slug: Annotated[str, Field(examples=["setsubi-hojo"])]
    name: str
    reading: str
    desks: list[Named]
    predecessors: list[Named]
    editions: list[Edition]


class Hours(Shape):
    """When a desk is open."""

    days: str
    opens: Clock | None = None
    closes: Clock | None = None
    note: str = ""


class Desk(Record):
    """A place or number where one may ask."""

    slug: str
    name: str
    organisation: Named
    unit: str
    parent: Named | None
    summary: str
    easy: str
    audience: str
    purposes: list[Coded]
    industries: list[Coded]
    covers: Annotated[list[Coded], Field(description="受け持つ地域")]
    place_name: str
    address: str
    area: Coded | None
    hours: list[Hours]
    closed: Annotated[str, Field(description="休み")]
    by_appointment: bool
    is_free: bool | None
    fee: str
    is_confidential: bool
    valid_from: date | None
    valid_until: date | None
    contacts: list[Contact]
    links: list[Link]
    notes: list[str]
    keywords: list[str]


class Occurrence(Shape):
    """One time it is held; with `month`, the document names only the month that the days span."""

    label: str
    starts_on: date
    ends_on: date
    precision: Literal["day", "month"]
    starts_at: Clock | None
    ends_at: Clock | None
    place_name: str
    address: str
    area: Coded | None
    note: str


class Event(Record):
    """A seminar, consultation day or fair with its dates."""

    slug: str
    name: str
    fiscal_year: int
    kind: Coded
    organiser: Named
    unit: str
    programme: Named | None
    summary: str
    easy: str
    audience: str
    fee: str
    is_free: bool | None
    booking: str
    capacity: str
    attendance: str
    purposes: list[Coded]
    industries: list[Coded]
    areas: list[Coded]
    occurrences: list[Occurrence]
    contacts: list[Contact]
    links: list[Link]
    notes: list[str]
    keywords: list[str]


class Project(Record):
    """A budget line of one fiscal year (事業), which is not a programme."""

    slug: str
    name: str
    fiscal_year: int
    parts: list[str]
    cost_yen: Annotated[Yen | None, Field(description="事業費（円）。資料にないときは null")]
    cost_basis: Literal["budget", "supplementary", "settled", "not_stated"]
    cost_note: str
    is_new: bool
    department: str
    units: list[str]
    programmes: list[Named]
    summary: str
    purposes: list[Coded]
    industries: list[Coded]
    areas: list[Coded]
    notes: list[str]
    keywords: list[str]


class Organisation(Record):
    """A body that supports businesses."""

    slug: str
    name: str
    short_name: str
    kind: Coded
    parent: Named | None
    area: Coded | None
    address: str
    telephone: str
    fax: str
    homepage: Annotated[str, Field(description="機関のホームページ")]
    summary: str


# The records that have a slug of their own.
Findable = Programme | Desk | Event | Project | Organisation


class Term(Shape):
    """One word of a vocabulary."""

    code: str
    label: str
    say: Annotated[str, Field(description="日ごろの言い方")]
    group: str


class Vocabulary(Shape):
    """One vocabulary in its order."""

    name: Annotated[str, Field(examples=["kinds"])]
    terms: list[Term]


class Change(Shape):
    """One change of a record."""

    type: models.Kind
    slug: str
    change: Annotated[models.Change.What, Field(description="新しい・変わった・なくなった")]
    at: Instant
    api_url: Annotated[str, Field(description="いまの内容。withdrawn のときは 404 です")]
