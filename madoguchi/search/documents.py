"""What a room hands over to be found."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any

Window = tuple[date | None, date | None]

FIELDS = ("name", "keywords", "summary", "body")

# How an offer without dated windows receives people; anything else is "not stated".
MODES = ("", "rolling", "booking", "closed")


@dataclass(frozen=True)
class Document:
    """One thing that can be found.

    `areas` and `industries` hold the document's own codes only: the engine knows the ancestors. None
    means "everywhere" and "any industry". `group` joins the yearly editions of one thing. Windows are
    days in Japan, both ends included; `mode` is one of `MODES`. `payload` must be plain JSON.
    """

    key: str
    type: str
    name: str
    slug: str = ""
    group: str = ""
    name_reading: str = ""
    fiscal_year: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    kinds: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    mode: str = ""
    published_on: date | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Return the searchable text of each field."""
        keywords = "\n".join(self.keywords)
        return {"name": self.name, "keywords": keywords, "summary": self.summary, "body": self.body}

    @property
    def card(self) -> str:
        """Return as JSON what a hit shows besides its texts."""
        names = ("key", "type", "slug", "name", "fiscal_year", "payload")
        return _json({name: getattr(self, name) for name in names})

    @cached_property
    def content_hash(self) -> str:
        """Return a hash that changes whenever anything in the document does."""
        return blake2b(_json(asdict(self)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_day)


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    msg = f"not plain JSON: {value!r}"
    raise TypeError(msg)
