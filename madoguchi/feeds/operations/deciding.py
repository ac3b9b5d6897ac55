"""What an editor makes of a value that was read: confirm, correct, reject, take the decision back."""

from datetime import datetime

from django.db import transaction
from pydantic import ValidationError

from madoguchi.accounts.hats import Hat
from madoguchi.feeds import editions, values
from madoguchi.feeds.errors import NotAllowed, NotPublishable, WrongState
from madoguchi.feeds.models import Feed, FeedItem, Reading, What
from madoguchi.feeds.operations.publishing import publish
from madoguchi.feeds.queries import may_look_after
from madoguchi.feeds.sources import SOURCES
from madoguchi.feeds.states import READING_MOVES, ItemState, ReadingState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict

_ACTIONS = {
    ReadingState.OPEN: "feeds.reading_reopened",
    ReadingState.CONFIRMED: "feeds.reading_confirmed",
    ReadingState.CORRECTED: "feeds.reading_corrected",
    ReadingState.REJECTED: "feeds.reading_rejected",
}


@transaction.atomic
def decide(
    *, reading: Reading, to: ReadingState, version: int, hat: Hat, at: datetime, typed: str = ""
) -> Reading:
    """Decide on a value as it was seen, and publish what follows; `typed` is the value of a correction.

    Raises NotAllowed, UnreadableValue, WrongState, Conflict, NotPublishable."""
    if not may_look_after(hat):
        raise NotAllowed
    corrected = values.typed(What(reading.what), typed) if to == ReadingState.CORRECTED else ""
    item = (
        FeedItem.objects.select_for_update(of=("self",)).select_related("programme").get(pk=reading.item_id)
    )
    if to not in READING_MOVES[ReadingState(reading.state)] or item.state == ItemState.ADOPTED:
        raise WrongState
    by = hat.as_actor()
    who = {"decided_by_id": by.id, "decided_by_label": by.label, "decided_at": at}
    if to == ReadingState.OPEN:
        who = {"decided_by_id": "", "decided_by_label": "", "decided_at": None}
    seen = Reading.objects.filter(pk=reading.pk, version=version, state=reading.state)
    if seen.update(state=to, corrected=corrected, version=version + 1, **who) != 1:
        raise Conflict
    audit.record(
        _ACTIONS[to],
        at=at,
        by=by,
        subject_type="feeds.item",
        subject_id=item.pk,
        organisation_id=hat.organisation_id,
        data={"what": reading.what, "version": version + 1},
    )
    publish_again(item, at=at, by=by)
    reading.refresh_from_db()
    return reading


def publish_again(item: FeedItem, *, at: datetime, by: audit.Actor) -> None:
    """Publish what an item says now, if it is one that is shown. Raises NotPublishable."""
    if item.state not in (ItemState.SHOWN, ItemState.VANISHED):
        return
    draft = SOURCES[Feed(item.feed)].read(item.record)
    readings = list(item.readings.order_by("pk"))
    try:
        publish(item=item, draft=draft, readings=readings, known=editions.words(), at=at, by=by)
    except ValidationError as error:
        raise NotPublishable from error
