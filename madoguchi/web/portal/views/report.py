"""The annual report as pages: years, one year, its sections, its index, what changed, reference texts."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.reporting.annual import wording as printed
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.results import published, queries
from madoguchi.web.portal.annual import report_or_404
from madoguchi.web.portal.shapes import report as shapes
from madoguchi.web.portal.shapes.crumbs import Step, trail
from madoguchi.web.portal.shapes.sources import citations
from madoguchi.web.portal.views.report_files import downloads
from madoguchi.web.shared import wording


@public
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """Every public report, the newest first."""
    lines = shapes.year_lines(published.printed_rows(), published.titles(published.years()))
    context = {"trail": trail(("", gettext("年次報告"))), "lines": lines}
    return render(request, "portal/report_years.html", context)


@public
@require_safe
def report(request: HttpRequest, fiscal_year: int) -> HttpResponse:
    """One report: its figures, the policies side by side, what is new, the files."""
    found = report_or_404(fiscal_year)
    context = {
        **_context(found),
        "trail": _trail(found),
        "cover": shapes.cover(found),
        "downloads": downloads(fiscal_year),
    }
    return render(request, "portal/report.html", context)


@public
@require_safe
def section(request: HttpRequest, fiscal_year: int, code: str) -> HttpResponse:
    """One policy of the report, or two that share a table."""
    found = report_or_404(fiscal_year)
    here = next((each for each in found.sections if each.code == code), None)
    if here is None:
        raise Http404
    listing = queries.listings(fiscal_year=fiscal_year).filter(code=code).first()
    sources = [listing.source] if listing else []
    before, after = shapes.neighbours(found, here)
    context = {
        **_context(found),
        "trail": _trail(found, f"{here.mark} {here.short}"),
        "section": here,
        "lines": shapes.entry_lines(here),
        "repeats": sum(entry.is_repeat for entry in here.entries),
        "note": printed.subtotal_note(here),
        "before": before,
        "after": after,
        "citations": citations(sources, institutions.source_titles()),
    }
    return render(request, "portal/report_section.html", context)


@public
@require_safe
def index(request: HttpRequest, fiscal_year: int) -> HttpResponse:
    """Every project of the report once, by its reading."""
    found = report_or_404(fiscal_year)
    context = {
        **_context(found),
        "trail": _trail(found, gettext("事業の索引")),
        "groups": shapes.index(found),
    }
    return render(request, "portal/report_index.html", context)


@public
@require_safe
def changes(request: HttpRequest, fiscal_year: int) -> HttpResponse:
    """What is different from the last report."""
    found = report_or_404(fiscal_year)
    has_last = fiscal_year - 1 in published.years()
    context = {
        **_context(found),
        "trail": _trail(found, gettext("前の年度からの変更")),
        "groups": shapes.changes(found),
        "last_year": wording.fiscal_year(fiscal_year - 1),
        "has_last": has_last,
    }
    return render(request, "portal/report_changes.html", context)


@public
@require_safe
def reference(request: HttpRequest, fiscal_year: int) -> HttpResponse:
    """The free chapters of the region and the reference texts."""
    found = report_or_404(fiscal_year)
    context = {
        **_context(found),
        "trail": _trail(found, gettext("参考資料")),
        "chapters": [*found.before, *found.after],
    }
    return render(request, "portal/report_reference.html", context)


def _context(found: AnnualReport) -> dict[str, Any]:
    return {"report": found, "year": wording.fiscal_year(found.fiscal_year)}


def _trail(found: AnnualReport, *here: str) -> list[Step]:
    year = wording.fiscal_year(found.fiscal_year)
    steps = [(reverse("portal:report_years"), gettext("年次報告"))]
    if not here:
        return trail(*steps, ("", year))
    return trail(*steps, (reverse("portal:report", args=[found.fiscal_year]), year), ("", here[0]))
