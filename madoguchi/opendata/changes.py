"""The feed of changes: what was added, changed or withdrawn, in the order in which it became visible.

A number is given after the commit, by whoever follows the outbox: what was written earlier but committed
later gets a later number, and a reader who remembers the last number misses nothing. Numbers given while
writing would not do: the reader would be past a number whose transaction was still open. The sealer of the
audit works the same way.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from madoguchi.finding.showing import instant
from madoguchi.foundation import outbox
from madoguchi.opendata import records, shapes
from madoguchi.opendata.models import Change, Kind, Told

# Words, documents and the credit stand in every record.
_ALL = "words"
_AT_ONCE = 200


@dataclass(frozen=True)
class _Differing:
    """A record that differs from what was told last; no digest, it is public no more."""

    kind: str
    slug: str
    digest: str
    what: Change.What


def follow(*, at: datetime) -> int:
    """Number what has changed since; returns how many changes. `at` is the machine's time.

    Several followers are safe: numbers are unique, so the slower one changes nothing and returns 0."""
    # Asking first spares SQLite a write lock every second.
    if Told.objects.exists() and not outbox.pending(outbox.PUBLIC_TOPIC, limit=1):
        return 0
    try:
        return _follow(at=at)
    except IntegrityError:  # another follower took these numbers
        return 0


@transaction.atomic
def _follow(*, at: datetime) -> int:
    # First: whoever tells in between has taken the numbers after it, and this follower's collide.
    last = Change.objects.order_by("-position").values_list("position", flat=True).first() or 0
    waiting = outbox.pending(outbox.PUBLIC_TOPIC)
    keys = {item.key.partition(":")[::2] for item in waiting}
    everything = any(kind == _ALL for kind, _slug in keys) or not Told.objects.exists()
    differing = [
        found
        for kind in Kind.values
        for found in _differing(kind, None if everything else {slug for k, slug in keys if k == kind})
    ]
    _tell(differing, after=last, at=at)
    outbox.done(waiting)
    return len(differing)


def _differing(kind: str, slugs: set[str] | None) -> Iterator[_Differing]:
    told = Told.objects.filter(kind=kind).order_by("slug")
    if slugs is not None:
        if not slugs:
            return
        told = told.filter(slug__in=slugs)
    before = dict(told.values_list("slug", "digest"))
    after = dict(_digests(kind, slugs))
    for slug in sorted(before.keys() | after.keys()):
        if before.get(slug) != after.get(slug):
            yield _Differing(kind, slug, after.get(slug, ""), _what(slug, before, after))


def _what(slug: str, before: Mapping[str, str], after: Mapping[str, str]) -> Change.What:
    if slug not in after:
        return Change.What.WITHDRAWN
    return Change.What.CHANGED if slug in before else Change.What.ADDED


def _digests(kind: str, slugs: set[str] | None) -> Iterator[tuple[str, str]]:
    rows = records.public(kind)
    chosen: Sequence[str] = list(
        (rows if slugs is None else rows.filter(slug__in=slugs)).values_list("slug", flat=True)
    )
    for start in range(0, len(chosen), _AT_ONCE):
        some = chosen[start : start + _AT_ONCE]
        yield from ((record.slug, digest_of(record)) for record in records.read(kind, some))


def digest_of(record: shapes.Record) -> str:
    """SHA-256 of what a record says; where its page lies and since when it is so does not count."""
    return hashlib.sha256(record.model_dump_json(exclude={"url", "updated_at"}).encode()).hexdigest()


def _tell(differing: Sequence[_Differing], *, after: int, at: datetime) -> None:
    Change.objects.bulk_create(
        Change(position=position, kind=found.kind, slug=found.slug, what=found.what, happened_at=at)
        for position, found in enumerate(differing, start=after + 1)
    )
    for kind, some in _by_kind(found for found in differing if not found.digest):
        Told.objects.filter(kind=kind, slug__in=[found.slug for found in some]).delete()
    Told.objects.bulk_create(
        [
            Told(kind=found.kind, slug=found.slug, digest=found.digest, changed_at=at)
            for found in differing
            if found.digest
        ],
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["digest", "changed_at"],
    )


def _by_kind(differing: Iterable[_Differing]) -> Iterator[tuple[str, list[_Differing]]]:
    found: dict[str, list[_Differing]] = {}
    for each in differing:
        found.setdefault(each.kind, []).append(each)
    yield from found.items()


def since(position: int, *, limit: int) -> list[Change]:
    """The changes after a number, in order, at most `limit`."""
    return list(Change.objects.filter(position__gt=position).order_by("position")[:limit])


def shown(row: Change) -> shapes.Change:
    """A change as it is told, with the address of the record as it is now."""
    return shapes.Change(
        type=Kind(row.kind),
        slug=row.slug,
        change=Change.What(row.what),
        at=instant(row.happened_at) or "",
        api_url=settings.SITE_URL + reverse(f"api:{row.kind}", args=[row.slug]),
    )


def last_change() -> Change | None:
    """The newest change, None before anything was told."""
    return Change.objects.order_by("-position").first()
