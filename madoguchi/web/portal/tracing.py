"""From the address of a value to its trace, for the public page and that of the desk."""

from django.http import Http404

from madoguchi.accounts.hats import Hat
from madoguchi.institutions import queries as institutions
from madoguchi.results import published
from madoguchi.web.portal.shapes import trace as shapes
from madoguchi.web.portal.shapes.trace import Trace


def trace_or_404(key: str, fiscal_year: int | None, *, hat: Hat | None) -> Trace:
    """The trace of a public value as this reader may see it. Raises Http404 for any other."""
    indicator = published.indicator(key)
    values = published.values_of(indicator) if indicator else []
    value = next((each for each in values if each.fiscal_year == fiscal_year), None)
    if indicator is None or value is None:
        raise Http404
    value.indicator = indicator  # with its owner
    return shapes.trace(
        value,
        values=values,
        changes=published.changes_of(value),
        projects=published.projects_of(indicator),
        report_year=published.report_year(fiscal_year) if fiscal_year is not None else None,
        documents=institutions.source_titles(),
        hat=hat,
    )
