"""Taking in what a feed says: new, changed, vanished; one odd record never stops the others."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, transaction

from madoguchi.catalogue.models import Edition, Origin, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.feeds import editions, values
from madoguchi.feeds.models import Feed, FeedItem, FeedRun, Reading, What
from madoguchi.feeds.operations.publishing import publish
from madoguchi.feeds.sources import SOURCES, Source
from madoguchi.feeds.states import ItemState, ReadingState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import DomainError
from madoguchi.importers.documents.found import Found
from madoguchi.importers.drafts import FeedDraft, Odd
from madoguchi.importers.free_text.periods import TOKYO
from madoguchi.japan import areas
from madoguchi.japan.fiscal_year import FiscalYear

# So many items a transaction: readers and the desk get their turn in between.
BATCH = 25
# After so many runs without it, an item is marked; one look may have missed it.
MISSED = 3
_KEPT_ODD = 200
Record = dict[str, Any]


@dataclass
class Report:
    """What a run did: the external ids by outcome, the odd records with their reasons."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(getattr(self, name)) for name in Report.__dataclass_fields__}


@dataclass(frozen=True)
class Run:
    """What holds for a whole run. `everywhere` also takes what is for other prefectures alone."""

    feed: Feed
    at: datetime
    by: audit.Actor
    known: editions.Words
    everywhere: bool

    @property
    def source(self) -> Source:
        """How records of this feed are read."""
        return SOURCES[self.feed]


def take_in(
    *,
    feed: Feed,
    records: Iterable[Record | Odd],
    at: datetime,
    by: audit.Actor,
    everywhere: bool = False,
    is_complete: bool = False,
    faults: Sequence[str] = (),
    on_progress: Callable[[int], None] = lambda _count: None,
) -> Report:
    """Take in the cleaned records of a feed, an id with "id" each; what is the same stays untouched.

    Only a complete run without faults tells what has vanished. Writes in small transactions: what was taken
    in before a fault stays, and the next run goes on."""
    run = Run(feed, at, by, editions.words(), everywhere)
    report, count = Report(), 0
    waiting = iter(records)
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            _take_batch(run, [each for each in batch if isinstance(each, dict)], report)
        report.odd += [each for each in batch if isinstance(each, Odd)]
        count += len(batch)
        on_progress(count)
    with transaction.atomic():
        if is_complete and not faults:
            _miss(run, report)
        _note(run, report, is_complete=is_complete, faults=faults)
    return report


@transaction.atomic
def take_in_all(*, feed: Feed, records: Sequence[Record], at: datetime, by: audit.Actor) -> Report:
    """Take in all the records of a list or, when one of them is odd, none. Raises SomeOdd."""
    report = take_in(feed=feed, records=records, at=at, by=by, everywhere=True)
    if report.odd:
        raise SomeOdd(report.odd)
    return report


class SomeOdd(Exception):
    """Some records of a list could not be used, so that nothing was written."""

    def __init__(self, odd: list[Odd]) -> None:
        """Take the records with their reasons."""
        super().__init__(len(odd))
        self.odd = odd


def _take_batch(run: Run, records: list[Record], report: Report) -> None:
    keys = [record["id"] for record in records]
    rows = FeedItem.objects.select_for_update(of=("self",)).filter(feed=run.feed, external_id__in=keys)
    items = {item.external_id: item for item in rows.select_related("programme")}
    same: list[int] = []
    for record in records:
        item = items.get(record["id"])
        try:
            with transaction.atomic():
                item = _take_one(run, item, record, report, same)
        except (DomainError, ValueError, ArithmeticError, DataError, IntegrityError) as error:
            report.odd.append(Odd(record["id"], _reason(error)))
            if item is not None:
                same.append(item.pk)  # What cannot be read is there all the same.
        else:
            if item is not None:
                items[record["id"]] = item
    FeedItem.objects.filter(pk__in=same).update(last_seen_at=run.at, missed_runs=0)


def _reason(error: Exception) -> str:
    """What was wrong, in one line; pydantic's errors are ValueErrors with a list."""
    if isinstance(error, DomainError):
        return str(error)
    listed = getattr(error, "errors", None)
    if callable(listed):
        return "；".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in listed()[:3])
    return f"{type(error).__name__}: {str(error)[:120]}"


def _take_one(
    run: Run, item: FeedItem | None, record: Record, report: Report, same: list[int]
) -> FeedItem | None:
    merged = run.source.merged(item.record if item else None, record)
    draft = run.source.read(merged)
    if item is None and not run.everywhere and not _is_for(draft.areas.value, run.known.prefecture):
        report.outside.append(record["id"])
        return None
    reading = _digest(draft)
    if item is None:
        item = _new(run, merged, draft, reading)
        report.added.append(item.external_id)
    elif item.reading == reading and item.state != ItemState.VANISHED:
        same.append(item.pk)
        report.unchanged.append(item.external_id)
        return item
    else:
        outcome = _again(run, item, merged, draft, reading)
        getattr(report, outcome).append(item.external_id)
    return item


def _is_for(codes: Sequence[str], prefecture: str) -> bool:
    """Whether areas reach into the region: the nation, the prefecture, or a place in it."""
    return not prefecture or any(
        areas.covers(code, prefecture) or areas.covers(prefecture, code) for code in codes
    )


def _digest(draft: FeedDraft) -> str:
    """Of all that was read: another record or a better reader gives another."""
    return hashlib.sha256(repr(draft).encode()).hexdigest()


def _new(run: Run, record: Record, draft: FeedDraft, reading: str) -> FeedItem:
    item = FeedItem(
        feed=run.feed,
        external_id=draft.external_id,
        title=draft.title[:200],
        fiscal_year=editions.fiscal_year_of(
            draft, otherwise=FiscalYear.of(run.at.astimezone(TOKYO).date()).start_year
        ),
        state=ItemState.SHOWN if run.source.is_published else ItemState.DRAFT,
        record=record,
        reading=reading,
        closes_at=_closes_at(draft),
        first_seen_at=run.at,
        last_seen_at=run.at,
        changed_at=run.at,
    )
    if run.source.is_published:
        slug = f"{run.feed}-{draft.external_id}".lower()
        item.programme, _ = Programme.objects.get_or_create(slug=slug, defaults={"name": item.title})
    item.save()
    readings = _read_into(item, draft)
    if run.source.is_published:
        publish(item=item, draft=draft, readings=readings, known=run.known, at=run.at, by=run.by)
    return item


def _again(run: Run, item: FeedItem, record: Record, draft: FeedDraft, reading: str) -> str:
    """Something is new about a known item: what an editor answers for, or has hidden, stays. The outcome."""
    adopted = item.state in (ItemState.SHOWN, ItemState.VANISHED) and _is_edited(item)
    state = _seen_state(ItemState(item.state), adopted=adopted)
    columns = {
        "title": draft.title[:200],
        "record": record,
        "reading": reading,
        "closes_at": _closes_at(draft),
        "last_seen_at": run.at,
        "missed_runs": 0,
        "changed_at": run.at,
    }
    FeedItem.objects.filter(pk=item.pk).update(**columns, state=state)
    item.refresh_from_db()
    readings = _read_into(item, draft)
    if state != ItemState.SHOWN:
        return "kept"
    publish(item=item, draft=draft, readings=readings, known=run.known, at=run.at, by=run.by)
    return "changed"


def _seen_state(state: ItemState, *, adopted: bool) -> ItemState:
    if adopted:
        return ItemState.ADOPTED
    return ItemState.SHOWN if state is ItemState.VANISHED else state


def _is_edited(item: FeedItem) -> bool:
    """Whether somebody published this programme otherwise than through the feed, or took it off."""
    public = Edition.objects.filter(programme=item.programme_id, fiscal_year=item.fiscal_year or 0)
    kinds = (
        public.exclude(state=EditionState.DRAFT)
        .order_by("-revision", "pk")
        .values_list("origin__kind", flat=True)
    )
    return any(kind != Origin.Kind.FEED for kind in kinds[:1])


def _closes_at(draft: FeedDraft) -> datetime | None:
    ends = [each.value.closes_at for each in draft.periods if each.value.closes_at]
    return max(ends, default=None)


def _read_into(item: FeedItem, draft: FeedDraft) -> list[Reading]:
    """Keep the values of a draft. A decision holds while the text and the value it was about are the same."""
    before = {What(each.what): each for each in item.readings.all()}
    for what, found in _found(draft).items():
        columns = {
            "value": values.kept(what, found.value)[:500],
            "source": found.source[:500],
            "confidence": Decimal(str(found.confidence)),
            "reason": found.reason[:300],
            "is_stated": what.value in draft.stated,
        }
        row = before.pop(what, None)
        if row is None:
            Reading.objects.create(item=item, what=what, **columns)
        elif any(getattr(row, name) != value for name, value in columns.items()):
            same = (row.value, row.source) == (columns["value"], columns["source"])
            reopened = {} if same else {"state": ReadingState.OPEN, "corrected": "", **_UNDECIDED}
            Reading.objects.filter(pk=row.pk).update(**columns, **reopened, version=row.version + 1)
    Reading.objects.filter(pk__in=[row.pk for row in before.values()]).delete()
    return list(item.readings.order_by("pk"))


_UNDECIDED: dict[str, Any] = {"decided_by_id": "", "decided_by_label": "", "decided_at": None}


def _found(draft: FeedDraft) -> dict[What, Found[Any]]:
    found: dict[What, Found[Any] | None] = {
        What.SHARE: draft.share,
        What.CAP: draft.cap_yen,
        What.PERIOD: _all_periods(draft),
        What.STAFF: draft.staff,
        What.AREAS: draft.areas,
    }
    return {what: value for what, value in found.items() if value is not None}


def _all_periods(draft: FeedDraft) -> Found[Any] | None:
    if not draft.periods:
        return None
    least = min(draft.periods, key=lambda each: each.confidence)
    together = tuple(each.value for each in draft.periods)
    return Found(together, least.source, (1, 1), None, least.confidence, least.reason)


def _miss(run: Run, report: Report) -> None:
    """Mark what a complete run did not see: after some runs, or at once when its reception is over."""
    unseen = FeedItem.objects.filter(feed=run.feed, state=ItemState.SHOWN, last_seen_at__lt=run.at)
    for item in unseen.select_for_update().order_by("pk"):
        missed = item.missed_runs + 1
        gone = missed >= MISSED or (item.closes_at is not None and item.closes_at <= run.at)
        state = ItemState.VANISHED if gone else ItemState.SHOWN
        FeedItem.objects.filter(pk=item.pk).update(missed_runs=missed, state=state)
        if gone:
            report.vanished.append(item.external_id)


def _note(run: Run, report: Report, *, is_complete: bool, faults: Sequence[str]) -> None:
    odd = [{"where": each.where[:100], "sentence": each.sentence[:300]} for each in report.odd[:_KEPT_ODD]]
    done = FeedRun.objects.create(
        feed=run.feed,
        finished_at=run.at,
        is_complete=is_complete and not faults,
        counts=report.counts,
        odd=odd,
        faults=[fault[:300] for fault in faults[:_KEPT_ODD]],
    )
    audit.record(
        "feeds.taken_in",
        at=run.at,
        by=run.by,
        subject_type="feeds.run",
        subject_id=done.pk,
        data={"feed": run.feed.value, **report.counts},
    )
