"""Who acts for a business: invited by an owner, confirmed by a desk, ended by either."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import User
from madoguchi.businesses.choices import MemberRole, Scope, Source
from madoguchi.businesses.errors import InvitationUnusable, LastOwner, MandateInvalid, RegisteredElsewhere
from madoguchi.businesses.models import Business, BusinessMember, MemberInvitation
from madoguchi.businesses.operations import notes
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict

INVITATION_HOLDS = timedelta(days=14)
# A mandate is looked at again; longer ones are forgotten while they still open doors.
LONGEST_MANDATE = timedelta(days=366 * 3)


@dataclass(frozen=True)
class Mandate:
    """As what somebody may act: for a delegate with what the mandate rests on, and its end."""

    role: MemberRole
    scopes: Collection[Scope] = ()
    profession: str = ""
    evidence: str = ""
    until: datetime | None = None


@transaction.atomic
def invite(
    *, business: Business, email: str, mandate: Mandate, inviter: User, at: datetime
) -> tuple[MemberInvitation, str]:
    """Invite somebody to act for a business; return the invitation and the secret of its link.

    The secret is kept nowhere. Whether an account of the address exists is not told. Raises MandateInvalid.
    """
    address = email.strip().lower()
    _check(address, mandate, at=at)
    secret = secrets.token_urlsafe(24)
    invitation = MemberInvitation.objects.create(
        business=business,
        email=address,
        role=mandate.role,
        scopes=_scopes(mandate),
        profession=mandate.profession.strip(),
        evidence=mandate.evidence.strip(),
        member_until=mandate.until,
        token_hash=_hashed(secret),
        invited_by=inviter,
        invited_at=at,
        expires_at=at + INVITATION_HOLDS,
    )
    data = {"invitation": invitation.pk, "role": mandate.role.value, "scopes": invitation.scopes}
    notes.say("member_invited", business, at=at, by=inviter.as_actor(), organisation_id=None, data=data)
    return invitation, secret


def invitation_of(secret: str, *, user: User, at: datetime) -> MemberInvitation:
    """The invitation behind a link, for the person it is for. Raises InvitationUnusable."""
    usable = MemberInvitation.objects.filter(
        Q(member_until=None) | Q(member_until__gt=at),
        token_hash=_hashed(secret),
        email=user.email,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=at,
    )
    invitation = usable.select_related("business", "invited_by").first()
    if invitation is None:
        raise InvitationUnusable
    return invitation


@transaction.atomic
def accept(*, secret: str, user: User, at: datetime) -> BusinessMember:
    """Begin to act for the business that invited; return the membership. Raises InvitationUnusable.

    An owner who is confirmed vouches for whom they let in; nobody else's word opens a merged record.
    """
    invitation = invitation_of(secret, user=user, at=at)
    if not MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        accepted_at=at
    ):
        raise InvitationUnusable
    inviting = BusinessMember.objects.filter(
        business=invitation.business, user=invitation.invited_by, role=MemberRole.OWNER
    ).running(at=at)
    owner = inviting.order_by("pk").first()
    if owner is None:
        raise InvitationUnusable
    is_vouched = owner.confirmed_at is not None
    member = BusinessMember(
        business=invitation.business,
        user=user,
        role=invitation.role,
        scopes=invitation.scopes,
        profession=invitation.profession,
        evidence=invitation.evidence,
        starts_at=at,
        ends_at=invitation.member_until,
        confirmed_at=at if is_vouched else None,
        confirmed_by=invitation.invited_by.display_name if is_vouched else "",
    )
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            member.save(force_insert=True)
    except IntegrityError as error:
        raise InvitationUnusable(_("すでに、この事業者の利用者になっています。")) from error
    data = {"member": member.pk, "role": member.role}
    notes.say(
        "member_joined", invitation.business, at=at, by=user.as_actor(), organisation_id=None, data=data
    )
    return member


@transaction.atomic
def withdraw_invitation(*, invitation: MemberInvitation, at: datetime, by: audit.Actor) -> None:
    """Take an invitation back before it is used. Raises Conflict when it was used or withdrawn."""
    waiting = MemberInvitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=at):
        raise Conflict
    data = {"invitation": invitation.pk}
    notes.say("invitation_withdrawn", invitation.business, at=at, by=by, organisation_id=None, data=data)


def forget_address(*, email: str, gone: str) -> None:
    """Put something else in the place of an address in invitations, when its account is closed."""
    MemberInvitation.objects.filter(email=email).update(email=gone)


@transaction.atomic
def end_membership(
    *, member: BusinessMember, at: datetime, by: audit.Actor, organisation_id: int | None = None
) -> None:
    """End somebody's acting for a business at this second. Raises LastOwner, Conflict when it has ended.

    The last owner may be taken off by a desk (organisation_id), which has found them to be somebody else.
    """
    # Two owners who take each other off at once would leave none.
    Business.objects.select_for_update().get(pk=member.business_id)
    others = BusinessMember.objects.filter(business=member.business_id, role=MemberRole.OWNER).running(at=at)
    is_last = member.role == MemberRole.OWNER and not others.exclude(pk=member.pk).exists()
    if is_last and organisation_id is None:
        raise LastOwner
    running = BusinessMember.objects.filter(pk=member.pk).filter(Q(ends_at=None) | Q(ends_at__gt=at))
    if not running.update(ends_at=max(at, member.starts_at)):
        raise Conflict
    notes.say(
        "member_ended",
        member.business,
        at=at,
        by=by,
        organisation_id=organisation_id,
        data={"member": member.pk},
    )


@transaction.atomic
def confirm(*, member: BusinessMember, at: datetime, by: audit.Actor, organisation_id: int) -> None:
    """Note that a desk has seen that somebody is who they say, and take over the number they claimed.

    Raises RegisteredElsewhere when the claimed number is registered: then the records are one business, or
    the person is not who they say. Raises Conflict when they were confirmed already.
    """
    waiting = BusinessMember.objects.filter(pk=member.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=at, confirmed_by=by.label):
        raise Conflict
    business = Business.objects.select_for_update().get(pk=member.business_id)
    if member.role == MemberRole.OWNER and business.claimed_number:
        _take_over_claim(business, at=at, by=by, organisation_id=organisation_id)
    notes.say(
        "member_confirmed",
        business,
        at=at,
        by=by,
        organisation_id=organisation_id,
        data={"member": member.pk},
    )


def _take_over_claim(business: Business, *, at: datetime, by: audit.Actor, organisation_id: int) -> None:
    number = business.claimed_number
    row = Business.objects.filter(pk=business.pk)
    try:
        with transaction.atomic():  # a savepoint, so that the caller's transaction survives a refusal
            row.update(corporate_number=number, claimed_number="", version=F("version") + 1)
    except IntegrityError as error:
        if business.merged_into and business.merged_into.corporate_number == number:
            return
        sentence = _("同じ法人番号の登録があります。同じ事業者なら、記録を統合してください。")
        raise RegisteredElsewhere(sentence) from error
    notes.origins(
        business,
        ["corporate_number"],
        source=Source.STAFF,
        sources={},
        at=at,
        by=by,
        organisation_id=organisation_id,
    )


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _scopes(mandate: Mandate) -> list[str]:
    wanted = set(Scope) if mandate.role == MemberRole.OWNER else set(mandate.scopes)
    return [scope.value for scope in Scope if scope in wanted]


def _check(address: str, mandate: Mandate, *, at: datetime) -> None:
    try:
        validate_email(address)
        MemberInvitation._meta.get_field("email").run_validators(address)
    except ValidationError:
        raise MandateInvalid(
            "email", _("メールアドレスの形を確かめてください。例：hanako@example.jp")
        ) from None
    if mandate.role != MemberRole.OWNER and not mandate.scopes:
        raise MandateInvalid("scopes", _("まかせることを、1つ以上選んでください。"))
    if mandate.until is not None and mandate.until <= at:
        raise MandateInvalid("until", _("これからの日を入力してください。"))
    if mandate.role != MemberRole.DELEGATE:
        return
    if mandate.until is None or mandate.until > at + LONGEST_MANDATE:
        raise MandateInvalid("until", _("委任の終わりの日を、3年以内で入力してください。"))
    if not mandate.evidence.strip():
        raise MandateInvalid("evidence", _("委任の根拠を入力してください。例：委任状（2026年4月1日）"))
