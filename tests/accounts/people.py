"""People, organisations and hats for tests: the least that makes a sentence true."""

import time
from datetime import datetime, timedelta
from itertools import count

from madoguchi.accounts import hats
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.operations import create_user
from madoguchi.accounts.roles import Role
from madoguchi.foundation.audit import SYSTEM
from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation
from madoguchi.web.shared.hats import SESSION_KEY
from madoguchi.web.shared.second_factor import SHOWN

_numbers = count(1)
PASSWORD = "madoguchi 1234"


def an_organisation(name: str = "みほん商工会", **changes) -> Organisation:
    given = {
        "slug": f"organisation-{next(_numbers)}",
        "name": name,
        "kind": OrganisationKind.CHAMBER,
        "sources": [],
        "content_hash": "",
    }
    return Organisation.objects.create(**(given | changes))


def a_person(*, at: datetime, name: str = "窓口 花子", password: str | None = PASSWORD) -> User:
    email = f"person-{next(_numbers)}@example.jp"
    return create_user(
        email=email, display_name=name, at=at, by=SYSTEM, password=password, address_is_verified=True
    )


def a_member(
    *,
    at: datetime,
    organisation: Organisation,
    role: Role = Role.ADVISER,
    user: User | None = None,
    **changes,
) -> Membership:
    given = {
        "user": user or a_person(at=at),
        "organisation": organisation,
        "role": role,
        "starts_at": at - timedelta(days=1),
    }
    return Membership.objects.create(**(given | changes))


def a_hat(*, at: datetime, organisation: Organisation, role: Role = Role.ADVISER, **changes) -> Hat:
    """A new person's hat in the organisation."""
    membership = a_member(at=at, organisation=organisation, role=role, **changes)
    return hats.hat_of(membership.user, chosen=membership.pk, at=at)


def sign_in(client, user: User, membership: Membership | None = None, *, confirmed: bool = False) -> None:
    """Let a test client act as this person, with all that signing in asks for, in the hat of a membership.

    `confirmed`: they have just confirmed once more who they are, as sensitive acts ask for.
    """
    client.force_login(user)
    session = client.session
    session[SHOWN] = True
    if membership is not None:
        session[SESSION_KEY] = membership.pk
    if confirmed:
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
    session.save()
