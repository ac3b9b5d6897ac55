"""Two records of one business become one, and two again if that was a mistake.

Nothing is moved: `merged_into` leads on, and who reads follows it (`queries.ids_with_merged`, `seen_as`). So
a merge is undone by forgetting it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses import fields
from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import CannotMerge
from madoguchi.businesses.models import Business, DistinctPair
from madoguchi.businesses.operations import notes, register
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict


@transaction.atomic
def merge(
    *,
    keep: Business,
    drop: Business,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None,
    take: Sequence[str] = (),
) -> None:
    """Let `keep` stand for `drop` too; `take` names the fields whose values `keep` takes over.

    Raises CannotMerge and Conflict when one of them was merged meanwhile.
    """
    kept, dropped = _locked(keep, drop)
    _check(kept, dropped)
    if take:
        register.change(
            business=kept,
            values={field: getattr(dropped, field) for field in take if field != "corporate_number"},
            seen_version=kept.version,
            source=Source.MERGE,
            at=at,
            by=by,
            organisation_id=organisation_id,
        )
    if not Business.objects.filter(pk=dropped.pk, merged_into=None).update(merged_into=kept, merged_at=at):
        raise Conflict
    notes.say(
        "merged",
        kept,
        at=at,
        by=by,
        organisation_id=organisation_id,
        data={"dropped": dropped.pk, "taken": sorted(take)},
    )


@transaction.atomic
def unmerge(*, drop: Business, at: datetime, by: audit.Actor, organisation_id: int | None) -> None:
    """Let a merged record stand for itself again; what the other took over stays with the other.

    Raises Conflict when it stands for itself already.
    """
    kept_id = drop.merged_into_id
    parted = Business.objects.filter(pk=drop.pk, merged_into=kept_id).exclude(merged_into=None)
    if not parted.update(merged_into=None, merged_at=None):
        raise Conflict
    notes.say("unmerged", drop, at=at, by=by, organisation_id=organisation_id, data={"kept": kept_id})


@transaction.atomic
def tell_apart(
    *, one: Business, other: Business, at: datetime, by: audit.Actor, organisation_id: int | None
) -> None:
    """Note that two alike records are two businesses, so that nobody is asked again. Idempotent."""
    older, newer = sorted((one, other), key=lambda business: business.pk)
    pair, is_new = DistinctPair.objects.get_or_create(
        one=older, other=newer, defaults={"actor_label": by.label, "at": at}
    )
    if is_new:
        data = {"other": pair.other_id}
        notes.say("told_apart", older, at=at, by=by, organisation_id=organisation_id, data=data)


def _locked(keep: Business, drop: Business) -> tuple[Business, Business]:
    """Both rows as they are now, locked in one order: two merges across each other would make a ring."""
    ids = sorted((keep.pk, drop.pk))
    rows = {row.pk: row for row in Business.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    return rows[keep.pk], rows[drop.pk]


def _check(kept: Business, dropped: Business) -> None:
    if kept.pk == dropped.pk:
        raise CannotMerge(_("同じ記録です。別の2つを選んでください。"))
    if kept.merged_into_id or dropped.merged_into_id:
        raise Conflict
    if dropped.corporate_number and kept.corporate_number:
        raise CannotMerge(_("法人番号が違うので、別の事業者です。"))
    if dropped.corporate_number:
        raise CannotMerge(_("法人番号のある記録のほうを残してください。"))
    if kept.is_founder and not dropped.is_founder:
        raise CannotMerge(_("創業予定の記録ではなく、事業者の記録のほうを残してください。"))


# What a merged record can hand over.
CAN_BE_TAKEN = tuple(field for field in fields.FIELDS if field not in ("corporate_number", "is_founder"))
