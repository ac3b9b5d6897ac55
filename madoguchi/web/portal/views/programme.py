"""One programme: its page, a sheet to bring along, its dates."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries
from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rulebook import Entry, Rulebook
from madoguchi.events import queries as events
from madoguchi.events.models import Event
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results import queries as results
from madoguchi.web.portal import fit_cookie, reads
from madoguchi.web.portal.shapes import (
    fit_profile,
    fit_reasons,
    ics,
    linked_data,
    places,
    programme_dates,
    programme_requirements,
    programme_whatif,
)
from madoguchi.web.portal.shapes import programme as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.programme_requirements import Requirements
from madoguchi.web.portal.shapes.programme_whatif import WhatIf
from madoguchi.web.shared import wording
from madoguchi.web.shared.page_cache import own_with

NOBODY = Profile({}, {}, {})


@public
@require_safe
@own_with(fit_cookie.NAME)
def programme(request: HttpRequest, slug: str, fiscal_year: int | None = None) -> HttpResponse:
    """Show a programme in its newest or the named fiscal year; with `cost`, what that would bring."""
    editions = queries.editions_of(slug)
    edition = _edition(editions, fiscal_year)
    book = rulebook.current()
    entries = _entries(book, edition)
    profile = _profile(request, book)
    what_if = _what_if(request, entries, profile)
    if not any(name.startswith("cost") for name in request.GET):
        return _programme(request, editions, edition, _Rules(book, entries, profile, what_if))
    if what_if is not None and request.htmx:  # type: ignore[attr-defined]
        response = render(request, "portal/parts/whatif_swap.html", {"whatif": what_if})
    else:
        response = _programme(request, editions, edition, _Rules(book, entries, profile, what_if))
    # Every cost is another address: they would drive the pages of everybody out of the memory.
    add_never_cache_headers(response)
    return response


@dataclass(frozen=True)
class _Rules:
    """The rules of an edition beside what the visitor has told."""

    book: Rulebook
    entries: list[Entry]
    profile: Profile
    what_if: WhatIf | None

    def asked(self, edition: Edition, words: shapes.Words, at: datetime) -> Requirements | None:
        """What the rules ask; None where none is registered."""
        return programme_requirements.requirements(
            self.entries,
            self.profile,
            fit_reasons.Words(self.book.dictionary, words.documents, tuple(words.groupings)),
            reception=reception_of(edition, at=at),
            on=at.date(),
        )


def _programme(
    request: HttpRequest, editions: list[Edition], edition: Edition, rules: _Rules
) -> HttpResponse:
    slug = edition.programme.slug
    at = clock.now()
    held = _held(edition)
    words = _words()
    page = shapes.page(edition, words, at=at)
    older = next((each for each in editions if each.fiscal_year < edition.fiscal_year), None)
    before, after = queries.before_and_after(edition.programme)
    coming = programme_dates.coming_days(held, on=at.date())
    context = {
        "slug": slug,
        "page": page,
        "linked": linked_data.head(
            request,
            title=page.title,
            description=page.summary,
            data=[
                linked_data.programme(
                    page,
                    areas=[places.name_of(code, words.groupings) for code in edition.areas],
                    url=request.build_absolute_uri(reverse("portal:programme", args=[slug])),
                )
            ],
        ),
        "asked": rules.asked(edition, words, at),
        "whatif": rules.what_if,
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
    words = _words()
    book = rulebook.current()
    rules = _Rules(book, _entries(book, edition), NOBODY, None)
    address = request.build_absolute_uri(reverse("portal:programme", args=[slug]))
    context = {
        "slug": slug,
        "page": shapes.page(edition, words, at=at),
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


def _entries(book: Rulebook, edition: Edition) -> list[Entry]:
    """The rules of an edition, one for each of its frames."""
    return [book.entries[place] for place in book.of(edition.programme.slug, edition.fiscal_year)]


def _profile(request: HttpRequest, book: Rulebook) -> Profile:
    """What the visitor's own browser tells."""
    return fit_profile.read(fit_cookie.held(request).answers, book.dictionary)


def _what_if(request: HttpRequest, entries: list[Entry], profile: Profile) -> WhatIf | None:
    return programme_whatif.what_if(entries, request.GET, profile.facts)


def _held(edition: Edition) -> list[Event]:
    """The events of a programme in the edition's own year."""
    return list(events.events().filter(programme=edition.programme_id, fiscal_year=edition.fiscal_year))


def _words() -> shapes.Words:
    return shapes.Words(
        queries.labels(), institutions.source_titles(), institutions.groupings(institutions.region())
    )


def _address(request: HttpRequest, event: Event) -> str:
    return request.build_absolute_uri(reverse("portal:event", args=[event.slug]))
