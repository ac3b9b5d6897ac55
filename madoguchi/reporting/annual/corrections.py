"""訂正: what was corrected after it was public, as the report holds it."""

from django.utils.timezone import localtime

from madoguchi.reporting.annual.shape import Correction
from madoguchi.results.models import IndicatorValue


def of_value(value: IndicatorValue) -> tuple[Correction, ...]:
    """The corrections of a value, the oldest first; its changes are those of `published.corrections`."""
    return tuple(
        Correction(
            fiscal_year=value.fiscal_year,
            on=localtime(change.changed_at).date(),
            before=str(change.before["raw"]) if change.before else "",
            after=str(change.after["raw"]),
            reason=change.reason,
        )
        for change in value.changes.all()
    )
