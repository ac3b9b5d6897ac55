"""The record of a business as pages show it: every field with who said it, and the figures side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from madoguchi.businesses import figures, queries
from madoguchi.businesses.choices import Source
from madoguchi.businesses.figures import Line
from madoguchi.businesses.models import Business, FieldOrigin, YearlyFigures
from madoguchi.japan import industries
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class FieldLine:
    """One field: its name, its value in words, who said it and when; `link` for what can be followed."""

    label: str
    text: str
    origin: str
    link: str = ""


@dataclass(frozen=True)
class FigureLine:
    """A line of the figures: one amount in words for each period, empty where it is not known."""

    label: str
    amounts: tuple[str, ...]
    depth: int
    is_often_asked: bool
    is_worked_out: bool = False


@dataclass(frozen=True)
class Period:
    """An accounting period: its last day (as the address names it), its name, and who told it."""

    ends_on: str
    name: str
    employees: int | None
    origin: str


@dataclass(frozen=True)
class FiguresTable:
    """Up to three periods, the newest first; amounts in yen."""

    periods: tuple[Period, ...]
    lines: tuple[FigureLine, ...]
    doubts: tuple[tuple[str, str], ...]

    @property
    def often_asked(self) -> list[FigureLine]:
        """What is looked at first."""
        return [
            line for line in self.lines if any(line.amounts) and (line.is_often_asked or line.is_worked_out)
        ]

    @property
    def rest(self) -> list[FigureLine]:
        """The other lines, as far as any period tells them."""
        return [line for line in self.lines if line not in self.often_asked and any(line.amounts)]


def field_lines(business: Business, origins: Mapping[str, FieldOrigin]) -> list[FieldLine]:
    """What is known of a business, field by field; what is not known is left out."""
    lines = []
    for label, names, text, link in _said(business):
        if text:
            lines.append(FieldLine(str(label), text, _origin(names, origins), link))
    return lines


def _said(business: Business) -> list[tuple[str | Promise, tuple[str, ...], str, str]]:
    line = f"{business.postal_code}　{business.address}".strip("　 ")
    number = business.corporate_number or business.claimed_number
    claimed = gettext("（本人の申告。窓口ではまだ確かめていません）") if business.claimed_number else ""
    return [
        (gettext_lazy("フリガナ"), ("kana",), business.kana, ""),
        (gettext_lazy("法人番号"), ("corporate_number", "claimed_number"), f"{number}{claimed}", ""),
        (gettext_lazy("事業の形"), ("legal_form",), business.get_legal_form_display(), ""),
        (gettext_lazy("創業予定"), ("is_founder",), gettext("はい") if business.is_founder else "", ""),
        (gettext_lazy("所在地"), ("street", "town", "area_code", "postal_code"), line, ""),
        (gettext_lazy("電話番号"), ("telephone",), business.telephone, f"tel:{business.telephone_digits}"),
        (gettext_lazy("メールアドレス"), ("email",), business.email, f"mailto:{business.email}"),
        (gettext_lazy("ウェブサイト"), ("url",), business.url, business.url),
        (gettext_lazy("業種"), ("industry",), _industry(business.industry), ""),
        (gettext_lazy("資本金"), ("capital_yen",), _money(business.capital_yen), ""),
        (gettext_lazy("従業員数"), ("employees",), _employees(business), ""),
        (gettext_lazy("設立・開業"), ("founded_on",), founded(business.founded_on), ""),
    ]


def _origin(names: Sequence[str], origins: Mapping[str, FieldOrigin]) -> str:
    known = [origins[name] for name in names if name in origins]
    return said_by(max(known, key=lambda origin: origin.at)) if known else ""


def said_by(origin: FieldOrigin | YearlyFigures) -> str:
    """Who said it and when, in words: 相談員 窓口 花子　令和8年11月30日（月）."""
    source = Source(origin.source)
    person = "" if source in (Source.NTA, Source.GBIZINFO) else f" {origin.actor_label}"
    return f"{source.label}{person}　{wording.day_full(origin.at)}"


def _industry(code: str) -> str:
    if not code:
        return ""
    try:
        return f"{code} {industries.get(code[:2]).name}"
    except ValueError:
        return code


def _money(amount_yen: int | None) -> str:
    return "" if amount_yen is None else wording.in_man(amount_yen)


def _employees(business: Business) -> str:
    if business.employees is None:
        return ""
    counted = [str(business.get_employees_counted_display())] if business.employees_counted else []
    if business.employees_counted_on:
        counted.append(wording.day_full(business.employees_counted_on))
    count = gettext("%(count)s人") % {"count": f"{business.employees:,}"}
    return f"{count}（{'、'.join(counted)}）" if counted else count


def founded(text: str) -> str:
    """A year, a month or a day of founding in words."""
    parts = [int(part) for part in text.split("-")] if text else []
    if len(parts) == 3:
        return wording.day_full(date(parts[0], parts[1], parts[2]))
    if len(parts) == 2:
        return wording.month_full(date(parts[0], parts[1], 1))
    return gettext("%(year)d年") % {"year": parts[0]} if parts else ""


def figures_table(business: Business) -> FiguresTable | None:
    """The newest three periods side by side; None without any."""
    periods = tuple(queries.figures_of(business))
    if not periods:
        return None
    lines = [_line(line, periods) for line in figures.LINES]
    worked_out = (
        (gettext("減価償却費（合計）"), figures.depreciation_yen),
        (gettext("付加価値額"), figures.value_added_yen),
    )
    lines += [
        FigureLine(label, tuple(_yen(work(each.amounts)) for each in periods), 0, False, True)
        for label, work in worked_out
    ]
    shown = tuple(_period(each) for each in periods)
    doubts = tuple(
        (period.name, doubt)
        for period, each in zip(shown, periods, strict=True)
        for doubt in figures.doubts(each.amounts)
    )
    return FiguresTable(shown, tuple(lines), doubts)


def _period(row: YearlyFigures) -> Period:
    name = gettext("%(month)s期") % {"month": wording.month_full(row.ends_on)}
    return Period(row.ends_on.isoformat(), name, row.employees, said_by(row))


def _line(line: Line, periods: Sequence[YearlyFigures]) -> FigureLine:
    amounts = tuple(_yen(each.amounts.get(line.key)) for each in periods)
    return FigureLine(gettext(line.label), amounts, line.depth, line.is_often_asked)


def _yen(amount_yen: Any) -> str:
    return "" if amount_yen is None else f"{amount_yen:,}"
