"""On whose books a business is: taken with a case, shared with the business's consent, given back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason
from madoguchi.businesses.errors import ConsentMissing, NothingToShare
from madoguchi.businesses.models import Business, Custody, SearchKey
from madoguchi.businesses.operations import notes
from madoguchi.foundation import audit


def take_custody(
    *, business: Business, organisation_id: int, at: datetime, by: audit.Actor, reason: CustodyReason
) -> Custody:
    """Put a business onto the books of an organisation, or return the custody that is there.

    For other rooms, when a case is opened or a referral taken: they have the business's own request.
    """
    return _take(business, organisation_id, at=at, by=by, reason=reason)


def share_custody(
    *,
    corporate_number: str = "",
    name: str = "",
    telephone: str = "",
    organisation_id: int,
    consent_by: str,
    consent_how: str,
    at: datetime,
    by: audit.Actor,
) -> Business:
    """Put a business that others have registered onto the books too, because the business agreed; return it.

    Found by its exact corporate number, or by name and telephone together. Raises ConsentMissing and
    NothingToShare.
    """
    who, how = consent_by.strip(), consent_how.strip()
    if not (who and how):
        raise ConsentMissing
    try:
        Custody._meta.get_field("consent_by").run_validators(who)
        Custody._meta.get_field("consent_how").run_validators(how)
    except ValidationError:
        raise ConsentMissing(_("同意した人と、同意の得かたを、もっと短く書いてください。")) from None
    business = queries.known_anywhere(corporate_number=corporate_number, name=name, telephone=telephone)
    if business is None:
        raise NothingToShare
    _take(business, organisation_id, at=at, by=by, reason=CustodyReason.SHARED, consent=(who, how))
    return business


@transaction.atomic
def release_custody(*, custody: Custody, at: datetime, by: audit.Actor) -> None:
    """Take a business off the books: from this moment the organisation's staff do not see it. Idempotent."""
    if not Custody.objects.filter(pk=custody.pk, ended_at=None).update(ended_at=at):
        return
    SearchKey.objects.filter(business=custody.business, organisation=custody.organisation_id).delete()
    notes.say("custody_released", custody.business, at=at, by=by, organisation_id=custody.organisation_id)


@transaction.atomic
def _take(
    business: Business,
    organisation_id: int,
    *,
    at: datetime,
    by: audit.Actor,
    reason: CustodyReason,
    consent: tuple[str, str] = ("", ""),
) -> Custody:
    held = Custody.objects.filter(business=business, organisation=organisation_id, ended_at=None)
    there = held.first()
    if there is not None:
        return there
    custody = Custody(
        business=business,
        organisation_id=organisation_id,
        reason=reason,
        since=at,
        actor_label=by.label,
        consent_by=consent[0],
        consent_how=consent[1],
    )
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            custody.save(force_insert=True)
    except IntegrityError:
        # A colleague was faster, with the same outcome.
        there = held.first()
        if there is None:
            raise
        return there
    SearchKey.objects.bulk_create(notes.keys_of(business, [organisation_id]))
    notes.say(
        "custody_taken",
        business,
        at=at,
        by=by,
        organisation_id=organisation_id,
        data={"custody": custody.pk, "reason": reason.value},
    )
    return custody
