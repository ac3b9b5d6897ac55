"""What every change of a business leaves behind: who said each field, under what it is found, the audit."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from madoguchi.businesses.choices import Source
from madoguchi.businesses.models import Business, Custody, FieldOrigin, SearchKey
from madoguchi.foundation import audit
from madoguchi.japan import company_names

# What a search key is made of; a change of any of them writes the keys anew.
FOUND_BY = frozenset({"corporate_number", "claimed_number", "name", "kana", "telephone"})
_LAST_DIGITS = 4
# Nobody types more of a name; longer beginnings would only fill the index.
_LONGEST = 40


def say(
    action: str,
    business: Business,
    *,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Record the event of a change."""
    audit.record(
        f"businesses.{action}",
        at=at,
        by=by,
        subject_type="businesses.business",
        subject_id=business.pk,
        organisation_id=organisation_id,
        data=data,
    )


def origins(
    business: Business,
    fields: Iterable[str],
    *,
    source: Source,
    sources: Mapping[str, Source],
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None,
) -> None:
    """Note who said these fields now; who said them before stays on record, without the value."""
    said = list(fields)
    business.origins.filter(field__in=said, is_current=True).update(is_current=False)
    FieldOrigin.objects.bulk_create(
        FieldOrigin(
            business=business,
            field=field,
            source=sources.get(field, source),
            actor_id=by.id,
            actor_label=by.label,
            organisation_id=organisation_id,
            at=at,
        )
        for field in said
    )


def search_keys(business: Business) -> None:
    """Write anew under what every organisation that has the business on its books finds it."""
    SearchKey.objects.filter(business=business).delete()
    holders = Custody.objects.filter(business=business, ended_at=None).values_list(
        "organisation_id", flat=True
    )
    SearchKey.objects.bulk_create(keys_of(business, list(holders)))


def keys_of(business: Business, organisation_ids: Iterable[int]) -> list[SearchKey]:
    """The search keys of a business, not saved."""
    texts: dict[str, int] = {}
    readings = (business.name_folded, company_names.fold_name(business.kana) if business.kana else "")
    for reading in readings:
        for start in range(len(reading)):
            rank = SearchKey.RANK_INSIDE if start else SearchKey.RANK_START
            text = reading[start : start + _LONGEST]
            texts[text] = min(rank, texts.get(text, rank))
    number = business.corporate_number or business.claimed_number
    for digits in (number, business.telephone_digits, business.telephone_digits[-_LAST_DIGITS:]):
        if digits:
            texts[digits] = SearchKey.RANK_START
    return [
        SearchKey(organisation_id=organisation_id, business=business, rank=rank, text=text.encode())
        for organisation_id in organisation_ids
        for text, rank in texts.items()
    ]
