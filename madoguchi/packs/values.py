"""The small values a pack file is written in: codes, fractions, instants, contacts, sources."""

import re
from datetime import date, datetime, time
from fractions import Fraction
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

TOKYO = ZoneInfo("Asia/Tokyo")


class Strict(BaseModel):
    """A mapping whose keys are all known; a misspelt key is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^(\d{6}|[a-z]+)$")]
IndustryCode = Annotated[str, StringConstraints(pattern=r"^([A-T]|\d{2})$")]
Telephone = Annotated[str, StringConstraints(pattern=r"^0\d{1,4}-\d{1,4}-\d{3,4}$")]
# Far above any budget, and what a database column still holds.
Yen = Annotated[int, Field(ge=0, le=10**15, strict=True)]
ThousandYen = Annotated[int, Field(ge=0, le=10**12, strict=True)]
Year = Annotated[int, Field(ge=1989, le=2100, strict=True)]
Small = Annotated[int, Field(ge=1, le=10_000, strict=True)]


def _written(pattern: str, sentence: str) -> BeforeValidator:
    """Only text of this form: pydantic would take 830 for seconds and 20230420 for a Unix time."""

    def check(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(sentence)
        return value

    return BeforeValidator(check)


Day = Annotated[
    date, _written(r"\d{4}-\d{2}-\d{2}", "日付は 2023-04-20 のように、実際にある日を書いてください")
]
Clock = Annotated[time, _written(r"\d{2}:\d{2}", '時刻は "08:30" のように、引用符をつけて書いてください')]


def _fraction(value: object) -> str:
    """Rates are fractions ("2/3"), because two thirds is not 0.6667."""
    if not isinstance(value, str) or value.count("/") != 1:
        raise ValueError('割合は "2/3" のように分数で書いてください（引用符が要ります）')
    try:
        rate = Fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"{value!r} は分数として読めません") from error
    if not 0 < rate <= 1 or rate.denominator > 10_000:
        raise ValueError("割合は 0 より大きく 1 以下の分数で、分母は 10,000 までです")
    return value


Rate = Annotated[str, BeforeValidator(_fraction)]


def _in_tokyo(value: datetime) -> datetime:
    return value.replace(tzinfo=TOKYO) if value.tzinfo is None else value


# Seconds and offsets may be written; a bare date may not, because its midnight would close a day too early.
Instant = Annotated[
    datetime,
    _written(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*", "日時は 2023-04-20T17:00 のように、時刻まで書いてください"),
    AfterValidator(_in_tokyo),
]


class Source(Strict):
    """Where a fact is written: the document's key in sources.yaml, its section, and its lines."""

    file: Text
    section: Text
    lines: Annotated[str, StringConstraints(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")]
    note: str = ""


class WrittenBy(Strict):
    """The institution that states the facts itself, and its own page about them where it has one."""

    organisation: Slug
    page: Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$")] = ""


class Contact(Strict):
    """Whom to ask, as the document prints it."""

    unit: Slug | None = None
    desk: Slug | None = None
    organisation: Slug | None = None
    label: str = ""
    telephone: Telephone | None = None
    extension: Annotated[str, StringConstraints(pattern=r"^\d*$")] = ""
    fax: Telephone | None = None
    url: str = ""
    note: str = ""


class Place(Strict):
    """A place where people meet: its name, address as written, and municipality."""

    name: Text
    address: str = ""
    area: AreaCode | None = None


class Hours(Strict):
    """Opening hours in the document's words for the days, with clock times where it states them."""

    days: Text
    opens: Clock | None = None
    closes: Clock | None = None
    note: str = ""


class Row(Strict):
    """One line of a small table inside a requirement or a benefit."""

    label: Text
    text: Text


class Point(Strict):
    """One requirement, benefit or note: a short sentence, with rows where the document has a table."""

    text: Text
    detail: str = ""
    rows: list[Row] = []
    source: Source | None = None


class Step(Strict):
    """One step of a procedure."""

    title: Text
    text: str = ""
    when: str = ""


class Document(Strict):
    """One paper to hand in."""

    name: Text
    note: str = ""


class Link(Strict):
    """An outside page, exactly as the document gives it."""

    label: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
