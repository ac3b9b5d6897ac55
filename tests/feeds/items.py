"""Invented records of the national portal, taken in."""

from datetime import UTC, datetime, timedelta

from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.states import EditionState
from madoguchi.feeds.models import Feed, FeedItem
from madoguchi.feeds.operations.taking_in import Report, take_in
from madoguchi.foundation.audit import SYSTEM
from madoguchi.importers.jgrants import records
from tests.accounts.people import a_hat, an_organisation
from tests.importers.jgrants.api import KEY, a_detail

AT = datetime(2025, 6, 10, 3, tzinfo=UTC)


def day(number: int) -> datetime:
    return AT + timedelta(days=number)


def taken(*raw: dict, at: datetime = AT, **more) -> Report:
    """Take in raw records as the command does; without any, the one invented detail."""
    cleaned = [records.clean(each) for each in raw or (a_detail(),)]
    return take_in(feed=Feed.JGRANTS, records=cleaned, at=at, by=SYSTEM, **more)


def item(key: str = KEY) -> FeedItem:
    return FeedItem.objects.get(external_id=key)


def reading(what: str, key: str = KEY):
    return item(key).readings.get(what=what)


def published(key: str = KEY) -> Edition:
    return Edition.objects.get(programme__slug=f"jgrants-{key.lower()}", state=EditionState.PUBLISHED)


def an_officer(*, at: datetime = AT, role: Role = Role.OFFICER):
    return a_hat(at=at, organisation=an_organisation("県", kind="prefecture"), role=role)
