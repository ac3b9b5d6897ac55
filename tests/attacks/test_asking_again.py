"""Sensitive acts ask once more who is there; the list of them is committed: each change is seen in review."""

from pathlib import Path

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.web.shared.second_factor import ADDED_AT
from madoguchi.web.shared.session_limits import SIGNED_IN_AT
from tests.matrix.addresses import addresses
from tests.matrix.straight import asker_of
from tests.matrix.world import Place

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("asking_again.txt")
# What signing in and confirming leave in a session.
_RECENT = ("account_authentication_methods", "account_authentication_methods_user", SIGNED_IN_AT, ADDED_AT)

# Our own way of asking, and what allauth raises where its middleware would lead there.
_ASKS = (
    "\nLocation: /account/reauthenticate/",
    "\nLocation: /account/2fa/reauthenticate/",
    "ReauthenticationRequired",
)


def asking_again(place: Place, *, confirmed: bool) -> set[str]:
    """The routes that lead somebody who signed in long ago to confirming who they are."""
    found = set()
    for role in (Role.MANAGER, Role.OPERATOR):
        asker = asker_of(place.members[role].user, place.members[role])
        for name in () if confirmed else _RECENT:
            asker.kept.pop(name, None)
        for address in addresses(place):
            if "reauthenticate" in address.route:  # where one confirms it
                continue
            for method in ("get", "post"):
                answer = asker.ask(method, address.url)
                if any(sign in answer.text for sign in _ASKS):
                    found.add(f"/{address.route}")
    return found


def test_the_acts_that_ask_again_are_the_committed_ones(places):
    committed = set(TABLE.read_text(encoding="utf-8").split())
    found = asking_again(places[0], confirmed=False)
    print("\n".join(sorted(found)))  # noqa: T201 (what to commit)
    assert found == committed


def test_who_has_just_confirmed_is_not_asked_again(places):
    """The twin: it is the missing confirmation that stops them."""
    assert asking_again(places[0], confirmed=True) == set()
