"""The public report of a year, collected once for each state of what is published."""

from dataclasses import replace

from django.http import Http404
from django.urls import reverse

from madoguchi.reporting.annual.collect import collect
from madoguchi.reporting.annual.readings import with_readings
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.results import published
from madoguchi.web.shared import kept

_REPORTS: kept.Kept[AnnualReport | None] = kept.Kept(8)


def report_or_404(fiscal_year: int) -> AnnualReport:
    """The report of a fiscal year that is public. Raises Http404 for any other, also one that is prepared."""
    now = kept.state()
    if fiscal_year not in published.years():
        raise Http404
    report = _REPORTS.get(now, fiscal_year, lambda: _collected(fiscal_year))
    if report is None:
        raise Http404
    return report


def _collected(fiscal_year: int) -> AnnualReport | None:
    """What was approved of it. What its warnings say is for those who make it."""

    def trace(_project: str, key: str) -> str:
        return reverse("portal:trace", args=[key, fiscal_year])

    report = collect(fiscal_year, with_drafts=False, trace=trace)
    return None if report is None else with_readings(replace(report, warnings=(), is_final=True))
