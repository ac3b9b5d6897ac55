"""Where a figure comes from: who wrote it when, every change with its reason, the document behind it."""

from dataclasses import dataclass

from madoguchi.institutions.models import SourceDocument
from madoguchi.results.models import IndicatorValue, ValueChange


@dataclass(frozen=True)
class Traced:
    """A figure with its changes, the newest first, and the document that printed it."""

    value: IndicatorValue
    changes: tuple[ValueChange, ...]
    document: SourceDocument | None


def trace(indicator: str, fiscal_year: int | None) -> Traced | None:
    """The figure of an indicator, by its key, for a year or of no single one; None when there is none.

    Who may read the names in it is asked by the page that shows it."""
    rows = IndicatorValue.objects.select_related("indicator__owner", "indicator__programme")
    value = rows.filter(indicator__key=indicator, fiscal_year=fiscal_year).first()
    if value is None:
        return None
    changes = tuple(value.changes.order_by("-version", "-pk"))
    document = SourceDocument.objects.filter(key=value.source.get("file", "")).first()
    return Traced(value=value, changes=changes, document=document)
