"""One programme: its page, a sheet to bring along, its dates."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.events import queries as events
from madoguchi.events.models import Event
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results import queries as results
from madoguchi.web.portal import reads
from madoguchi.web.portal.shapes import ics, programme_dates
from madoguchi.web.portal.shapes import programme as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import wording


@public
@require_safe
def programme(request: HttpRequest, slug: str, fiscal_year: int | None = None) -> HttpResponse:
    """Show a programme in its newest or the named fiscal year."""
    editions = queries.editions_of(slug)
    edition = _edition(editions, fiscal_year)
    at = clock.now()
    held = _held(edition)
    page = shapes.page(edition, _words(), at=at)
    older = next((each for each in editions if each.fiscal_year < edition.fiscal_year), None)
    before, after = queries.before_and_after(edition.programme)
    coming = programme_dates.coming_days(held, on=at.date())
    context = {
        "slug": slug,
        "page": page,
        "trail": trail((reverse("portal:search"), gettext("支援をさがす")), ("", page.title)),
        "years": [
            (each.fiscal_year, wording.fiscal_year(each.fiscal_year), each is edition) for each in editions
        ],
        "newest": wording.fiscal_year(editions[0].fiscal_year) if edition is not editions[0] else "",
        # The newest that the documents have may itself be of a past year.
        "from_past": edition is editions[0] and edition.fiscal_year < FiscalYear.of(at.date()).start_year,
        "older": wording.fiscal_year(older.fiscal_year) if older else "",
        "changes": shapes.changes(older, edition) if older else [],
        "ahead": programme_dates.ahead(held, on=at.date()),
        "has_calendar": edition is editions[0]
        and bool(coming or page.reception.opens_at or page.reception.closes_at),
        "desks": reads.desks_of(edition.programme),
        "relations": queries.relations_of(edition.programme),
        "before": before,
        "after": after,
        "projects": [
            (project, wording.fiscal_year(project.fiscal_year))
            for project in results.projects_of(edition.programme)
        ],
    }
    return render(request, "portal/programme.html", context)


@public
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page to print and bring to a desk."""
    edition = _edition(queries.editions_of(slug), None)
    at = clock.now()
    address = request.build_absolute_uri(reverse("portal:programme", args=[slug]))
    context = {
        "slug": slug,
        "page": shapes.page(edition, _words(), at=at),
        "printed_on": at.date(),
        "address": address,
        "code": segno.make(address, error="m").svg_data_uri(border=1),
    }
    return render(request, "portal/programme_sheet.html", context)


@public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Download the next opening, deadline and dates of a programme; 404 when there is none."""
    edition = _edition(queries.editions_of(slug), None)
    at = clock.now()
    region = institutions.region()
    feed = ics.Feed(name=edition.name, site=region.key if region else "site", stamped_at=at)
    coming = programme_dates.coming_days(_held(edition), on=at.date())
    own = list(
        programme_dates.reception_entries(
            feed,
            edition,
            reception_of(edition, at=at),
            url=request.build_absolute_uri(reverse("portal:programme", args=[slug])),
        )
    )
    if not (coming or own):
        raise Http404
    content = ics.calendar_file(feed, coming, address=lambda event: _address(request, event), also=own)
    response = HttpResponse(content, content_type=ics.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


def _edition(editions: list[Edition], fiscal_year: int | None) -> Edition:
    """The edition of the year, the newest without one; 404 when there is none."""
    for edition in editions:
        if fiscal_year in (None, edition.fiscal_year):
            return edition
    raise Http404


def _held(edition: Edition) -> list[Event]:
    """The events of a programme in the edition's own year."""
    return list(events.events().filter(programme=edition.programme_id, fiscal_year=edition.fiscal_year))


def _words() -> shapes.Words:
    return shapes.Words(
        queries.labels(), institutions.source_titles(), institutions.groupings(institutions.region())
    )


def _address(request: HttpRequest, event: Event) -> str:
    return request.build_absolute_uri(reverse("portal:event", args=[event.slug]))
