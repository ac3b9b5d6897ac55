"""What still stands between a draft and its publication, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from madoguchi.packs import limits, schema
from madoguchi.packs.check import edition_findings
from madoguchi.packs.pack import sentence_of
from madoguchi.packs.written import known_here


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where in the document, and a sentence."""

    path: tuple[str | int, ...]
    sentence: str


def problems(document: Mapping[str, Any]) -> list[Problem]:
    """All that keeps a document from being published, in the order of its fields; empty when it is ready."""
    try:
        edition = schema.Edition.model_validate(document)
    except ValidationError as error:
        return [Problem(tuple(item["loc"]), _sentence(dict(item))) for item in error.errors()]
    found = [
        Problem(tuple(path), _("%(most)d字までです。いまは%(now)d字です。") % {"most": most, "now": now})
        for path, now, most in limits.over(edition)
    ]
    known = known_here()
    unknown = edition_findings(edition, (), edition, known)
    return found + [Problem(tuple(path), said) for _record, path, said in unknown]


def _sentence(item: Mapping[str, Any]) -> str:
    if item["type"] in ("missing", "string_too_short"):
        return _("書いてください。")
    if item["type"] == "too_short":
        return _("一つ以上選んでください。")
    return sentence_of(dict(item))
