"""Reviewed programmes of a guidebook as a draft for the region pack: what was accepted, the rest as gaps."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from madoguchi.reviewing.kinds import What
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument
from madoguchi.reviewing.states import KEPT

_HEAD = """\
# 「{name}」から作った下書きです。まだどこにも公開されていません。
# 制度ごとに programmes/<slug>.yaml に分け、空の欄を埋めてから madoguchi pack check で確かめてください。
"""
_PHONE = re.compile(r"TEL ([\d-]+)(?:（内線(\d+)）)?")


def as_yaml(document: ImportedDocument, records: Iterable[DraftRecord], year: int | None) -> str:
    """The programmes whose names were accepted, one YAML document each, with the fields that were."""
    drafts = []
    for record in records:
        kept = [field for field in record.fields.all() if field.state in KEPT]
        kept.sort(key=lambda field: (field.position, field.pk))
        if any(field.what == What.NAME for field in kept):
            drafts.append(_programme(document, record, kept, year))
    head = _HEAD.format(name=" ".join(document.name.split()))
    body = yaml.safe_dump_all(drafts, allow_unicode=True, sort_keys=False, explicit_start=True, width=120)
    return head + (body if drafts else "")


def _programme(
    document: ImportedDocument, record: DraftRecord, kept: list[DraftField], year: int | None
) -> Mapping[str, Any]:
    name, summary = _one(kept, What.NAME), _one(kept, What.SUMMARY)
    edition: dict[str, Any] = {
        "fiscal_year": year,
        "name": name,
        "kinds": [],
        "areas": [],
        "summary": summary,
        "easy": "",
        "frames": _frames(kept),
        "requirements": [
            {"text": field.kept, "source": _source(document, field)} for field in _all(kept, What.REQUIREMENT)
        ],
        "reception": {"mode": "not_stated", "text": "、".join(f.kept for f in _all(kept, What.WINDOW))},
        "contacts": [_contact(field.kept) for field in _all(kept, What.CONTACT)],
        "links": [{"label": name, "url": field.kept} for field in _all(kept, What.URL)],
        "sources": [{"file": document.name, "section": record.path, "lines": _lines(record.spans)}],
    }
    told = {key: value for key, value in edition.items() if value != []}
    return {"slug": "", "name": name, "editions": [told]}


def _all(kept: list[DraftField], what: What) -> list[DraftField]:
    return [field for field in kept if field.what == what]


def _one(kept: list[DraftField], what: What) -> str:
    return next((field.kept for field in _all(kept, what)), "")


def _frames(kept: list[DraftField]) -> list[dict[str, Any]]:
    """One frame where there is one rate and one cap; which of several belong together a person says."""
    rates: list[dict[str, Any]] = [{"rate": field.kept} for field in _all(kept, What.RATE)]
    caps: list[dict[str, Any]] = [{"cap_yen": int(field.kept)} for field in _all(kept, What.CAP)]
    if len(rates) <= 1 and len(caps) <= 1:
        both = {**(rates[0] if rates else {}), **(caps[0] if caps else {})}
        return [{"name": "", **both}] if both else []
    return [{"name": "", **each} for each in (*rates, *caps)]


def _contact(text: str) -> dict[str, str]:
    label, _, _ = text.partition(" TEL ")
    found = _PHONE.search(text)
    told: dict[str, str] = {"label": label, "note": text}
    if found:
        told |= {"telephone": found[1]} | ({"extension": found[2]} if found[2] else {})
    return told


def _source(document: ImportedDocument, field: DraftField) -> dict[str, str]:
    return {"file": document.name, "lines": _lines([[field.first_line, field.last_line]])}


def _lines(spans: Iterable[Iterable[int]]) -> str:
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
