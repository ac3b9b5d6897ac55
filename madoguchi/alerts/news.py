"""What there is to tell today of all that the catalogue and the events hold, whoever asked for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from madoguchi.alerts.kinds import What
from madoguchi.catalogue import differences
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.differences import Item, Topic
from madoguchi.catalogue.models import Edition, ReceptionWindow
from madoguchi.catalogue.states import EditionState, ReceptionStatus
from madoguchi.events import queries as events
from madoguchi.events.models import Event, Occurrence, Precision

# A worker that stood still for longer does not tell old things as new.
LOOKS_BACK = timedelta(days=60)
# Days before a deadline, and before a date that somebody keeps as a favourite.
BEFORE_DEADLINE = (1, 7, 14)
BEFORE_DATE = (1, 7)
_OPEN = (ReceptionStatus.OPEN, ReceptionStatus.ROLLING, ReceptionStatus.BOOKING)


@dataclass(frozen=True, eq=False)
class News:
    """One thing to tell of one entry; `mark` tells it from others of its kind.

    `since` is when it came about (None: it is coming, and is told to whoever has not heard of it), `last_day`
    the day of the deadline or date, `changed` the topics on which the edition differs from the one before,
    each with the first sentence that is new (empty where something went).
    """

    entry: str
    what: What
    mark: str
    of: Edition | Event
    since: datetime | None = None
    last_day: date | None = None
    changed: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What the ledger knows it by."""
        return self.entry, self.what.value, self.mark


Board = Mapping[str, Sequence[News]]


def board(*, at: datetime) -> Board:
    """Everything that could be told today, by entry; the same number of queries however much there is."""
    found: dict[str, list[News]] = {}
    for news in (*_of_programmes(at=at), *_of_events(at=at)):
        found.setdefault(news.entry, []).append(news)
    return found


def newest_event() -> int:
    """The number of the event that was entered last; 0 without any."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _of_programmes(*, at: datetime) -> Iterator[News]:
    newest: dict[int, Edition] = {}
    for edition in catalogue.published_editions():
        newest.setdefault(edition.programme_id, edition)
    lately = [
        each for each in newest.values() if each.published_at and at - LOOKS_BACK < each.published_at <= at
    ]
    before = _before(lately)
    for edition in lately:
        yield from _published(edition, before.get(edition.programme_id))
    for edition in newest.values():
        yield from _received(edition, at=at)


def _before(editions: Iterable[Edition]) -> Mapping[int, Edition]:
    """The edition that each of these followed."""
    wanted = {each.programme_id: each for each in editions}
    earlier: dict[int, Edition] = {}
    rows = (
        Edition.objects.filter(
            programme__in=wanted, state__in=(EditionState.PUBLISHED, EditionState.SUPERSEDED)
        )
        .prefetch_related("windows")
        .order_by("-fiscal_year", "-revision", "pk")
    )
    for row in rows:
        new = wanted[row.programme_id]
        if (row.fiscal_year, row.revision) < (new.fiscal_year, new.revision):
            earlier.setdefault(row.programme_id, row)
    return earlier


def _published(edition: Edition, before: Edition | None) -> Iterator[News]:
    entry, mark = f"programme:{edition.programme.slug}", f"{edition.fiscal_year}.{edition.revision}"
    since = edition.published_at
    if before is None:
        yield News(entry, What.NEW, mark, edition, since=since)
        return
    what = What.NEW_YEAR if before.fiscal_year < edition.fiscal_year else What.CHANGED
    changed = _changed(before, edition)
    # A word mended that changes nothing for anybody is no news.
    if changed or what is What.NEW_YEAR:
        yield News(entry, what, mark, edition, since=since, changed=changed)


def _changed(old: Edition, new: Edition) -> tuple[tuple[str, str], ...]:
    """The topics on which two editions differ, with a new sentence; `reception` for their windows."""
    said: dict[str, str] = {}
    windows = [[(w.opens_at, w.closes_at, w.closed_early) for w in each.windows.all()] for each in (old, new)]
    if windows[0] != windows[1] or old.reception_mode != new.reception_mode:
        said["reception"] = new.reception_text
    for difference in differences.compare(_said(old), _said(new)):
        sentence = next((line.text for line in difference.new if line.is_changed), "")
        topic = difference.topic.value
        said[topic] = said.get(topic) or sentence
    return tuple(said.items())


def _said(edition: Edition) -> differences.Said:
    return {
        Topic.MONEY: [Item(edition.headline)] if edition.headline else [],
        Topic.WHO: [Item(edition.who)] if edition.who else [],
        Topic.REQUIREMENT: [Item(row["text"]) for row in edition.requirements],
        Topic.BENEFIT: [Item(row["text"]) for row in edition.benefits],
    }


def _received(edition: Edition, *, at: datetime) -> Iterator[News]:
    """What its reception does: it opened lately, or closes soon."""
    reception = catalogue.reception_of(edition, at=at)
    if reception.status not in _OPEN:
        return
    entry = f"programme:{edition.programme.slug}"
    opened = [
        window.opens_at
        for window in edition.windows.all()
        if window.opens_at and at - LOOKS_BACK < window.opens_at <= at and not _is_over(window, at)
    ]
    if opened:
        since = max(opened)
        yield News(entry, What.OPENING, since.isoformat(), edition, since=since)
    if reception.closes_at is not None:
        last_day = closing_day(reception.closes_at)
        stage = _stage(last_day, at.date(), BEFORE_DEADLINE)
        if stage is not None:
            yield News(entry, What.DEADLINE, f"{last_day}/{stage}", edition, last_day=last_day)


def _is_over(window: ReceptionWindow, at: datetime) -> bool:
    return window.closed_early or (window.closes_at is not None and window.closes_at <= at)


def closing_day(closes_at: datetime) -> date:
    """The last day of a window: windows are half-open, so a midnight ends the day before."""
    local = timezone.localtime(closes_at)
    return local.date() - timedelta(days=1) if local.time() == time(0) else local.date()


def _stage(day: date, today: date, stages: Sequence[int]) -> int | None:
    """The stage that has come, the nearest first; None while there is time, and afterwards."""
    days = (day - today).days
    return next((stage for stage in stages if 0 <= days <= stage), None)


def _of_events(*, at: datetime) -> Iterator[News]:
    today = at.date()
    for event in events.events().filter(occurrences__ends_on__gte=today).distinct():
        entry = f"event:{event.slug}"
        yield News(entry, What.NEW, "", event)
        held = _next_day(event, today)
        stage = _stage(held.starts_on, today, BEFORE_DATE) if held else None
        if held and stage is not None:
            yield News(entry, What.HELD, f"{held.starts_on}/{stage}", event, last_day=held.starts_on)


def _next_day(event: Event, today: date) -> Occurrence | None:
    """The next date of an event whose day is known."""
    coming = (
        row for row in event.occurrences.all() if row.starts_on >= today and row.precision == Precision.DAY
    )
    return next(coming, None)
