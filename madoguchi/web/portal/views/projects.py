"""One project (事業): what was done with the money."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Unit
from madoguchi.results import queries
from madoguchi.results.models import CostBasis, ListingRow, Policy, Project
from madoguchi.web.portal.shapes import places
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.policies import policy_note
from madoguchi.web.portal.shapes.sources import citations
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Place:
    """Where the project stands in a printed listing."""

    year: str
    policies: list[Policy]
    number: int
    page: int | None
    is_repeat: bool
    printed: str
    cost_yen: int
    policy_note: str


@public
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project: its cost and what the cost is, who ran it and where it is listed."""
    record = queries.projects().filter(slug=slug).first()
    if record is None:
        raise Http404
    labels = catalogue.labels()
    groupings = institutions.groupings(institutions.region())
    context = {
        "trail": trail(
            (reverse("portal:policies"), gettext("県の取り組み")), ("", record.breaks or record.name)
        ),
        "project": record,
        "year": wording.fiscal_year(record.fiscal_year),
        "basis": _basis(record),
        "units": _units(record),
        "places": [_place(row) for row in queries.rows_of(record)],
        "programmes": sorted(record.programmes.all(), key=lambda each: (each.name, each.pk)),
        "purposes": [labels.get("purposes", {}).get(code, code) for code in record.purposes],
        "areas": [places.name_of(code, groupings) for code in record.areas],
        "citations": citations(record.sources, institutions.source_titles()),
    }
    return render(request, "portal/project.html", context)


def _basis(project: Project) -> str:
    words = {
        CostBasis.BUDGET: gettext("予算の額です。"),
        CostBasis.SUPPLEMENTARY: gettext("補正予算の額です。"),
        CostBasis.SETTLED: gettext("決算の額です。"),
        CostBasis.NOT_STATED: gettext("予算か決算か、資料に記載はありません。"),
    }
    return words[CostBasis(project.cost_basis)]


def _units(project: Project) -> list[Unit]:
    return list(
        Unit.objects.filter(pk__in=[unit.pk for unit in project.units.all()])
        .select_related("organisation")
        .order_by("full_name", "pk")
    )


def _place(row: ListingRow) -> Place:
    policies = list(row.listing.policies.all())
    return Place(
        year=wording.fiscal_year(row.listing.fiscal_year),
        policies=sorted(policies, key=lambda policy: policy.position),
        number=row.number,
        page=row.page,
        is_repeat=row.is_repeat,
        printed=row.printed_name,
        cost_yen=row.printed_cost_yen,
        policy_note=policy_note(row.policies, {policy.code: policy.mark for policy in policies}),
    )
