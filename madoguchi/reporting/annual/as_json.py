"""The report as JSON, in the structure in which imported reports are printed too."""

from typing import Any

from madoguchi.reporting.annual.shape import AnnualReport, IndicatorLine, ProjectEntry, Section


def as_json(report: AnnualReport) -> dict[str, Any]:
    """Policies with their programmes, indicators and subtotals in thousand yen, and warnings as sentences.

    Two sums are named: rows as listed, and each project once (in a list: its repeats left out)."""
    return {
        "fiscal_year": report.fiscal_year,
        "title": report.title,
        "policies": [_policy(section) for section in report.sections],
        "total_as_listed": _in_thousand(report.listed_sum_yen),
        "total_each_once": _in_thousand(report.once_sum_yen),
        "changes": [vars(change) for change in report.changes],
        "warnings": list(report.warnings),
    }


def _policy(section: Section) -> dict[str, Any]:
    return {
        "no": section.mark,
        "programmes": [_programme(entry) for entry in section.entries],
        "stated_subtotal": _in_thousand(section.stated_subtotal_yen),
        "computed_subtotal": _in_thousand(section.listed_sum_yen),
        "computed_subtotal_without_repeats": _in_thousand(section.own_sum_yen),
    }


def _programme(entry: ProjectEntry) -> dict[str, Any]:
    return {
        "no": entry.number,
        "name": entry.name,
        "budget_thousand_yen": _in_thousand(entry.cost_yen),
        "new": entry.is_new,
        "repeat": entry.is_repeat,
        "unit": entry.department,
        "policies": None if entry.policies is None else list(entry.policies),
        "indicators": [_indicator(line) for line in entry.indicators],
    }


def _indicator(line: IndicatorLine) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": line.name,
        "values": {str(year): cell.as_json() for year, cell in sorted(line.cells.items())},
        "source": {"said": line.origin, "lines": line.lines},
    }
    if line.note:
        found["note"] = line.note
    if line.undated is not None:
        found["undated"] = line.undated.as_json()
    if line.corrections:
        found["corrections"] = [vars(one) | {"on": one.on.isoformat()} for one in line.corrections]
    return found


def _in_thousand(amount: int | None) -> int | str | None:
    """Whole thousands as a number; what is no multiple of them as text, so that no digit is lost."""
    if amount is None:
        return None
    whole, rest = divmod(abs(amount), 1000)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:03d}" if rest else amount // 1000
