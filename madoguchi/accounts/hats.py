"""The hat: as whom a person acts at one moment. Whatever may be seen or done is asked of it.

Access goes by the machine's time (`clock.actual_now()`), never by a believed date: that one jumps back at
midnight, and a membership that ended would come to life again.
"""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.accounts.models import Membership, OperatorSession, User
from madoguchi.accounts.roles import OWN, PERMISSIONS, Role
from madoguchi.foundation.audit import Actor


@dataclass(frozen=True)
class Hat:
    """A person in one membership, or for themselves; made anew for every request."""

    user_id: int
    label: str
    at: datetime
    membership_id: int | None = None
    organisation_id: int | None = None
    organisation_name: str = ""
    unit_name: str = ""
    unit_id: int | None = None
    team_id: int | None = None
    role: Role | None = None
    # Until when an operator may run the machine; None where no operator session is running.
    operates_until: datetime | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the person acts for an organisation."""
        return self.role is not None

    def may(self, permission: str) -> bool:
        """Whether the role holds `module.action`; an operator's only while an operator session runs."""
        return permission in (OWN if self.waits_for_reason else self.could)

    @property
    def could(self) -> frozenset[str]:
        """What the role holds."""
        return PERMISSIONS[self.role] if self.role else OWN

    @property
    def waits_for_reason(self) -> bool:
        """Whether this is an operator who has not said why they come now."""
        return self.role == Role.OPERATOR and (self.operates_until is None or self.operates_until <= self.at)

    def as_actor(self) -> Actor:
        """The person as the audit names them."""
        return Actor(id=str(self.user_id), label=self.label)


def memberships_of(user: User, *, at: datetime) -> list[Membership]:
    """The memberships a person has at this moment, the oldest first."""
    rows = Membership.objects.filter(user=user).running(at=at)
    return list(rows.select_related("organisation", "unit").order_by("starts_at", "pk"))


def hats_of(user: User, *, at: datetime) -> tuple[Hat, ...]:
    """The hats a person can wear at this moment: one for each running membership, the oldest first."""
    memberships = memberships_of(user, at=at)
    operators = [row.pk for row in memberships if row.role == Role.OPERATOR]
    until = _operator_sessions(operators, at=at) if operators else {}
    return tuple(_hat(user, row, at=at, operates_until=until.get(row.pk)) for row in memberships)


def _operator_sessions(memberships: list[int], *, at: datetime) -> dict[int, datetime]:
    """Until when each of these memberships operates."""
    running = OperatorSession.objects.filter(membership__in=memberships, ended_at=None, ends_at__gt=at)
    return dict(running.order_by("ends_at", "pk").values_list("membership_id", "ends_at"))


def hat_of(user: User, *, chosen: int | None, at: datetime) -> Hat:
    """The hat a person wears: the chosen membership while it runs, else the oldest one, else their own."""
    return worn(user, hats_of(user, at=at), chosen=chosen, at=at)


def worn(user: User, hats: tuple[Hat, ...], *, chosen: int | None, at: datetime) -> Hat:
    """Which of these a person wears: the chosen one, else the first; their own where there is none."""
    if not hats:
        return Hat(user_id=user.pk, label=user.display_name, at=at)
    return next((hat for hat in hats if hat.membership_id == chosen), hats[0])


def _hat(user: User, membership: Membership, *, at: datetime, operates_until: datetime | None) -> Hat:
    return Hat(
        user_id=user.pk,
        label=user.display_name,
        at=at,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        unit_name=membership.unit.name if membership.unit else "",
        unit_id=membership.unit_id,
        team_id=membership.team_id,
        role=Role(membership.role),
        operates_until=operates_until,
    )
