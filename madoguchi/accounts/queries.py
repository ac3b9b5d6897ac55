"""Who works in an organisation, as the pages show it."""

from dataclasses import dataclass
from datetime import datetime

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Invitation, Membership, Team
from madoguchi.accounts.roles import Role


@dataclass(frozen=True)
class Member:
    """A running membership and what a manager asks about it."""

    number: int
    name: str
    email: str
    role: Role
    unit_name: str
    team_id: int | None
    team_name: str
    since: datetime
    last_sign_in: datetime | None
    is_worn: bool


@dataclass(frozen=True)
class Waiting:
    """An invitation that nobody has accepted; it can have run out."""

    number: int
    email: str
    role: Role
    expires_at: datetime
    has_run_out: bool


@dataclass(frozen=True)
class People:
    """Everybody in the organisation of a manager."""

    members: tuple[Member, ...]
    waiting: tuple[Waiting, ...]
    teams: tuple[Team, ...]


def people(hat: Hat, *, at: datetime) -> People:
    """Whom this hat manages: members by name, invitations that wait, teams."""
    rows = Membership.objects.visible_to(hat).running(at=at).select_related("user", "unit", "team")
    waiting = Invitation.objects.visible_to(hat).filter(accepted_at=None, withdrawn_at=None)
    return People(
        members=tuple(_member(row, hat) for row in rows.order_by("user__display_name", "pk")),
        waiting=tuple(
            Waiting(row.pk, row.email, Role(row.role), row.expires_at, row.expires_at <= at)
            for row in waiting.order_by("email", "pk")
        ),
        teams=tuple(Team.objects.visible_to(hat).order_by("name", "pk")),
    )


def _member(row: Membership, hat: Hat) -> Member:
    return Member(
        number=row.pk,
        name=row.user.display_name,
        email=row.user.email,
        role=Role(row.role),
        unit_name=row.unit.name if row.unit else "",
        team_id=row.team_id,
        team_name=row.team.name if row.team else "",
        since=row.starts_at,
        last_sign_in=row.user.last_login,
        is_worn=row.pk == hat.membership_id,
    )
