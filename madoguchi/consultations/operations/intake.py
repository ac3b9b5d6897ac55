"""An adviser takes a consultation in: who, what about, the talk that was held, and who has it from now on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses.choices import CustodyReason, Source
from madoguchi.businesses.operations.register import register
from madoguchi.consultations import rules
from madoguchi.consultations.errors import AlreadySent, ConsentMissing, NotAllowed
from madoguchi.consultations.kinds import ConsentMeans, Visibility
from madoguchi.consultations.models import Case, CasePerson, Consent, Involvement
from madoguchi.consultations.operations import acting, drafts, naming, opening, recording, requests, telling
from madoguchi.consultations.operations.acting import lead_part
from madoguchi.consultations.operations.opening import Destination, Matter
from madoguchi.consultations.operations.recording import Talk
from madoguchi.foundation.errors import DomainError


@dataclass(frozen=True)
class Intake:
    """What an adviser takes in. Without a destination it is the adviser's own from now on.

    `new_business` are the fields of one that is not on the books yet; `is_agreed` says that the business
    agreed to be told of to another organisation.
    """

    matter: Matter
    new_business: Mapping[str, Any] | None = None
    to: Destination | None = None
    is_agreed: bool = False
    talk: Talk | None = None
    body: str = ""
    visibility: Visibility = Visibility.SHARED


def take_in(*, intake: Intake, hat: Hat, at: datetime, once: str) -> Case:
    """Open the case with its business, its talk and its consent, all or nothing; return it.

    The same intake with the same `once` gives the case it opened before. Raises AlreadySent (another one),
    TextMissing, ConsentMissing, NotAllowed, and what registering a business raises (FieldsInvalid,
    AlreadyOnBooks, RegisteredElsewhere).
    """
    before = _opened(intake, once)
    if before is not None:
        return before
    if intake.to and intake.talk:
        raise NotAllowed(_(rules.NO_TALK_OF_OTHERS))
    if intake.to and _is_foreign(intake.to, hat):
        if not intake.is_agreed:
            raise ConsentMissing
        if intake.body.strip() and intake.visibility != Visibility.SHARED:
            raise NotAllowed(_(rules.NO_SECRET_NOTE_FOR_OTHERS))
    try:
        with transaction.atomic():
            return _take_in(intake, hat=hat, at=at, once=once)
    except (IntegrityError, DomainError):
        # Sent a second time at the same moment: what was written here is undone.
        opened = _opened(intake, once)
        if opened is None:
            raise
        return opened


def _opened(intake: Intake, once: str) -> Case | None:
    """The case that this intake opened before. Raises AlreadySent when it was another intake."""
    case, matter, body = Case.objects.filter(once=once).first(), intake.matter, intake.body.strip()
    if case is None:
        return None
    is_other_business = matter.business is not None and matter.business.pk != case.business_id
    is_other_note = bool(body) and not case.notes.filter(body=body).exists()
    if case.words != matter.words.strip() or is_other_business or is_other_note:
        raise AlreadySent
    return case


def _is_foreign(to: Destination, hat: Hat) -> bool:
    return to.organisation.pk != hat.organisation_id


def _take_in(intake: Intake, *, hat: Hat, at: datetime, once: str) -> Case:
    matter, to = _with_business(intake, hat=hat, at=at), intake.to or _oneself(hat)
    if to.adviser is None and to.desk:
        matter = replace(matter, promised_on=requests.promise(to.desk, at=at))
    case = opening.open_new(matter=matter, to=to, at=at, by=hat.as_actor(), once=once)
    lead = lead_part(case)
    if intake.talk or intake.body.strip():
        _record(case, lead, intake, hat=hat, at=at, once=once)
    if to.adviser is None:
        _hand_out(case, lead, hat=hat, at=at)
    drafts.forget(form=drafts.INTAKE, hat=hat)
    return case


def _oneself(hat: Hat) -> Destination:
    return Destination(
        organisation=acting.own_organisation(hat),
        adviser=User.objects.get(pk=hat.user_id),
    )


def _with_business(intake: Intake, *, hat: Hat, at: datetime) -> Matter:
    """The matter with its business, registered if it is new; the case keeps its place, trade and size."""
    business = intake.matter.business
    if intake.new_business is not None:
        business = register(
            values=intake.new_business,
            source=Source.STAFF,
            at=at,
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
            reason=CustodyReason.CASE,
        )
    if business is None:
        return intake.matter
    return replace(
        intake.matter,
        business=business,
        area_code=intake.matter.area_code or business.area_code,
        industry=intake.matter.industry or business.industry,
        employees=intake.matter.employees if intake.matter.employees is not None else business.employees,
    )


def _record(case: Case, lead: Involvement, intake: Intake, *, hat: Hat, at: datetime, once: str) -> None:
    if intake.talk is None:
        recording.write_note(case=case, body=intake.body, visibility=intake.visibility, hat=hat, at=at)
        return
    recording.record_consultation(
        involvement=lead,
        talk=intake.talk,
        hat=hat,
        at=at,
        body=intake.body,
        visibility=intake.visibility,
        once=once,
    )


def _hand_out(case: Case, lead: Involvement, *, hat: Hat, at: datetime) -> None:
    """Let those see and know whom it was sent to; keep what the business agreed to."""
    Involvement.objects.filter(pk=lead.pk).update(
        sent_by=hat.user_id, sent_by_organisation=hat.organisation_id
    )
    organisation = lead.organisation
    assert organisation is not None  # noqa: S101 (a destination is an organisation)
    naming.name_receivers(case, organisation, at=hat.at, since=at)
    if organisation.pk == hat.organisation_id:
        if case.is_secret:
            CasePerson.objects.get_or_create(
                case=case, user_id=hat.user_id, until=None, defaults={"since": at}
            )
    else:
        consent = Consent.objects.create(
            case=case, means=ConsentMeans.SPOKEN, given_at=at, recorded_by_id=hat.user_id
        )
        consent.organisations.add(organisation)
    telling.referred(lead, hat=hat)
