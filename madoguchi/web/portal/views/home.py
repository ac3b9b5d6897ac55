"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.events import queries as events
from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.web.portal.shapes import home as shapes

DUES = 4
NEWS = 4
# Dates of which only the month is known are not shown, so more are read than are needed.
DATES_READ = 40


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the matter is; show what comes next, what is new and whom to ask near by."""
    at = clock.now()
    today = at.date()
    labels = catalogue.labels()
    region = institutions.region()
    groupings = institutions.groupings(region)
    everything = ask.answer(Asked(on=today), limit=1)
    area_desks = shapes.area_desks(region, list(institutions.desks(on=today)), groupings)
    context = {
        "often": [(word, shapes.search_url(q=word)) for word in (region.often_searched if region else ())],
        "tiles": shapes.tiles(
            catalogue.vocabulary("purposes").values(), everything.facets.get("purpose", ())
        ),
        "dues": shapes.dues(
            catalogue.next_deadlines(at=at, limit=DUES),
            events.coming(on=today, limit=DATES_READ),
            labels,
            limit=DUES,
        ),
        "news": shapes.news(catalogue.newest_published(limit=NEWS), labels),
        "area_desks": area_desks,
        "area_urls": {desk.key: desk.url for desk in area_desks},
        "by_deadline_url": shapes.search_url(sort="deadline"),
        "by_newest_url": shapes.search_url(sort="newest"),
        "search_url": reverse("portal:search"),
    }
    return render(request, "portal/home.html", context)
