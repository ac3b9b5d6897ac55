"""From the address of a value to its trace, for the public page and that of the desk."""

from collections.abc import Sequence

from django.http import Http404

from madoguchi.accounts.hats import Hat
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Unit
from madoguchi.results import published
from madoguchi.results.models import ReportYear
from madoguchi.results.queries.standing import standing
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
    projects = published.projects_of(indicator)
    report_year = published.report_year_of(value)
    return shapes.trace(
        value,
        values=values,
        changes=published.changes_of(value),
        projects=projects,
        report_year=report_year,
        documents=institutions.source_titles(),
        hat=hat,
        sees_people=hat is not None and _sees_people(hat, report_year, shapes.units_of(indicator, projects)),
    )


def _sees_people(hat: Hat, report_year: ReportYear | None, units: Sequence[Unit]) -> bool:
    """Those who write it, those who keep the report together, and who audits their organisation."""
    stands = standing(hat, report_year, [unit.pk for unit in units])
    audits = hat.may("audit.read") and any(unit.organisation_id == hat.organisation_id for unit in units)
    return stands.is_own or stands.is_secretariat or audits
