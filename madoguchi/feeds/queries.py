"""Reads: what a page says of an item, who looks after items, and what waits for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition
from madoguchi.feeds import editions, values
from madoguchi.feeds.models import Feed, FeedItem, FeedRun, Reading, What
from madoguchi.feeds.sources import SOURCES
from madoguchi.feeds.states import ItemState, ReadingState
from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation
from madoguchi.institutions.queries import region

PERMISSION = "feeds.review"


@dataclass(frozen=True)
class Unconfirmed:
    """A value that nobody has looked at yet."""

    label: str
    value: str
    mark: str


@dataclass(frozen=True)
class Note:
    """What a public page says of where an edition comes from."""

    mark: str
    credit: str
    url: str
    is_vanished: bool
    seen_at: datetime
    unconfirmed: tuple[Unconfirmed, ...]


def note_of(edition: Edition) -> Note | None:
    """What to say of an edition that a feed brought; None when its item is not there any more."""
    rows = FeedItem.objects.filter(programme=edition.programme_id)
    item = rows.prefetch_related(_readings()).order_by("pk").first()
    if item is None:
        return None
    source = SOURCES[Feed(item.feed)]
    return Note(
        mark=source.mark,
        credit=source.credit,
        url=edition.links[0]["url"] if edition.links else "",
        is_vanished=item.state == ItemState.VANISHED,
        seen_at=item.last_seen_at,
        unconfirmed=tuple(_unconfirmed(each) for each in item.readings.all() if _is_told(each)),
    )


def _is_told(reading: Reading) -> bool:
    return reading.is_unconfirmed and editions.effective(reading) is not None


def _unconfirmed(reading: Reading) -> Unconfirmed:
    what = What(reading.what)
    return Unconfirmed(str(what.label), values.shown(what, reading.value), editions.mark(reading))


def _readings() -> Prefetch[str]:
    return Prefetch("readings", queryset=Reading.objects.order_by("pk"))


def may_look_after(hat: Hat) -> bool:
    """Whether somebody confirms what feeds brought: of the prefecture, or of the general desk's body."""
    if not hat.may(PERMISSION) or hat.organisation_id is None:
        return False
    here = region()
    if here is not None and here.general_desk.organisation_id == hat.organisation_id:
        return True
    own = Organisation.objects.filter(pk=hat.organisation_id, kind=OrganisationKind.PREFECTURE)
    return own.exists()


def visible_to(hat: Hat) -> QuerySet[FeedItem]:
    """The items that a hat may look after: all or none."""
    rows = FeedItem.objects.select_related("programme").prefetch_related(_readings())
    return rows if may_look_after(hat) else rows.none()


def counted(items: QuerySet[FeedItem], *, show: str = "") -> QuerySet[FeedItem]:
    """With `open_count`, how many values nobody has looked at; what changed last comes first.

    `show` is a state, or "open" for those with such values; anything else keeps all."""
    unsure = Q(readings__state=ReadingState.OPEN, readings__confidence__lt=1)
    rows = items.annotate(open_count=Count("readings", filter=unsure)).order_by("-changed_at", "pk")
    if show == "open":
        return rows.filter(open_count__gt=0).exclude(state=ItemState.ADOPTED)
    return rows.filter(state=show) if show in list(ItemState) else rows


def last_runs() -> list[FeedRun]:
    """The newest run of each feed."""
    newest = (FeedRun.objects.filter(feed=feed).order_by("-finished_at", "-pk").first() for feed in Feed)
    return [run for run in newest if run is not None]
