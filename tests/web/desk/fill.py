"""`python -m tests.web.desk.fill` fills the database of its environment for the browser.

It prints the keys of two sessions, an adviser's and a manager's, and of two cases, an old and a new one.
"""

import sys

import django

django.setup()

from django.test import Client  # noqa: E402

from madoguchi.accounts.hats import Hat  # noqa: E402
from madoguchi.accounts.models import Membership, User  # noqa: E402
from madoguchi.foundation import clock  # noqa: E402
from tests.accounts.people import sign_in  # noqa: E402
from tests.web.desk.believable import fill  # noqa: E402


def session_of(hat: Hat) -> str:
    """The key of a session in which somebody is signed in under this hat."""
    client = Client()
    person, membership = User.objects.get(pk=hat.user_id), Membership.objects.get(pk=hat.membership_id)
    sign_in(client, person, membership, confirmed=True)
    return str(client.session.session_key)


if __name__ == "__main__":
    desk = fill(at=clock.now())
    told = [session_of(desk.adviser), session_of(desk.manager), desk.case.key, desk.new_case.key]
    sys.stdout.write("\n".join(told) + "\n")
