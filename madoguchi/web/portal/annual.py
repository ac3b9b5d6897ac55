"""The public report of a year: one for the pages, their files and the command line.

A report is public, and no draft any more, from the day its lists are (`results.published`), whether the desk
published it or the region pack brought it as it was printed."""

from dataclasses import replace

from django.http import Http404

from madoguchi.foundation import clock
from madoguchi.institutions.models import ThemeFile
from madoguchi.reporting.annual import files
from madoguchi.reporting.annual.collect import collect
from madoguchi.reporting.annual.readings import with_readings
from madoguchi.reporting.annual.render import Kind
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.reporting.look import Look
from madoguchi.results import published
from madoguchi.web.shared import kept

_REPORTS: kept.Kept[AnnualReport | None] = kept.Kept(8)
# What is set in the colours of the region.
_COLOURED = frozenset({Kind.PDF, Kind.DOCX})


def report_or_404(fiscal_year: int) -> AnnualReport:
    """The report of a fiscal year that is public. Raises Http404 for any other, also one that is prepared."""
    now = kept.state()
    if fiscal_year not in published.years():
        raise Http404
    report = _REPORTS.get(now, fiscal_year, lambda: public_report(fiscal_year))
    if report is None:
        raise Http404
    return report


def public_report(fiscal_year: int) -> AnnualReport | None:
    """What was approved of the report of a public year, or None. Its warnings are for those who make it."""
    if fiscal_year not in published.years():
        return None
    report = collect(fiscal_year, with_drafts=False)
    return None if report is None else with_readings(replace(report, warnings=(), is_final=True))


def file_of(report: AnnualReport, kind: Kind) -> files.Kept:
    """A file of a public report, made when it is first asked for. Raises what `files.kept` raises."""
    return files.kept(report, kind, on=clock.today(), look=look() if kind in _COLOURED else None)


def look() -> Look:
    """The region's colours."""
    styles = ThemeFile.objects.filter(name="region.css").values_list("content", flat=True).first()
    return Look.from_styles(styles or "")
