"""A project (事業) as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.institutions.models import SourceDocument
from madoguchi.reporting.annual.wording import destination
from madoguchi.results.models import CostBasis, ListingRow, Policy, Project
from madoguchi.web.portal.shapes.policies import policy_note
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Place:
    """Where the project stands in a printed listing."""

    year: str
    policies: list[Policy]
    number: int
    page: int | None
    document: str
    is_repeat: bool
    printed: str
    cost_yen: int | None
    policy_note: str
    report_url: str
    pdf_url: str


def basis(project: Project) -> str:
    """What its cost is, in a sentence."""
    words = {
        CostBasis.BUDGET: gettext("予算の額です。"),
        CostBasis.SUPPLEMENTARY: gettext("補正予算の額です。"),
        CostBasis.SETTLED: gettext("決算の額です。"),
        CostBasis.NOT_STATED: gettext("予算か決算か、資料に記載はありません。"),
    }
    return words[CostBasis(project.cost_basis)]


def place(row: ListingRow, documents: Mapping[str, SourceDocument]) -> Place:
    """Where a fetched row stands: in the printed report, whose page it is, and in the file made here."""
    document = documents.get(row.listing.source.get("file", ""))
    pdf = reverse("portal:report_pdf", args=[row.listing.fiscal_year])
    policies = list(row.listing.policies.all())
    return Place(
        year=wording.fiscal_year(row.listing.fiscal_year),
        policies=sorted(policies, key=lambda policy: policy.position),
        number=row.number,
        page=row.page,
        document=document.short_title if document else "",
        is_repeat=row.is_repeat,
        printed=row.printed_name,
        cost_yen=row.printed_cost_yen,
        policy_note=policy_note(row.policies, {policy.code: policy.mark for policy in policies}),
        report_url=reverse("portal:report_section", args=[row.listing.fiscal_year, row.listing.code]),
        pdf_url=f"{pdf}#nameddest={destination(row.project.slug)}",
    )
