"""A business comes in, and what is known of it changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from madoguchi.accounts.models import User
from madoguchi.businesses import fields
from madoguchi.businesses.choices import CustodyReason, MemberRole, Scope, Source
from madoguchi.businesses.errors import (
    AlreadyOnBooks,
    ChangedMeanwhile,
    FieldsInvalid,
    RegisteredElsewhere,
    TooManyOwn,
)
from madoguchi.businesses.models import Business, BusinessMember, Custody
from madoguchi.businesses.operations import notes
from madoguchi.foundation import audit
from madoguchi.japan import company_names

# What people say of themselves: a corporate number is a claim until a desk has looked at it. So nobody
# occupies another's number, and nobody learns by trying whether a number is registered.
_CLAIMING = frozenset({Source.OWNER, Source.DELEGATE})


# More are no businesses of one's own but a script.
MOST_OWN = 20


@transaction.atomic
def register(
    *,
    values: Mapping[str, Any],
    source: Source,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None = None,
    reason: CustodyReason = CustodyReason.REGISTERED,
    owner: User | None = None,
    sources: Mapping[str, Source] | None = None,
) -> Business:
    """Take a business onto the books of an organisation, or as an owner's own; return it.

    `sources` names the fields that another source than `source` said (a register). A form that the name
    states is filled in. Raises FieldsInvalid, AlreadyOnBooks, RegisteredElsewhere and TooManyOwn.
    """
    read = fields.clean({"name": "", **values})
    if not read.get("legal_form"):
        read["legal_form"] = company_names.legal_form_of(read["name"])
    _refuse_contradictions(read)
    read = _claimed(read, source)
    if (
        owner is not None
        and BusinessMember.objects.filter(user=owner, role=MemberRole.OWNER).count() >= MOST_OWN
    ):
        raise TooManyOwn
    business = Business(**read, **fields.derived(read), created_at=at)
    _save_new(business, organisation_id)
    told = [field for field, value in read.items() if value not in ("", None, False)]
    notes.origins(
        business,
        told,
        source=source,
        sources=sources or {},
        at=at,
        by=by,
        organisation_id=organisation_id,
    )
    if organisation_id is not None:
        Custody.objects.create(
            business=business, organisation_id=organisation_id, reason=reason, since=at, actor_label=by.label
        )
    if owner is not None:
        BusinessMember.objects.create(
            business=business, user=owner, role=MemberRole.OWNER, scopes=list(Scope), starts_at=at
        )
    notes.search_keys(business)
    notes.say("registered", business, at=at, by=by, organisation_id=organisation_id, data={"fields": told})
    return business


@transaction.atomic
def change(
    *,
    business: Business,
    values: Mapping[str, Any],
    seen_version: int,
    source: Source,
    at: datetime,
    by: audit.Actor,
    organisation_id: int | None = None,
    sources: Mapping[str, Source] | None = None,
) -> tuple[str, ...]:
    """Change some fields, if the business is still the version the person saw; return what changed.

    Raises FieldsInvalid, AlreadyOnBooks, RegisteredElsewhere and ChangedMeanwhile.
    """
    cleaned = fields.clean(values)
    read = _claimed(cleaned, source)
    changed = tuple(field for field, value in read.items() if value != getattr(business, field))
    if not changed:
        return ()
    whole = {field: getattr(business, field) for field in fields.FIELDS} | cleaned
    _refuse_contradictions(whole)
    written = {field: read[field] for field in changed}
    if written.get("corporate_number"):
        _refuse_second(written["corporate_number"], organisation_id, but=business.pk)
        written["claimed_number"] = ""
    _compare_and_set(business.pk, seen_version, {**written, **fields.derived(whole)}, organisation_id)
    business.refresh_from_db()
    notes.origins(
        business,
        changed,
        source=source,
        sources=sources or {},
        at=at,
        by=by,
        organisation_id=organisation_id,
    )
    if notes.FOUND_BY.intersection(changed):
        notes.search_keys(business)
    notes.say(
        "changed", business, at=at, by=by, organisation_id=organisation_id, data={"fields": sorted(changed)}
    )
    return changed


def _compare_and_set(
    pk: int, seen_version: int, columns: Mapping[str, Any], organisation_id: int | None
) -> None:
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            same = Business.objects.filter(pk=pk, version=seen_version)
            if same.update(**columns, version=F("version") + 1) != 1:
                raise ChangedMeanwhile
    except IntegrityError:
        # Somebody registered the number in between.
        _refuse_second(columns.get("corporate_number", ""), organisation_id, but=pk)
        raise


def _claimed(read: Mapping[str, Any], source: Source) -> dict[str, Any]:
    values = dict(read)
    if source in _CLAIMING and "corporate_number" in values:
        values["claimed_number"] = values.pop("corporate_number")
    return values


def _refuse_contradictions(values: Mapping[str, Any]) -> None:
    wrong = fields.contradictions(values)
    if wrong:
        raise FieldsInvalid(wrong)


def _refuse_second(number: str, organisation_id: int | None, *, but: int | None = None) -> None:
    bearing = Business.objects.filter(corporate_number=number)
    there = (bearing.exclude(pk=but) if but else bearing).first()
    if there is None:
        return
    held = Q(organisation=organisation_id, ended_at=None)
    if organisation_id is not None and there.custodies.filter(held).exists():
        raise AlreadyOnBooks(there.key)
    raise RegisteredElsewhere


def _save_new(business: Business, organisation_id: int | None) -> None:
    if business.corporate_number:
        _refuse_second(business.corporate_number, organisation_id)
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            business.save(force_insert=True)
    except IntegrityError:
        # Somebody registered the number in between.
        _refuse_second(business.corporate_number, organisation_id)
        raise
