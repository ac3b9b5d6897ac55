"""What a subscription is about, in the words of whoever reads it now."""

import textwrap
from typing import Any

from django.utils.translation import gettext

from madoguchi.alerts.kinds import Kind
from madoguchi.finding import ask
from madoguchi.japan.fiscal_year import FiscalYear

_LEADING = ("://", "www.", "@", ".")
_LONGEST = 60


def describe(kind: str, question: Any) -> str:
    """A question in one line."""
    if kind == Kind.SEARCH:
        return _search(question)
    if kind == Kind.FACTS:
        return gettext("わが社に合う支援（答え%(count)d件）") % {"count": len(question)}
    return gettext("お気に入り（%(count)d件）") % {"count": len(question)}


def _search(pairs: list[list[str]]) -> str:
    parts = [
        gettext("「%(text)s」") % {"text": _words(value)} if name == "q" else _value(name, value)
        for name, value in pairs
    ]
    return "・".join(parts) or gettext("すべての支援")


def _words(typed: str) -> str:
    """What was searched for, as it may stand in mail that goes to any address: short, and leading nowhere."""
    kept = [word for word in typed.split() if not any(sign in word for sign in _LEADING)]
    return textwrap.shorten(" ".join(kept), _LONGEST, placeholder="…")


def _value(facet: str, value: str) -> str:
    if facet == "fiscal_year":
        return FiscalYear(int(value)).label
    known = _statuses() if facet == "status" else _types()
    return known.get(value) or ask.value_label(facet, value)


def _statuses() -> dict[str, str]:
    return {
        "open": gettext("受付中"),
        "upcoming": gettext("予定"),
        "rolling": gettext("随時"),
        "booking": gettext("予約制"),
        "closed": gettext("終了"),
        "not_stated": gettext("受付は窓口で確認"),
    }


def _types() -> dict[str, str]:
    return {
        "programme": gettext("支援制度"),
        "desk": gettext("相談窓口"),
        "event": gettext("セミナー・相談会"),
        "project": gettext("取り組み"),
        "organisation": gettext("支援機関"),
    }
