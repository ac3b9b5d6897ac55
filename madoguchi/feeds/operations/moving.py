"""Hiding an item, showing it again, and answering for it oneself."""

from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.feeds.errors import NotAllowed, WrongState
from madoguchi.feeds.models import Feed, FeedItem
from madoguchi.feeds.operations.deciding import publish_again
from madoguchi.feeds.operations.publishing import withdraw
from madoguchi.feeds.queries import may_look_after
from madoguchi.feeds.sources import SOURCES
from madoguchi.feeds.states import ITEM_MOVES, ItemState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict

_ACTIONS = {
    ItemState.HIDDEN: "feeds.item_hidden",
    ItemState.SHOWN: "feeds.item_shown",
    ItemState.DRAFT: "feeds.item_shown",
    ItemState.ADOPTED: "feeds.item_adopted",
}


@transaction.atomic
def move(*, item: FeedItem, to: ItemState, hat: Hat, at: datetime) -> None:
    """Move an item as it was seen: hidden, it leaves the site; shown, it comes back as its feed says now.

    A hidden item of a feed that only drafts goes back to the drafts. Raises NotAllowed, WrongState, Conflict,
    NotPublishable."""
    if not may_look_after(hat):
        raise NotAllowed
    came_from = ItemState(item.state)
    if to is ItemState.SHOWN and not SOURCES[Feed(item.feed)].is_published:
        to = ItemState.DRAFT
    if to not in ITEM_MOVES[came_from] or to not in _ACTIONS:
        raise WrongState
    if FeedItem.objects.filter(pk=item.pk, state=came_from).update(state=to) != 1:
        raise Conflict
    item.refresh_from_db()
    by = hat.as_actor()
    audit.record(
        _ACTIONS[to],
        at=at,
        by=by,
        subject_type="feeds.item",
        subject_id=item.pk,
        organisation_id=hat.organisation_id,
        data={"from": came_from.value},
    )
    if to is ItemState.HIDDEN:
        withdraw(item=item, at=at, by=by)
    publish_again(item, at=at, by=by)
