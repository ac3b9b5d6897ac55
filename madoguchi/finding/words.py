"""What the engine knows besides documents: synonyms, places, labels. Kept as one file beside the index.

Every process that searches reads the file, so that a search needs no database.
"""

import json
import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from madoguchi.catalogue.models import SynonymGroup
from madoguchi.catalogue.queries import labels
from madoguchi.foundation import files
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.japan.area_mentions import spoken_name
from madoguchi.japan.areas import AreaKind, Grouping

logger = logging.getLogger(__name__)

_NAME = "words.json"
Version = tuple[str, int, int]


def write() -> None:
    """Write the file anew from the database when it would differ."""
    if not are_current():
        files.write_atomically(settings.INDEX_DIR / _NAME, _content())


def _content() -> bytes:
    return json.dumps(_from_database(), ensure_ascii=False, sort_keys=True).encode()


def are_current() -> bool:
    """Whether the file says what the database says."""
    path = settings.INDEX_DIR / _NAME
    return path.is_file() and path.read_bytes() == _content()


def version() -> Version:
    """Which file stands there now: place, time and number of the file; it differs after every `write`."""
    path = settings.INDEX_DIR / _NAME
    try:
        found = path.stat()
    except FileNotFoundError:
        return (str(path), 0, 0)
    return (str(path), found.st_mtime_ns, found.st_ino)


def read() -> dict[str, Any]:
    """The words as they are now; read again only when the file was replaced. Empty before setup."""
    return _read(version())


@lru_cache(maxsize=2)
def _read(known: Version) -> dict[str, Any]:
    path, changed, _ = known
    if not changed:
        return {}
    try:
        words: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        # Cut off or overwritten: searching goes on without synonyms until the indexer has written it anew.
        logger.exception("The words beside the index cannot be read")
        return {}
    return words


def area_names() -> dict[str, str]:
    """The names of all places by their code."""
    return _area_names(version())


@lru_cache(maxsize=2)
def _area_names(known: Version) -> dict[str, str]:
    return {row["code"]: row["name"] for row in _read(known).get("places", ())}


def _from_database() -> dict[str, Any]:
    region = institutions.region()
    groupings = institutions.groupings(region)
    groups = SynonymGroup.objects.order_by("position", "pk")
    return {
        "thesaurus": [
            {"from": group.words, "to": group.targets} if group.targets else {"words": group.words}
            for group in groups
        ],
        "places": [*_groupings(region, groupings), *_areas(region, groupings)],
        "labels": labels(),
        "organisations": {row.slug: row.short_name or row.name for row in institutions.organisations()},
        "general_desk": f"desk:{region.general_desk.slug}" if region else "",
        "home": region.prefecture_code if region else "",
    }


def _groupings(region: Region | None, groupings: Iterable[Grouping]) -> Iterable[dict[str, Any]]:
    for grouping in groupings:
        yield {
            "code": grouping.code,
            "name": f"{grouping.name}地域",
            "aliases": [grouping.name],
            "ancestors": [region.prefecture_code, areas.NATION] if region else [areas.NATION],
        }


def _areas(region: Region | None, groupings: tuple[Grouping, ...]) -> Iterable[dict[str, Any]]:
    """All areas by their full names; spoken names only at home and for prefectures, where they are clear."""
    home = region.prefecture_code if region else ""
    for area in areas.all_areas():
        if area.kind in (AreaKind.NATION, AreaKind.WARD):
            continue
        is_near = area.kind is AreaKind.PREFECTURE or area.parent == home
        spoken = spoken_name(area) if is_near else ""
        yield {
            "code": area.code,
            "name": area.name if is_near else area.full_name,
            "aliases": [spoken] if spoken else [],
            "ancestors": areas.ancestors(area.code, groupings=groupings),
        }
