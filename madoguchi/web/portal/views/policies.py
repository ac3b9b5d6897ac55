"""The basic policies, and what the annual report lists under them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.results import queries
from madoguchi.web.portal.shapes import places
from madoguchi.web.portal.shapes import policies as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.sources import citations


@public
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Every basic policy, and what each year's listings add up to."""
    documents = institutions.source_titles()
    listed = queries.policies()
    context = {
        "trail": trail(("", places.projects_title(institutions.region()))),
        "policies": listed,
        "ordinance": listed[0] if listed else None,
        "charts": shapes.charts(shapes.tables(queries.listings(), documents)),
        "citations": citations([policy.source for policy in listed], documents),
    }
    return render(request, "portal/policies.html", context)


@public
@require_safe
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """One basic policy with its listings, newest year first; a shared one stands on each of its policies."""
    listed = queries.policies()
    record = next((each for each in listed if each.code == code), None)
    if record is None:
        raise Http404
    documents = institutions.source_titles()
    listings = queries.listings().filter(pk__in=record.listings.values("pk"))
    context = {
        "trail": trail(
            (reverse("portal:policies"), places.projects_title(institutions.region())), ("", record.short)
        ),
        "policy": record,
        "others": [each for each in listed if each.pk != record.pk],
        "tables": shapes.tables(listings, documents),
        "citations": citations([record.source], documents),
    }
    return render(request, "portal/policy.html", context)
