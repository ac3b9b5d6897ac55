"""Records of a feed, asked for over the net or read from a file; what cannot be used is told as odd."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from madoguchi.foundation.outside import OutsideError, get
from madoguchi.importers.drafts import Odd
from madoguchi.importers.jgrants import client as jgrants
from madoguchi.importers.jgrants import records
from madoguchi.importers.jgrants.records import OddRecord
from madoguchi.importers.jnet21 import rss


@dataclass
class Asked:
    """The records as they come; `faults` is complete only once all of them were read."""

    records: Iterable[dict[str, Any] | Odd]
    count: int
    faults: list[str] = field(default_factory=list)


def jgrants_api(
    client: jgrants.Client, *, prefecture: str, keywords: Iterable[str] = jgrants.KEYWORDS
) -> Asked:
    """What the portal accepts applications for now, for the nation and for the prefecture of this name."""
    areas = dict.fromkeys(name for name in (prefecture, jgrants.EVERYWHERE) if name)
    gathered = jgrants.gather(client, keywords=keywords, areas=areas, accepting_only=True)
    asked = Asked((), len(gathered.rows), gathered.faults)
    asked.records = _with_details(client, gathered, asked.faults)
    return asked


def _with_details(
    client: jgrants.Client, gathered: jgrants.Gathered, faults: list[str]
) -> Iterator[dict[str, Any] | Odd]:
    """Each row with its detail; where the detail does not come, the row alone."""
    for row in gathered.odd:
        yield _cleaned(row, "id のない行")
    for key, row in gathered.rows.items():
        whole: object = row
        if records.ID.fullmatch(key):
            try:
                detail = client.detail(key)
                whole = {**row, **detail} if isinstance(row, dict) and isinstance(detail, dict) else row
            except jgrants.ApiFault as fault:
                faults.append(f"{key}: {fault}")
        yield _cleaned(whole, key)


def jgrants_file(path: Path) -> Asked:
    """The rows of a file with one JSON object a line. Raises OSError."""
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return Asked((_of_line(number, line) for number, line in filled), len(filled))


def _of_line(number: int, line: str) -> dict[str, Any] | Odd:
    try:
        return _cleaned(json.loads(line), f"{number}行目")
    except (ValueError, RecursionError):
        return Odd(f"{number}行目", "JSON として読めません。")


def _cleaned(raw: object, where: str) -> dict[str, Any] | Odd:
    try:
        return records.clean(raw)
    except OddRecord as error:
        return Odd(where, str(error))


def jnet21_feed(url: str) -> Asked:
    """The newest notices of J-Net21, from its address in the settings."""
    base, _, path = url.rpartition("/")
    try:
        found = rss.read_feed(get(base, path).body)
    except (OutsideError, rss.NoFeed) as error:
        return Asked((), 0, [str(error)])
    return Asked(found, len(found))
