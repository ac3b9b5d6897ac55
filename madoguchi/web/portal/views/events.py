"""Events: coming dates, a month, one event, and the same as calendars."""

from calendar import monthrange
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.events import queries
from madoguchi.events.models import Event, Occurrence
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.foundation.paging import page_of
from madoguchi.institutions import queries as institutions
from madoguchi.web.portal.shapes import events as shapes
from madoguchi.web.portal.shapes import ics, linked_data, places
from madoguchi.web.portal.shapes.contacts import cards
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.filters import filters
from madoguchi.web.portal.shapes.sources import citations
from madoguchi.web.shared import wording

PAGE_SIZE = 60
# Calendars keep what was held lately, so that a subscriber's entries do not vanish the day after.
FEED_LOOKS_BACK = timedelta(days=92)
FEED_LOOKS_AHEAD = timedelta(days=731)


@public
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The coming dates by month, narrowed down by area, kind and purpose; what is over, folded."""
    today = clock.today()
    labels = catalogue.labels()
    region = institutions.region()
    groupings = institutions.groupings(region)
    offered = filters(
        request.path,
        request.GET.dict(),
        [
            ("area", gettext("地域"), {each.code: each.name for each in groupings}),
            ("kind", gettext("種類"), labels.get("event_kinds", {})),
            ("purpose", gettext("お困りごと"), labels.get("purposes", {})),
        ],
    )
    found = shapes.matching(
        queries.events(),
        kind=offered["kind"].value,
        purpose=offered["purpose"].value,
        area=next((each for each in groupings if each.code == offered["area"].value), None),
        groupings=groupings,
    )
    kinds = labels.get("event_kinds", {})
    shown = [shapes.event_date(event, row, on=today, kinds=kinds) for event, row in found]
    page = page_of([each for each in shown if not each.is_over], request.GET.get("page"), size=PAGE_SIZE)
    context = {
        "trail": trail(("", gettext("セミナー・相談会"))),
        "filters": list(offered.values()),
        "has_unknown": any(each.is_unknown for each in offered.values()),
        "is_filtered": any(each.value for each in offered.values()),
        "page": page,
        "months": shapes.months(page.rows, on=today),
        "pasts": shapes.pasts(each for each in shown if each.is_over),
        "this_month": today.replace(day=1),
    }
    return render(request, "portal/events.html", context)


@public
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month as a calendar; 404 for a month that is none."""
    if not (shapes.FIRST_YEAR <= year <= shapes.LAST_YEAR and 1 <= month <= 12):
        raise Http404
    today = clock.today()
    first = date(year, month, 1)
    last = date(year, month, monthrange(year, month)[1])
    kinds = catalogue.labels().get("event_kinds", {})
    rows = queries.occurrences_between(first, last)
    shown = shapes.dates(rows, on=today, kinds=kinds)
    heading = wording.month_full(first)
    context = {
        "trail": trail((reverse("portal:events"), gettext("セミナー・相談会")), ("", heading)),
        "heading": heading,
        "weekdays": shapes.weekday_names(),
        "weeks": shapes.weeks(year, month, shown, on=today),
        "exact": [each for each in shown if each.is_exact],
        "inexact": [each for each in shown if not each.is_exact],
        "previous": _within_years(first - timedelta(days=1)),
        "following": _within_years(last + timedelta(days=1)),
    }
    return render(request, "portal/events_month.html", context)


def _within_years(day: date) -> date | None:
    return day.replace(day=1) if shapes.FIRST_YEAR <= day.year <= shapes.LAST_YEAR else None


@public
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event: its next date and booking first, then all dates by place."""
    record = _event(slug)
    today = clock.today()
    labels = catalogue.labels()
    rows = shapes.by_place(record, on=today)
    coming = sorted((each for place in rows for each in place.coming), key=lambda each: each.starts_on)
    groupings = institutions.groupings(institutions.region())
    contacts = cards(record.contacts.all())
    context = {
        "trail": trail(
            (reverse("portal:events"), gettext("セミナー・相談会")), ("", record.breaks or record.name)
        ),
        "event": record,
        "linked": linked_data.head(
            request,
            title=record.name,
            description=record.summary,
            data=linked_data.dates(record, on=today, url=request.build_absolute_uri(request.path)),
        ),
        "kind": labels.get("event_kinds", {}).get(record.kind, record.kind),
        "purposes": [labels.get("purposes", {}).get(code, code) for code in record.purposes],
        "areas": [places.name_of(code, groupings) for code in record.areas],
        "fee": record.fee or (gettext("無料") if record.is_free else ""),
        "places": rows,
        "next": coming[0] if coming else None,
        "coming_count": len(coming),
        "date_count": sum(len(place.coming) + len(place.past) for place in rows),
        "has_exact": any(each.is_exact for place in rows for each in [*place.coming, *place.past]),
        "has_inexact": any(not each.is_exact for place in rows for each in [*place.coming, *place.past]),
        "contacts": contacts,
        "citations": citations(record.sources, institutions.source_titles()),
    }
    return render(request, "portal/event.html", context)


def _event(slug: str) -> Event:
    record = queries.events().filter(slug=slug).first()
    if record is None:
        raise Http404
    return record


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """A calendar to subscribe to: the dates of all events, lately and to come."""
    today = clock.today()
    rows = queries.occurrences_between(today - FEED_LOOKS_BACK, today + FEED_LOOKS_AHEAD)
    return _calendar(request, gettext("セミナー・相談会"), [(row.event, row) for row in rows])


@public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates of one event as a calendar file to keep."""
    record = _event(slug)
    response = _calendar(request, record.name, [(record, row) for row in record.occurrences.all()])
    response["Content-Disposition"] = f'attachment; filename="{record.slug}.ics"'
    return response


def _calendar(request: HttpRequest, name: str, rows: list[tuple[Event, Occurrence]]) -> HttpResponse:
    region = institutions.region()
    file = ics.calendar_file(
        ics.Feed(name=name, site=region.key if region else "site", stamped_at=clock.now()),
        rows,
        address=lambda event: request.build_absolute_uri(reverse("portal:event", args=[event.slug])),
    )
    return HttpResponse(file, content_type=ics.CONTENT_TYPE)
