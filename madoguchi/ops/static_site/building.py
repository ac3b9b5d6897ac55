"""Putting a copy together beside its place, and swapping it in whole."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.template.loader import render_to_string
from django.test import Client

from madoguchi.catalogue.queries import labels
from madoguchi.ops.static_site import collecting, indexing
from madoguchi.ops.static_site.rewriting import AWAY, SEARCH, file_of, rewritten
from madoguchi.search.documents import Document

_SCRIPT = Path(__file__).with_name("search.js")


class PlaceTaken(Exception):
    """There is something at the place that no copy of ours is."""


@dataclass(frozen=True)
class Told:
    """How much there is, and whether anything differs from the copy before."""

    pages: int
    files: int
    hits: int
    is_new: bool


def publish(place: Path, *, base: str, tell: Callable[[int], object]) -> Told:
    """Make the copy and let `place`, a link, lead to it in one step; the same content changes nothing.

    `base` is the address at which it will be served. Raises PlaceTaken where something else lies there."""
    if place.exists() and not place.is_symlink():
        raise PlaceTaken(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{place.name}-making-", dir=place.parent))
    try:
        pages, files, hits = _write(making, base=base, tell=tell)
        finished = place.parent / f".{place.name}-{_digest(making)[:16]}"
        is_new = not (place.is_symlink() and place.resolve() == finished.resolve())
        if not finished.exists():
            making.chmod(0o755)
            making.rename(finished)
        _swap(place, finished)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Told(pages, files, hits, is_new)


def _swap(place: Path, finished: Path) -> None:
    before = place.resolve() if place.is_symlink() else None
    link = place.parent / f".{place.name}-link-{os.getpid()}"
    link.symlink_to(finished.name)
    link.replace(place)
    # The copy before this one stays: somebody may be reading it.
    for old in place.parent.glob(f".{place.name}-*"):
        if old.is_dir() and not old.is_symlink() and old.resolve() not in (finished.resolve(), before):
            shutil.rmtree(old, ignore_errors=True)


def _write(into: Path, *, base: str, tell: Callable[[int], object]) -> tuple[int, int, int]:
    found = collecting.collect(tell)
    rows = indexing.documents()
    client = collecting.visitor()
    found.pages[AWAY] = _page(client, "portal/static_away.html", {})
    found.pages[SEARCH] = _page(client, "portal/static_search.html", {"groups": _groups(rows)})
    # What else these two pages load was gathered with the others: they share the frame.
    files = found.files
    files |= {f"/{name}": content for name, content in indexing.files(rows)}
    files["/search/search.js"] = _SCRIPT.read_bytes()
    files["/sitemap.xml"] = _sitemap(base, sorted(found.pages))
    files["/robots.txt"] = f"User-agent: *\nSitemap: {base}/sitemap.xml\n".encode()
    for path, html in found.pages.items():
        _put(into, file_of(path), rewritten(html, path, found.__contains__).encode())
    for path, content in files.items():
        _put(into, path.lstrip("/"), content)
    return len(found.pages), len(files), len(rows)


def _page(client: Client, template: str, context: dict[str, object]) -> str:
    """A page of the copy alone, in the frame of the site."""
    request = client.get("/about/").wsgi_request
    return render_to_string(template, context, request)


def _groups(rows: list[Document]) -> list[tuple[str, list[tuple[str, list[indexing.Found]]]]]:
    """Everything that is found, for whoever has no JavaScript: by type, programmes by kind and by purpose."""
    known = labels()
    hits = [indexing.shown(row) for row in rows]
    by_type = {name: list(some) for name, some in groupby(hits, key=lambda hit: hit.type)}
    programmes = by_type.get("programme", [])
    kinds = [
        (label, [hit for hit in programmes if code in hit.kinds])
        for code, label in known.get("kinds", {}).items()
    ]
    purposes = [
        (label, [hit for hit in programmes if code in hit.purposes])
        for code, label in known.get("purposes", {}).items()
    ]
    return [
        ("kind", [each for each in kinds if each[1]]),
        ("purpose", [each for each in purposes if each[1]]),
        ("other", [(name, some) for name, some in by_type.items() if name != "programme"]),
    ]


def _sitemap(base: str, paths: list[str]) -> bytes:
    return render_to_string("portal/sitemap.xml", {"addresses": [base + path for path in paths]}).encode()


def _put(into: Path, name: str, content: bytes) -> None:
    target = into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _digest(folder: Path) -> str:
    told = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            told.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode())
            told.update(content)
    return told.hexdigest()
