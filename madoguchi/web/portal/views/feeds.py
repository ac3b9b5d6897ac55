"""What is new for a search as Atom (RFC 4287), and the dates of favourites as a calendar (RFC 5545)."""

import hashlib
from datetime import datetime

import icalendar
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition
from madoguchi.events import queries as events
from madoguchi.events.models import Event, Occurrence
from madoguchi.finding import ask
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.web.portal import favourite_cookie
from madoguchi.web.portal.shapes import feeds as shapes
from madoguchi.web.portal.shapes import ics, programme_dates
from madoguchi.web.portal.shapes import search as search_shapes

_SALT = "madoguchi.favourites.calendar"
# What a search finds at most, and what a feed shows of it.
MOST_HITS, MOST_ENTRIES = 1000, 50


@public
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """The programmes that a search finds, published last first, and their deadlines as they come near."""
    at = clock.now()
    asked = ask.read(dict(request.GET.lists()), today=at.date())
    result = ask.answer(asked, limit=MOST_HITS, offset=0)
    slugs = [] if result.understood.partial else [hit.slug for hit in result.hits if hit.type == "programme"]
    region = institutions.region()
    page = request.build_absolute_uri(search_shapes.url_of(asked))
    content = shapes.atom(
        shapes.entries(_newest(slugs), at=at, most=MOST_ENTRIES),
        shapes.About(
            title=gettext("支援の新着：%(text)s") % {"text": asked.text or gettext("条件に合うもの")},
            site=region.key if region else "site",
            author=region.site_name if region else gettext("窓口"),
            page_url=page,
            feed_url=request.build_absolute_uri(),
            language=get_language() or "ja",
        ),
        absolute=request.build_absolute_uri,
    )
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _newest(slugs: list[str]) -> list[Edition]:
    """The newest published edition of each of these programmes."""
    newest: dict[str, Edition] = {}
    for edition in catalogue.published_editions().filter(programme__slug__in=slugs):
        newest.setdefault(edition.programme.slug, edition)
    return list(newest.values())


def favourites_url(items: tuple[str, ...]) -> str:
    """The address of a calendar of these favourites; the list is in the address, signed, and nowhere else."""
    token = signing.dumps(list(items), salt=_SALT, compress=True)
    return reverse("portal:favourites_calendar", args=[token])


@public
@require_safe
def favourites(request: HttpRequest, token: str) -> HttpResponse:
    """Openings, deadlines and dates of the favourites that stand in the address."""
    try:
        items = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise Http404 from None
    at = clock.now()
    by_kind: dict[str, list[str]] = {}
    for kind, slug in (item.split(":", 1) for item in items[: favourite_cookie.MOST]):
        by_kind.setdefault(kind, []).append(slug)
    region = institutions.region()
    feed = ics.Feed(name=gettext("お気に入り"), site=region.key if region else "site", stamped_at=at)
    file = ics.calendar_file(
        feed,
        _dates(by_kind.get("event", [])),
        address=lambda event: request.build_absolute_uri(reverse("portal:event", args=[event.slug])),
        also=[
            entry
            for edition in _newest(by_kind.get("programme", []))
            for entry in _reception(request, feed, edition, at)
        ],
    )
    return HttpResponse(file, content_type=ics.CONTENT_TYPE)


def _reception(request: HttpRequest, feed: ics.Feed, edition: Edition, at: datetime) -> list[icalendar.Event]:
    url = request.build_absolute_uri(reverse("portal:programme", args=[edition.programme.slug]))
    reception = catalogue.reception_of(edition, at=at)
    return list(programme_dates.reception_entries(feed, edition, reception, url=url))


def _dates(slugs: list[str]) -> list[tuple[Event, Occurrence]]:
    found = events.events().filter(slug__in=slugs)
    return [(event, row) for event in found for row in event.occurrences.all()]
