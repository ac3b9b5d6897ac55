"""The rows of a business (officers, sites, approvals held, contacts), read from what people type."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from madoguchi.businesses import fields
from madoguchi.businesses.choices import HoldingKind
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.models import Business, BusinessContact, Holding, Officer, Site

Kind = str
MODELS: dict[Kind, type[models.Model]] = {
    "officers": Officer,
    "sites": Site,
    "holdings": Holding,
    "contacts": BusinessContact,
}
MOST_ROWS = 50
_NAMED = frozenset({"officers", "sites", "contacts"})
_DAYS = frozenset({"starts_on", "ends_on"})


def manager(kind: Kind) -> models.Manager[Any]:
    """The rows of a kind, of every business."""
    return MODELS[kind]._default_manager


def columns(kind: Kind) -> tuple[str, ...]:
    """The columns of a row that people fill in, in their order."""
    own = (field.name for field in MODELS[kind]._meta.fields)
    return tuple(name for name in own if name not in ("id", "business", "position"))


def stored(business: Business, kind: Kind) -> list[dict[str, Any]]:
    """The rows of a business as they are kept, in their order."""
    return list(manager(kind).filter(business=business).order_by("position", "pk").values(*columns(kind)))


def clean(kind: Kind, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Read typed rows; empty ones are left out.

    Raises FieldsInvalid with the sentence of each mistake under "<number of the row from 0>.<column>".
    """
    wrong: dict[str, str | Promise] = {}
    read = []
    for number, row in enumerate(rows):
        if not any(
            str(value).strip() for key, value in row.items() if value not in (None, False) and key != "kind"
        ):
            continue
        read.append(_row(kind, number, row, wrong))
    if len(read) > MOST_ROWS:
        wrong["0"] = gettext_lazy("50行までで入力してください。")
    if wrong:
        raise FieldsInvalid(wrong)
    return read


def _row(kind: Kind, number: int, row: Mapping[str, Any], wrong: dict[str, str | Promise]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in columns(kind):
        raw = row.get(column)
        try:
            values[column] = _value(kind, column, "" if raw is None else raw)
        except ValueError as error:
            wrong[f"{number}.{column}"] = str(error)
    if kind in _NAMED and not values.get("name"):
        wrong.setdefault(f"{number}.name", gettext_lazy("名前を入力してください。"))
    if kind == "holdings" and _ends_before(values):
        wrong[f"{number}.ends_on"] = gettext_lazy("終わりの日は、始まりの日よりあとにしてください。")
    return values


def _ends_before(values: Mapping[str, Any]) -> bool:
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    return starts_on is not None and ends_on is not None and ends_on < starts_on


def _value(kind: Kind, column: str, raw: Any) -> Any:
    if column == "kind":
        if raw not in HoldingKind.values:
            raise ValueError(str(gettext_lazy("種類を選んでください。")))
        return raw
    if column in _DAYS:
        return fields.day(raw)
    if column in fields.SHARED:
        return fields.SHARED[column](raw)
    if column == "is_representative":
        return fields.flag(raw)
    return fields.text(MODELS[kind], column)(raw)
