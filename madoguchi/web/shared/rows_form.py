"""A form of rows (officers, contacts, sites, approvals); empty rows at the end, more are a button away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from madoguchi.businesses import rows
from madoguchi.businesses.choices import HoldingKind
from madoguchi.businesses.models import Business
from madoguchi.japan import addresses, areas

_EMPTY = 2
_MORE = 3
_HELP: dict[str, str | Promise] = {
    "area_code": gettext_lazy("都道府県から。例：東京都千代田区"),
    "industry": gettext_lazy("日本標準産業分類の番号。例：58"),
    "starts_on": gettext_lazy("例：2026-04-01、令和8年4月1日"),
}


@dataclass(frozen=True)
class Box:
    """One field of a row."""

    name: str
    label: str
    value: str
    error: str
    help: str
    look: str
    """text, check or select."""
    choices: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True)
class FormRow:
    """The fields of one row; `number` counts from 1."""

    number: int
    boxes: tuple[Box, ...]
    is_empty: bool


def stored(business: Business, kind: str) -> list[FormRow]:
    """The rows as they are kept, with empty ones behind."""
    kept = [
        {column: _as_typed(column, value) for column, value in row.items()}
        for row in rows.stored(business, kind)
    ]
    return _form(kind, kept, {}, empty=_EMPTY)


def typed(sent: QueryDict, kind: str, wrong: Mapping[str, str]) -> list[FormRow]:
    """The rows as they were typed, each mistake at its field; with more empty ones when asked for."""
    return _form(kind, _sent(sent, kind), wrong, empty=_MORE if "more" in sent else 0)


def read(sent: QueryDict, kind: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The typed rows for `rows.clean`, with municipalities by code; and the mistakes in these."""
    found: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for number, row in enumerate(_sent(sent, kind)):
        place = row.get("area_code", "").strip()
        if place:
            code = addresses.split(place).area_code
            if not code:
                wrong[f"{number}.area_code"] = gettext(
                    "この市区町村がみつかりません。都道府県から書いてください。"
                )
            row = {**row, "area_code": code}  # noqa: PLW2901
        found.append(row)
    return found, wrong


def _sent(sent: QueryDict, kind: str) -> list[dict[str, str]]:
    columns = rows.columns(kind)
    numbers = sorted(
        {
            int(number)
            for name in sent
            for number, _, column in [name.partition("-")]
            if number.isdecimal() and len(number) <= 3 and column in columns
        }
    )
    return [
        {column: sent.get(f"{number}-{column}", "")[:500] for column in columns}
        for number in numbers[: rows.MOST_ROWS + _MORE]
    ]


def _form(
    kind: str, found: Sequence[Mapping[str, str]], wrong: Mapping[str, str], *, empty: int
) -> list[FormRow]:
    blank = dict.fromkeys(rows.columns(kind), "")
    shown = [*found, *([blank] * empty)] or [blank]
    return [
        FormRow(
            number + 1,
            tuple(_box(kind, number, column, row.get(column, ""), wrong) for column in rows.columns(kind)),
            is_empty=not any(row.get(column) for column in row if column != "kind"),
        )
        for number, row in enumerate(shown)
    ]


def _box(kind: str, number: int, column: str, value: str, wrong: Mapping[str, str]) -> Box:
    label = str(rows.MODELS[kind]._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
    look = "text"
    choices: tuple[tuple[str, str, bool], ...] = ()
    if column == "is_representative":
        look = "check"
    elif column == "kind":
        look, choices = (
            "select",
            tuple((code, str(word), code == value) for code, word in HoldingKind.choices),
        )
    elif column == "programme_slug":
        label = gettext("支援制度のページの名前")
    error, help_text = wrong.get(f"{number}.{column}", ""), str(_HELP.get(column, ""))
    return Box(f"{number}-{column}", label, value, error, help_text, look, choices)


def _as_typed(column: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, date):
        return value.isoformat()
    if column == "area_code" and value:
        return areas.get(value).full_name
    return str(value)
