"""The form of a year's figures: what is asked for often first, the other lines in a fold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from madoguchi.businesses import fields, figures
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.figures import Line
from madoguchi.businesses.models import YearlyFigures
from madoguchi.japan import yen
from madoguchi.japan.digits import half_width

_MINUS = str.maketrans({"▲": "-", "△": "-", "−": "-"})
_THOUSAND = 1000
# What the amounts of the form are written in.
UNITS = (("yen", "円"), ("thousand", "千円"))


@dataclass(frozen=True)
class Box:
    """One field: what was typed, its mistake, and after a conflict what stands there now."""

    name: str
    label: str
    value: str
    error: str
    depth: int = 0
    now: str = ""


@dataclass(frozen=True)
class FiguresForm:
    """The whole form."""

    period: tuple[Box, ...]
    often_asked: tuple[Box, ...]
    rest: tuple[tuple[str, tuple[Box, ...]], ...]
    unit: str
    units: tuple[tuple[str, str], ...]
    version: str
    mistakes: tuple[Box, ...]
    differences: tuple[Box, ...]
    rest_is_open: bool


def shown(seen: YearlyFigures | None) -> dict[str, str]:
    """Kept figures as one would type them, in yen."""
    if seen is None:
        return {"unit": "thousand"}
    return {
        "begins_on": seen.begins_on.isoformat(),
        "ends_on": seen.ends_on.isoformat(),
        "employees": "" if seen.employees is None else str(seen.employees),
        "unit": "yen",
        "version": str(seen.version),
        **{key: f"{amount:,}" for key, amount in seen.amounts.items()},
    }


def read(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values for `put_figures`, and a sentence for each field that cannot be read."""
    found: dict[str, Any] = {"amounts": {}}
    wrong: dict[str, str] = {}
    for name, required in (("begins_on", True), ("ends_on", True)):
        try:
            found[name] = fields.day(typed.get(name, ""))
            if required and found[name] is None:
                wrong[name] = gettext("日を入力してください。例：2026-03-31、令和8年3月31日")
        except ValueError as error:
            wrong[name] = str(error)
    try:
        found["employees"] = fields.clean({"employees": typed.get("employees", "")})["employees"]
    except FieldsInvalid as error:
        wrong |= {name: str(sentence) for name, sentence in error.wrong.items()}
    factor = _THOUSAND if typed.get("unit") == "thousand" else 1
    for line in figures.LINES:
        text = typed.get(line.key, "").strip()
        if text:
            try:
                found["amounts"][line.key] = _amount_yen(text, factor)
            except ValueError:
                wrong[line.key] = gettext("金額を数字で入力してください。赤字は「-300」のように書きます。")
    return found, wrong


def _amount_yen(text: str, factor: int) -> int:
    """A bare number in the unit of the form, or an amount that says its own unit. Raises ValueError."""
    plain = half_width(text.translate(_MINUS))
    sign = -1 if plain.startswith("-") else 1
    plain = plain.removeprefix("-")
    bare = plain.replace(",", "")
    if bare.isdigit() and len(bare) <= 17:
        return sign * int(bare) * factor
    return sign * yen.parse_yen(plain)


def form(typed: Mapping[str, str], wrong: Mapping[str, str], *, now: Mapping[str, str] | None) -> FiguresForm:
    """The form with what was typed; with `now`, what stands there meanwhile beside what differs."""
    others = now or {}

    def box(name: str, label: str, depth: int = 0) -> Box:
        value, there = typed.get(name, ""), others.get(name, "")
        return Box(name, label, value, wrong.get(name, ""), depth, there if there != value else "")

    def of(line: Line) -> Box:
        return box(line.key, gettext(line.label), line.depth)

    period = (
        box("begins_on", gettext("期首")),
        box("ends_on", gettext("決算日")),
        box("employees", gettext("期末の従業員数")),
    )
    often = tuple(of(line) for line in figures.LINES if line.is_often_asked)
    rest = tuple(
        (
            gettext(part.value),
            tuple(of(line) for line in figures.LINES if line.part is part and not line.is_often_asked),
        )
        for part in figures.Part
    )
    hidden = [each for _, boxes in rest for each in boxes]
    boxes = (*period, *often, *hidden)
    return FiguresForm(
        period,
        often,
        rest,
        unit=typed.get("unit", "yen"),
        units=UNITS,
        version=typed.get("version", ""),
        mistakes=tuple(each for each in boxes if each.error),
        differences=tuple(each for each in boxes if each.now) if now else (),
        rest_is_open=any(each.value or each.error for each in hidden),
    )
