"""A search as an Atom feed: identifiers that never change, and times that say when something came about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext

from madoguchi.alerts import news
from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition
from madoguchi.web.portal.shapes import offers
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class About:
    """What a feed says of itself; `site` makes its identifiers unique in the world."""

    title: str
    site: str
    author: str
    page_url: str
    feed_url: str
    language: str


@dataclass(frozen=True)
class Entry:
    """One thing that came about at a time; `key` is the same for ever."""

    key: str
    slug: str
    title: str
    says: str
    at: datetime


def entries(editions: Iterable[Edition], *, at: datetime, most: int) -> list[Entry]:
    """Publications and deadlines that came near, the newest first."""
    found = [entry for edition in editions for entry in (*_published(edition), *_closing(edition, at))]
    return sorted(found, key=lambda entry: (entry.at, entry.key), reverse=True)[:most]


def _published(edition: Edition) -> Iterable[Entry]:
    if edition.published_at is None:
        return
    slug = edition.programme.slug
    told = (offers.offer(edition).money, edition.summary, _until(edition, edition.published_at))
    yield Entry(
        f"{slug}/{edition.fiscal_year}.{edition.revision}",
        slug,
        edition.name,
        "　".join(part for part in told if part),
        edition.published_at,
    )


def _closing(edition: Edition, at: datetime) -> Iterable[Entry]:
    closes_at = catalogue.reception_of(edition, at=at).closes_at
    if closes_at is None:
        return
    last_day, slug = news.closing_day(closes_at), edition.programme.slug
    for stage in news.BEFORE_DEADLINE:
        came = datetime.combine(
            last_day - timedelta(days=stage), time(0), tzinfo=timezone.get_default_timezone()
        )
        if came <= at:
            title = gettext("締切まであと%(days)d日：%(name)s") % {"days": stage, "name": edition.name}
            yield Entry(f"{slug}/{last_day}/{stage}", slug, title, _until(edition, at), came)


def _until(edition: Edition, at: datetime) -> str:
    closes_at = catalogue.reception_of(edition, at=at).closes_at
    if closes_at is None:
        return edition.reception_text
    return gettext("受付は%(day)sまで") % {"day": wording.day_full(news.closing_day(closes_at))}


def atom(shown: Iterable[Entry], about: About, *, absolute: Callable[[str], str]) -> bytes:
    """The feed as a file; its own time is that of its newest entry."""
    feed = Atom1Feed(
        title=about.title,
        link=about.page_url,
        description="",
        language=about.language,
        feed_url=about.feed_url,
        feed_guid=f"tag:{about.site}.madoguchi,2026:{about.feed_url}",
        author_name=about.author,
    )
    for entry in shown:
        feed.add_item(
            title=entry.title,
            link=absolute(reverse("portal:programme", args=[entry.slug])),
            description=entry.says,
            unique_id=f"tag:{about.site}.madoguchi,2026:programme/{entry.key}",
            updateddate=entry.at,
            pubdate=entry.at,
        )
    return str(feed.writeString("utf-8")).encode()
