"""What belongs to a business: rows (officers, sites, approvals, contacts) and the figures of its years."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses import figures, rows
from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import ChangedMeanwhile, FieldsInvalid, PeriodTaken
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.businesses.operations import notes
from madoguchi.foundation import audit

_LONGEST_PERIOD_DAYS = 731


@transaction.atomic
def replace_rows(
    *,
    business: Business,
    kind: rows.Kind,
    typed: Sequence[Mapping[str, Any]],
    seen_version: int,
    source: Source,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None = None,
) -> bool:
    """Replace the officers, sites, holdings or contacts of a business; return whether anything changed.

    Raises FieldsInvalid (see rows.clean) and ChangedMeanwhile.
    """
    wanted = rows.clean(kind, typed)
    if wanted == rows.stored(business, kind):
        return False
    same = Business.objects.filter(pk=business.pk, version=seen_version)
    if same.update(version=F("version") + 1) != 1:
        raise ChangedMeanwhile
    business.refresh_from_db()
    model, manager = rows.MODELS[kind], rows.manager(kind)
    manager.filter(business=business).delete()
    manager.bulk_create(
        model(business=business, position=position, **row) for position, row in enumerate(wanted)
    )
    notes.origins(business, [kind], source=source, sources={}, at=at, by=by, organisation_id=organisation_id)
    notes.say("changed", business, at=at, by=by, organisation_id=organisation_id, data={"fields": [kind]})
    return True


@transaction.atomic
def put_figures(
    *,
    business: Business,
    begins_on: date,
    ends_on: date,
    employees: int | None,
    amounts: Mapping[str, int],
    source: Source,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None = None,
    seen: YearlyFigures | None = None,
) -> YearlyFigures:
    """Add the figures of a period, or with `seen` change those as they were seen; return them.

    Amounts that are left out are not known, which is not 0. Raises FieldsInvalid, PeriodTaken and
    ChangedMeanwhile.
    """
    _check(begins_on, ends_on, amounts)
    columns = {
        "begins_on": begins_on,
        "ends_on": ends_on,
        "employees": employees,
        "amounts": dict(amounts),
        "source": source,
        "actor_id": by.id,
        "actor_label": by.label,
        "at": at,
    }
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            kept = (
                _changed(seen, columns)
                if seen
                else YearlyFigures.objects.create(business=business, **columns)
            )
    except IntegrityError as error:
        if YearlyFigures.objects.filter(business=business, ends_on=ends_on).exists():
            raise PeriodTaken from error
        raise
    action = "figures_changed" if seen else "figures_added"
    data = {"figures": kept.pk, "ends_on": ends_on.isoformat(), "fields": sorted(amounts)}
    notes.say(action, business, at=at, by=by, organisation_id=organisation_id, data=data)
    return kept


@transaction.atomic
def remove_figures(
    *, seen: YearlyFigures, at: datetime, by: audit.Actor, organisation_id: int | None = None
) -> None:
    """Remove the figures of a period as they were seen. Raises ChangedMeanwhile."""
    if not YearlyFigures.objects.filter(pk=seen.pk, version=seen.version).delete()[0]:
        raise ChangedMeanwhile
    data = {"figures": seen.pk, "ends_on": seen.ends_on.isoformat()}
    notes.say("figures_removed", seen.business, at=at, by=by, organisation_id=organisation_id, data=data)


def _changed(seen: YearlyFigures, columns: Mapping[str, Any]) -> YearlyFigures:
    same = YearlyFigures.objects.filter(pk=seen.pk, version=seen.version)
    if same.update(**columns, version=F("version") + 1) != 1:
        raise ChangedMeanwhile
    return YearlyFigures.objects.get(pk=seen.pk)


def _check(begins_on: date, ends_on: date, amounts: Mapping[str, int]) -> None:
    wrong: dict[str, str | Promise] = dict(figures.mistakes(amounts))
    if ends_on <= begins_on:
        wrong["ends_on"] = _("決算日は、期首よりあとの日にしてください。")
    elif (ends_on - begins_on).days > _LONGEST_PERIOD_DAYS:
        wrong["begins_on"] = _("期首と決算日を確かめてください。2年より長くなっています。")
    if wrong:
        raise FieldsInvalid(wrong)
