"""Made-up reports of regions that lay theirs out differently, and short ways to look at what was read."""

from functools import cache
from pathlib import Path
from typing import Any

from madoguchi.importers.annual_report.as_json import as_json
from madoguchi.importers.annual_report.drafts import ReportDraft
from madoguchi.importers.annual_report.layout import general
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.reading import read, read_bytes

PLACE = Path(__file__).parent / "documents"


@cache
def report(name: str) -> ReportDraft:
    """Read one of the made-up documents."""
    return read_report(read(PLACE / f"{name}.txt"), general())


def typed(text: str) -> ReportDraft:
    """Read a report that stands in the test."""
    return read_report(read_bytes("typed.txt", text.encode()), general())


def rows(draft: ReportDraft) -> dict[str, list[tuple[Any, ...]]]:
    """For each policy: number, name, thousand yen, new, unit."""
    return {
        policy["no"]: [
            (row["no"], row["name"], row["budget_thousand_yen"], row["new"], row["unit"])
            for row in policy["programmes"]
        ]
        for policy in as_json(draft)["policies"]
    }


def sums(draft: ReportDraft) -> list[tuple[Any, ...]]:
    """For each policy: its mark, the stated sum, the computed one."""
    return [
        (policy["no"], policy["stated_subtotal"], policy["computed_subtotal"])
        for policy in as_json(draft)["policies"]
    ]


def indicators(draft: ReportDraft) -> dict[str, dict[str, dict[str, str]]]:
    """For each project with indicators: the values as printed, by indicator and year."""
    return {
        row["name"]: {
            each["name"]: {year: cell["raw"] for year, cell in each["values"].items()}
            for each in row["indicators"]
        }
        for policy in as_json(draft)["policies"]
        for row in policy["programmes"]
        if row["indicators"]
    }


def sentences(draft: ReportDraft, code: str) -> list[str]:
    """The notes with a code."""
    return [str(note) for note in draft.notes if note.code == code]
