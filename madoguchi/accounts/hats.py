"""The hat: as whom a person acts at one moment. Whatever may be seen or done is asked of it.

Access goes by the machine's time (`clock.actual_now()`), never by a believed date: that one jumps back at
midnight, and a membership that ended would come to life again.
"""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.accounts.models import Membership, User
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
    unit_id: int | None = None
    team_id: int | None = None
    role: Role | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the person acts for an organisation."""
        return self.role is not None

    def may(self, permission: str) -> bool:
        """Whether the role holds `module.action`."""
        return permission in (PERMISSIONS[self.role] if self.role else OWN)

    def as_actor(self) -> Actor:
        """The person as the audit names them."""
        return Actor(id=str(self.user_id), label=self.label)


def memberships_of(user: User, *, at: datetime) -> list[Membership]:
    """The memberships a person has at this moment, the oldest first."""
    rows = Membership.objects.filter(user=user).running(at=at)
    return list(rows.select_related("organisation", "unit").order_by("starts_at", "pk"))


def hat_of(user: User, *, chosen: int | None, at: datetime) -> Hat:
    """The hat a person wears: the chosen membership while it runs, else the oldest one, else their own."""
    running = memberships_of(user, at=at)
    worn = next((row for row in running if row.pk == chosen), running[0] if running else None)
    if worn is None:
        return Hat(user_id=user.pk, label=user.display_name, at=at)
    return Hat(
        user_id=user.pk,
        label=user.display_name,
        at=at,
        membership_id=worn.pk,
        organisation_id=worn.organisation_id,
        organisation_name=worn.organisation.name,
        unit_id=worn.unit_id,
        team_id=worn.team_id,
        role=Role(worn.role),
    )
