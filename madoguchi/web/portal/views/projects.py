"""One project (事業): what was done with the money."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.results import published, queries
from madoguchi.web.portal.shapes import places, report_figures
from madoguchi.web.portal.shapes import projects as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.sources import citations, of_entry
from madoguchi.web.shared import wording


@public
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project: its cost and what the cost is, what came of it, who ran it and where it is listed."""
    record = queries.projects().filter(slug=slug).first()
    if record is None:
        raise Http404
    labels = catalogue.labels()
    region = institutions.region()
    documents = institutions.source_titles()
    results = published.results_of(record)
    groupings = institutions.groupings(region)
    context = {
        "trail": trail(
            (reverse("portal:policies"), places.projects_title(region)), ("", record.breaks or record.name)
        ),
        "project": record,
        "year": wording.fiscal_year(record.fiscal_year),
        "basis": shapes.basis(record),
        "units": list(record.units.all()),
        "places": [shapes.place(row, documents) for row in queries.rows_of(record)],
        "programmes": list(record.programmes.all()),
        "purposes": [labels.get("purposes", {}).get(code, code) for code in record.purposes],
        "areas": [places.name_of(code, groupings) for code in record.areas],
        "results": results,
        "figures": report_figures.figures(results.rows, fiscal_year=record.fiscal_year),
        "citations": citations(record.sources, documents),
        "told_in": of_entry(results.narrative.source, documents) if results.narrative else [],
    }
    return render(request, "portal/project.html", context)
