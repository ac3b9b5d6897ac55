"""One programme: its page, a sheet to bring along, its dates."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries
from madoguchi.catalogue.documents import feed_of
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rulebook import Entry, Rulebook
from madoguchi.events.models import Event
from madoguchi.feeds import queries as feeds
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.web.portal import fit_cookie
from madoguchi.web.portal.programme_page import (
    NOBODY,
    Rules,
    context_of,
    entries_of,
    held_events,
    words_of_pages,
)
from madoguchi.web.portal.shapes import (
    fit_profile,
    ics,
    linked_data,
    programme_dates,
    programme_whatif,
)
from madoguchi.web.portal.shapes import programme as shapes
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.programme_whatif import WhatIf
from madoguchi.web.shared.page_cache import own_with


@public
@require_safe
@own_with(fit_cookie.NAME)
def programme(request: HttpRequest, slug: str, fiscal_year: int | None = None) -> HttpResponse:
    """Show a programme in its newest or the named fiscal year; with `cost`, what that would bring."""
    editions = queries.editions_of(slug)
    edition = _edition(editions, fiscal_year)
    book = rulebook.current()
    entries = entries_of(book, edition)
    profile = _profile(request, book)
    what_if = _what_if(request, entries, profile)
    if not any(name.startswith("cost") for name in request.GET):
        return _show(request, editions, edition, Rules(book, entries, profile, what_if))
    if what_if is not None and request.htmx:  # type: ignore[attr-defined]
        response = render(request, "portal/parts/whatif_swap.html", {"whatif": what_if})
    else:
        response = _show(request, editions, edition, Rules(book, entries, profile, what_if))
    # Every cost is another address: they would drive the pages of everybody out of the memory.
    add_never_cache_headers(response)
    return response


def _show(request: HttpRequest, editions: list[Edition], edition: Edition, rules: Rules) -> HttpResponse:
    context = context_of(editions, edition, rules, at=clock.now())
    page = context["page"]
    address = request.build_absolute_uri(reverse("portal:programme", args=[context["slug"]]))
    thing = linked_data.programme(page, areas=context["areas"], url=address)
    context["linked"] = linked_data.head(request, title=page.title, description=page.summary, data=[thing])
    return render(request, "portal/programme.html", context)


@public
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page to print and bring to a desk."""
    edition = _edition(queries.editions_of(slug), None)
    at = clock.now()
    words = words_of_pages()
    book = rulebook.current()
    rules = Rules(book, entries_of(book, edition), NOBODY, None)
    address = request.build_absolute_uri(reverse("portal:programme", args=[slug]))
    context = {
        "slug": slug,
        "page": shapes.page(edition, words, at=at),
        "feed": feeds.note_of(edition) if feed_of(edition) else None,
        "asked": rules.asked(edition, words, at),
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
    coming = programme_dates.coming_days(held_events(edition), on=at.date())
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


def _profile(request: HttpRequest, book: Rulebook) -> Profile:
    """What the visitor's own browser tells."""
    return fit_profile.read(fit_cookie.held(request).answers, book.dictionary)


def _what_if(request: HttpRequest, entries: list[Entry], profile: Profile) -> WhatIf | None:
    return programme_whatif.what_if(entries, request.GET, profile.facts)


def _address(request: HttpRequest, event: Event) -> str:
    return request.build_absolute_uri(reverse("portal:event", args=[event.slug]))
