"""Publishing what an item says, and taking it off the site."""

from datetime import datetime

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition, Origin
from madoguchi.catalogue.states import EditionState
from madoguchi.feeds import editions
from madoguchi.feeds.models import FeedItem, Reading
from madoguchi.foundation import audit
from madoguchi.importers.drafts import FeedDraft
from madoguchi.packs.load_catalogue import content_of


def publish(
    *,
    item: FeedItem,
    draft: FeedDraft,
    readings: list[Reading],
    known: editions.Words,
    at: datetime,
    by: audit.Actor,
) -> None:
    """Publish an item as the newest revision of its edition; the same content changes nothing.

    Raises pydantic.ValidationError when it cannot be an edition, Conflict when somebody was faster."""
    if item.programme is None or item.fiscal_year is None:
        raise ValueError("An item without a programme is not published")
    operations.publish(
        programme=item.programme,
        fiscal_year=item.fiscal_year,
        content=content_of(editions.edition(item, draft, readings, known)),
        at=at,
        by=by,
        origin=Origin(kind=Origin.Kind.FEED, feed=item.feed),
    )


def withdraw(*, item: FeedItem, at: datetime, by: audit.Actor) -> None:
    """Take the edition of an item off the site; nothing when none is published."""
    shown = Edition.objects.filter(programme=item.programme_id, state=EditionState.PUBLISHED)
    for edition in shown.filter(origin__kind=Origin.Kind.FEED).select_related("programme").order_by("pk"):
        operations.withdraw(edition=edition, at=at, by=by)
