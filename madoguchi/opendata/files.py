"""The files of open data: records as JSON and, in the columns of a standard, as CSV; the pack as ZIP."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.sheets import csv_file
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import PackFile, Region
from madoguchi.opendata import changes, records, shapes, tables
from madoguchi.opendata.models import Kind

_AT_ONCE = 200
# A file of the same content is the same file, whenever it is made.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
PACK = "pack.zip"


@dataclass(frozen=True)
class Dataset:
    """One kind of records as files. `columns` is empty where there is no CSV."""

    name: str
    kind: Kind
    title: str | Promise
    standard: str | Promise
    columns: tuple[tables.Column[Any], ...]


DATASETS = (
    Dataset(
        "programmes",
        Kind.PROGRAMME,
        _("支援制度"),
        _("支援情報の標準の項目（34列）。いちばん新しい年度の版です。"),
        tables.PROGRAMMES,
    ),
    Dataset(
        "events",
        Kind.EVENT,
        _("催し（イベント一覧）"),
        _("推奨データセットの「イベント一覧」（32列）。1回が1行です。"),
        tables.EVENTS,
    ),
    Dataset(
        "desks",
        Kind.DESK,
        _("相談窓口"),
        _("推奨データセットの「公共施設一覧」（24列）に合わせています。"),
        tables.DESKS,
    ),
    Dataset("projects", Kind.PROJECT, _("事業（予算の事業）"), _("事業費は円です。"), tables.PROJECTS),
    Dataset("organisations", Kind.ORGANISATION, _("支援機関"), "", ()),
)


@dataclass(frozen=True)
class File:
    """A finished file."""

    name: str
    content: bytes
    content_type: str

    @property
    def tag(self) -> str:
        """The same for the same content."""
        return hashlib.sha256(self.content).hexdigest()[:32]


def names() -> list[str]:
    """Every file there is."""
    found = [f"{each.name}.json" for each in DATASETS]
    found += [f"{each.name}.csv" for each in DATASETS if each.columns]
    return [*found, "vocabularies.json", PACK]


def made(name: str) -> File | None:
    """A file by its name; None for a name that there is not, and before a region was loaded."""
    region = institutions.region()
    if region is None or name not in names():
        return None
    if name == PACK:
        return File(name, _pack(), "application/zip")
    stem, _dot, ending = name.partition(".")
    if stem == "vocabularies":
        return _json(name, region, [each.model_dump(mode="json") for each in records.vocabularies()])
    dataset = next(each for each in DATASETS if each.name == stem)
    if ending == "json":
        return _json(name, region, [each.model_dump(mode="json") for each in everything(dataset.kind)])
    rows = tables.filled(dataset.columns, _ROWS[dataset.kind](), region)
    text = "".join(csv_file([column.name for column in dataset.columns], rows))
    return File(name, text.encode(), "text/csv; charset=utf-8")


def counts() -> Mapping[str, int]:
    """How many records each dataset has."""
    return {each.name: records.public(each.kind).count() for each in DATASETS}


def changed_at() -> datetime | None:
    """When any record changed last, in machine time; None before anything was told."""
    last = changes.last_change()
    return last.happened_at if last else None


def everything(kind: Kind) -> Iterator[Any]:
    """All public records of a kind, by slug."""
    slugs = list(records.public(kind).values_list("slug", flat=True))
    for start in range(0, len(slugs), _AT_ONCE):
        yield from records.read(kind, slugs[start : start + _AT_ONCE])


def _newest_editions() -> Iterator[shapes.Edition]:
    return (programme.editions[0] for programme in everything(Kind.PROGRAMME))


_ROWS: Mapping[Kind, Callable[[], Iterator[Any]]] = {
    Kind.PROGRAMME: _newest_editions,
    Kind.EVENT: lambda: tables.held(everything(Kind.EVENT)),
    Kind.DESK: lambda: everything(Kind.DESK),
    Kind.PROJECT: lambda: everything(Kind.PROJECT),
}


def _json(name: str, region: Region, items: list[dict[str, Any]]) -> File:
    licence = {"name": region.licence_name, "url": region.licence_url}
    content = {"licence": licence, "credit": region.credit, "items": items}
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return File(name, text.encode(), "application/json; charset=utf-8")


def _pack() -> bytes:
    """The public files of the region pack, as they were loaded."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for row in PackFile.objects.order_by("name", "pk"):
            packed.writestr(zipfile.ZipInfo(row.name, _NO_DAY), row.content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
