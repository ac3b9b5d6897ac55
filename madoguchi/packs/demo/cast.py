"""The people of a demonstration: invited, come in, put into teams."""

from dataclasses import dataclass, field
from datetime import datetime

from madoguchi.accounts import hats
from madoguchi.accounts.demonstration import address_of
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, Team, User
from madoguchi.accounts.operations import create_user, invitations, memberships
from madoguchi.foundation.audit import SYSTEM
from madoguchi.institutions.models import Organisation, Unit
from madoguchi.packs.schema_demo import Demo, Person, Post


@dataclass
class Cast:
    """Who plays: people by their key, and the hats they act in."""

    access_at: datetime
    users: dict[str, User] = field(default_factory=dict)
    hats: dict[str, Hat] = field(default_factory=dict)


def gather(demo: Demo, *, since: datetime, access_at: datetime) -> Cast:
    """Make everybody; who works in an organisation has done so `since`."""
    cast = Cast(access_at)
    managers: list[tuple[Post, Membership]] = []
    for person in demo.people:
        if not person.posts:
            cast.users[person.key] = create_user(
                email=address_of(person.key),
                display_name=person.name,
                at=since,
                by=SYSTEM,
                address_is_verified=True,
            )
            continue
        members = [_come_in(person, post, cast, at=since) for post in person.posts]
        cast.hats[person.key] = hats.hat_of(cast.users[person.key], chosen=members[0].pk, at=access_at)
        managers += zip(person.posts, members, strict=True)
    _make_teams(managers, cast, at=since)
    return cast


def _come_in(person: Person, post: Post, cast: Cast, *, at: datetime) -> Membership:
    unit = Unit.objects.get(slug=post.unit) if post.unit else None
    invited = invitations.invite(
        email=address_of(person.key),
        organisation_id=Organisation.objects.get(slug=post.organisation).pk,
        role=post.role,
        unit_id=unit.pk if unit else None,
        at=at,
        by=SYSTEM,
    )
    if person.key in cast.users:
        return invitations.accept(invited.invitation, cast.users[person.key], at=at)
    user, membership = invitations.accept_as_new(
        invited.invitation, display_name=person.name, password=None, at=at
    )
    cast.users[person.key] = user
    return membership


def _make_teams(members: list[tuple[Post, Membership]], cast: Cast, *, at: datetime) -> None:
    """Put members into the teams that their posts name; a manager of the organisation makes them."""
    made: dict[tuple[int, str], Team] = {}
    for post, membership in members:
        if not post.team:
            continue
        organisation = membership.organisation_id
        hat = next(
            (
                hat
                for hat in cast.hats.values()
                if hat.organisation_id == organisation and hat.may("accounts.manage")
            ),
            None,
        )
        if hat is None:
            raise LookupError(f"{post.organisation}: 班をつくる管理者（manager）がいません")
        if (organisation, post.team) not in made:
            made[organisation, post.team] = memberships.make_team(
                name=post.team, organisation_id=organisation, hat=hat, at=at
            )
        memberships.join_team(membership, made[organisation, post.team], hat=hat, at=at)
