"""What was edited at the desks, written into the files of a pack: the pack and the desk are one truth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from madoguchi.catalogue.models import Edition, Origin
from madoguchi.catalogue.states import EditionState
from madoguchi.foundation import files
from madoguchi.foundation.yaml_reader import read
from madoguchi.packs.load_catalogue import edited
from madoguchi.packs.written import document_of, with_rows


@dataclass
class Export:
    """Which programmes' files were written anew, and which are gone because nothing of them is public."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def export(directory: Path, *, everything: bool = False) -> Export:
    """Write the editions that desks published, and leave out those that they took off.

    Files of other programmes stay as they are; with `everything` every published edition is written. What
    feeds brought is theirs and stays out."""
    told = Export()
    for slug, editions in sorted(_to_write(everything=everything).items()):
        path = directory / "programmes" / f"{slug}.yaml"
        _write(path, slug, editions, told)
    return told


def _to_write(*, everything: bool) -> dict[str, dict[int, Edition]]:
    """What desks said, or all, by slug and year; a withdrawn edition is to be left out."""
    origins = edited().values()
    pks = {origin.edition_id for origin in origins if origin.kind == Origin.Kind.DESK}
    if everything:
        feeds = {origin.edition_id for origin in origins if origin.kind == Origin.Kind.FEED}
        public = Edition.objects.filter(state=EditionState.PUBLISHED).values_list("pk", flat=True)
        pks |= set(public) - feeds
    found: dict[str, dict[int, Edition]] = {}
    for edition in with_rows(Edition.objects.filter(pk__in=pks)):
        found.setdefault(edition.programme.slug, {})[edition.fiscal_year] = edition
    return found


def _write(path: Path, slug: str, editions: Mapping[int, Edition], told: Export) -> None:
    before = read(path).data if path.is_file() else None
    there = before if isinstance(before, dict) else {}
    years = {each["fiscal_year"]: each for each in there.get("editions", [])}
    for year, edition in editions.items():
        if edition.state == EditionState.PUBLISHED:
            years[year] = document_of(edition)
        else:
            years.pop(year, None)
    if not years:
        if path.is_file():
            path.unlink()
            told.removed.append(slug)
        return
    programme = next(iter(editions.values())).programme
    head = {name: value for name, value in there.items() if name != "editions"}
    said = {**(head or {"slug": slug, "name": programme.name}), "editions": _in_order(years)}
    if said != before:
        files.write_atomically(path, _as_yaml(said))
        told.written.append(slug)


def _in_order(years: Mapping[int, Any]) -> list[Any]:
    return [years[year] for year in sorted(years, reverse=True)]


def _as_yaml(said: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=120).encode()
