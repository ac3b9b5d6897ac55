"""A business asks that what is known of it be erased: its record and its cases, as far as they have ended.

The owner erases everything; a manager what their organisation has, and the record itself where nobody else
uses it. A manager is told neither of other organisations nor of cases they may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses import queries
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.errors import ConfirmationMissing, NotTheOwner
from madoguchi.businesses.models import Business, BusinessMember, Custody
from madoguchi.businesses.operations import erasing as records
from madoguchi.businesses.operations.custody import release_custody
from madoguchi.consultations.errors import CasesOpen, NotAllowed, ReasonMissing
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations.erasing import erase_ended
from madoguchi.consultations.states import RUNNING, CaseState
from madoguchi.mail.letters import Letter
from madoguchi.mail.operations import sending


@dataclass(frozen=True)
class InTheWay:
    """What has to end first: the cases that whoever asks may see, and how many others there are."""

    cases: tuple[Case, ...]
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.cases or self.others)


def own_record(business: Business, hat: Hat) -> Business:
    """The record that stands for an owner's own after all merges. Raises NotTheOwner, ConfirmationMissing."""
    member = queries.membership_of(business, hat.user_id, at=hat.at)
    if member is None or member.role != MemberRole.OWNER:
        raise NotTheOwner
    standing = business
    while standing.merged_into is not None and member.confirmed_at is not None:
        standing = standing.merged_into
    if member.confirmed_at is None and standing.merged_from.exists():
        raise ConfirmationMissing
    return standing


def in_the_way_of_owner(business: Business, hat: Hat) -> InTheWay:
    """The cases of the business that have not ended."""
    still_open = _cases_of(business).exclude(state=CaseState.CLOSED)
    seen = tuple(Case.objects.of_person(hat).filter(pk__in=still_open).order_by("opened_at", "pk"))
    return InTheWay(seen, still_open.count() - len(seen))


def erase_own(*, business: Business, hat: Hat, at: datetime) -> None:
    """Erase the record of one's own business and all its cases; the other people of it are told.

    Raises NotTheOwner, ConfirmationMissing, CasesOpen, Conflict.
    """
    with transaction.atomic():
        standing = own_record(business, hat)
        _lock(standing)
        erase_ended(cases=_cases_of(standing), by=hat.as_actor(), organisation_id=None, at=at)
        _tell_others(standing, hat)
        records.erase(business=standing, because="owner", at=at, by=hat.as_actor(), organisation_id=None)


def in_the_way_of_desk(business: Business, hat: Hat) -> InTheWay:
    """The cases of the business on which the hat's organisation is still at work, as far as the hat sees."""
    running = Involvement.objects.filter(organisation=hat.organisation_id, state__in=RUNNING)
    led = Involvement.objects.filter(organisation=hat.organisation_id, is_lead=True)
    seen = Case.objects.visible_to(hat).filter(pk__in=_cases_of(business)).exclude(state=CaseState.CLOSED)
    mine = seen.filter(Q(pk__in=running.values("case")) | Q(pk__in=led.values("case")))
    return InTheWay(tuple(mine.order_by("opened_at", "pk")))


def erase_at_desk(*, business: Business, why: str, hat: Hat, at: datetime) -> bool:
    """Erase what the hat's organisation has of a business; whether the record itself is gone with it.

    It stays where its own people, another organisation or a case has it. Raises NotAllowed, ReasonMissing,
    CasesOpen, Conflict.
    """
    if not (hat.may("businesses.erase") and Business.objects.visible_to(hat).filter(pk=business.pk).exists()):
        raise NotAllowed
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        _lock(business)
        if in_the_way_of_desk(business, hat):
            raise CasesOpen
        led = Involvement.objects.filter(organisation=hat.organisation_id, is_lead=True)
        seen = Case.objects.visible_to(hat).filter(pk__in=_cases_of(business), state=CaseState.CLOSED)
        erase_ended(
            cases=seen.filter(pk__in=led.values("case")),
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
            at=at,
        )
        _off_the_books(business, hat, at=at)
        if _is_used(business, at=hat.at):
            return False
        records.erase(
            business=business,
            because="asked",
            at=at,
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
        )
    return True


def _cases_of(business: Business) -> QuerySet[Case]:
    return Case.objects.filter(business__in=queries.ids_with_merged(business.pk), erased_at=None)


def _lock(business: Business) -> None:
    """Whoever opens a case for it now waits, and finds it gone."""
    ids = queries.ids_with_merged(business.pk)
    list(Business.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _off_the_books(business: Business, hat: Hat, *, at: datetime) -> None:
    """Custody lasts as long as a case that the organisation sees, whoever of it may open that."""
    involved = Involvement.objects.filter(organisation=hat.organisation_id, access_ended_at=None)
    for pk in queries.ids_with_merged(business.pk):
        if Case.objects.filter(business=pk, pk__in=involved.values("case")).exists():
            continue
        held = Custody.objects.filter(business=pk, organisation=hat.organisation_id, ended_at=None)
        for custody in held.order_by("pk"):
            release_custody(custody=custody, at=at, by=hat.as_actor())


def _is_used(business: Business, *, at: datetime) -> bool:
    ids = queries.ids_with_merged(business.pk)
    return (
        Custody.objects.filter(business__in=ids, ended_at=None).exists()
        or BusinessMember.objects.filter(business__in=ids).running(at=at).exists()
        or Case.objects.filter(business__in=ids).exists()
    )


def _tell_others(business: Business, hat: Hat) -> None:
    for person in _other_people(business, hat):
        sending.send_to(
            person,
            kind="businesses.erased",
            write=_letter,
            subject_type="businesses.business",
            subject_id=business.pk,
        )


def _other_people(business: Business, hat: Hat) -> Sequence[User]:
    ids = queries.ids_with_merged(business.pk)
    rows = BusinessMember.objects.filter(business__in=ids).running(at=hat.at).exclude(user=hat.user_id)
    return list({row.user_id: row.user for row in rows.select_related("user").order_by("pk")}.values())


def _letter() -> Letter:
    return Letter(
        subject=gettext("事業者の記録が消されました"),
        paragraphs=[
            gettext("あなたが使っていた事業者の記録が、代表・事業主の方の求めで消されました。"),
            gettext("くわしくは、代表・事業主の方にお聞きください。"),
        ],
    )
