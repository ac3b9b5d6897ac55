"""The structure that every annual report of Madoguchi is printed in as JSON."""

from typing import Any

from madoguchi.importers.annual_report.drafts import IndicatorDraft, PolicyDraft, ProgrammeDraft, ReportDraft
from madoguchi.importers.annual_report.money import in_thousand


def as_json(draft: ReportDraft) -> dict[str, Any]:
    """Return policies, programmes, indicators and sums (in thousand yen), and the warnings as sentences."""
    return {
        "policies": [_policy(policy) for policy in draft.policies],
        "warnings": [str(note) for note in draft.notes],
    }


def _policy(policy: PolicyDraft) -> dict[str, Any]:
    stated = policy.stated_yen
    return {
        "no": policy.mark,
        "programmes": [_programme(each) for each in policy.programmes],
        "stated_subtotal": in_thousand(stated.value) if stated else None,
        "computed_subtotal": in_thousand(policy.computed_yen),
    }


def _programme(each: ProgrammeDraft) -> dict[str, Any]:
    return {
        "no": each.number.value,
        "name": each.name.value,
        "budget_thousand_yen": in_thousand(each.cost_yen.value) if each.cost_yen else None,
        "new": each.is_new.value,
        "repeat": each.is_repeat,
        "unit": each.unit.value if each.unit else None,
        "policies": list(each.policies) if each.policies else None,
        "indicators": [_indicator(row) for row in each.indicators],
    }


def _indicator(row: IndicatorDraft) -> dict[str, Any]:
    return {
        "name": row.name.value,
        "values": {year: found.value.as_json() for year, found in sorted(row.cells.items())},
    }
