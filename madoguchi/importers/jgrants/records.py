"""One 補助金 as the API gives it, from its list, its detail (v1, v2) or a file of such rows.

https://developers.digital.go.jp/documents/jgrants/api. Attachments come as base64 inside the detail: only
their names are kept.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from madoguchi.importers.html_text import lines_of

Record = dict[str, Any]

ID = re.compile(r"[A-Za-z0-9]{1,18}")
_TEXTS = (
    "title",
    "name",
    "subsidy_catch_phrase",
    "use_purpose",
    "industry",
    "target_area_search",
    "target_area_detail",
    "target_number_of_employees",
    "subsidy_rate",
    "acceptance_start_datetime",
    "acceptance_end_datetime",
    "project_end_deadline",
    "institution_name",
)
_ROUND = ("target_area_search", "target_area_detail", "acceptance_start_datetime", "acceptance_end_datetime")
_ATTACHED = ("application_guidelines", "outline_of_grant", "application_form")
# Longer than any real detail; what lies beyond is left to the portal's own page.
_MOST_LINES, _MOST_LENGTH, _MOST_TEXT = 600, 2_000, 1_000


class OddRecord(ValueError):
    """A record that cannot be used; the sentence says why."""


def clean(raw: object) -> Record:
    """Keep what we read of a record, in one shape, as plain text. Raises OddRecord."""
    if not isinstance(raw, Mapping):
        raise OddRecord("JSON のオブジェクトではありません。")
    key = raw.get("id")
    if not isinstance(key, str) or not ID.fullmatch(key):
        raise OddRecord("id がありません。")
    texts = {name: text for name in _TEXTS if (text := _text(raw.get(name)))}
    if "title" not in texts:
        raise OddRecord("title がありません。")
    more = {
        "subsidy_max_limit": _limit(raw.get("subsidy_max_limit")),
        "url": _page(raw),
        "detail": _detail(raw),
        "attachments": list(_attachments(raw)),
        "rounds": list(_rounds(raw.get("workflow"))),
    }
    return {"id": key} | texts | {name: value for name, value in more.items() if value}


def merged(before: Record | None, now: Record) -> Record:
    """What is known after another look: a detail replaces all, a row of a list only what it states."""
    if before is None or "detail" in now:
        return now
    return before | now


def _text(value: object) -> str:
    if isinstance(value, list):
        value = " / ".join(each for each in value if isinstance(each, str))
    return " ".join(value.split())[:_MOST_TEXT] if isinstance(value, str) else ""


def _page(raw: Mapping[str, Any]) -> str:
    url = raw.get("front_subsidy_detail_page_url") or raw.get("official_url")
    return url if isinstance(url, str) and re.fullmatch(r"https://[^\s<>\"]{1,180}", url) else ""


def _limit(value: object) -> int | None:
    """Whole yen, at most 15 digits; the API means "not stated" by 0 and by nines alone."""
    found = re.fullmatch(r"(\d{1,15})(?:\.0)?", "" if isinstance(value, bool) else str(value))
    return None if found is None or re.fullmatch(r"0+|9{8,}", found[1]) else int(found[1])


def _detail(raw: Mapping[str, Any]) -> list[str]:
    html, plain = raw.get("detail"), raw.get("detail_text")
    if isinstance(html, str):
        lines = lines_of(html)
    elif isinstance(plain, str):
        lines = [" ".join(line.split()) for line in plain.splitlines()]
    else:
        return []
    return [line[:_MOST_LENGTH] for line in lines if line][:_MOST_LINES]


def _attachments(raw: Mapping[str, Any]) -> Iterable[str]:
    named = raw.get("attachments")
    groups = [*(named.values() if isinstance(named, Mapping) else ()), *(raw.get(key) for key in _ATTACHED)]
    for group in groups:
        for each in group if isinstance(group, list) else ():
            name = each.get("name") if isinstance(each, Mapping) else each
            if text := _text(name):
                yield text[:200]


def _rounds(workflow: object) -> Iterable[dict[str, str]]:
    for each in workflow if isinstance(workflow, list) else ():
        if isinstance(each, Mapping):
            found = {name: _text(each.get(name)) for name in (*_ROUND, "fiscal_year_round")}
            if any(found[name] for name in _ROUND):
                yield {name: text for name, text in found.items() if text}
