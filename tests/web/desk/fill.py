"""`python -m tests.web.desk.fill` fills the database of its environment for the browser.

It prints the keys of three sessions, an adviser's, a manager's and an expert's, of two cases, an old and
a new one, and of what the expert was asked.
"""

import sys

import django

django.setup()

from django.test import Client  # noqa: E402

from madoguchi.accounts.hats import Hat  # noqa: E402
from madoguchi.accounts.models import Membership, User  # noqa: E402
from madoguchi.accounts.roles import Role  # noqa: E402
from madoguchi.consultations.operations import experts  # noqa: E402
from madoguchi.foundation import clock  # noqa: E402
from tests.accounts.people import a_hat, sign_in  # noqa: E402
from tests.consultations.cases import its_organisation  # noqa: E402
from tests.web.desk.believable import fill  # noqa: E402


def session_of(hat: Hat) -> str:
    """The key of a session in which somebody is signed in under this hat."""
    client = Client()
    person, membership = User.objects.get(pk=hat.user_id), Membership.objects.get(pk=hat.membership_id)
    sign_in(client, person, membership, confirmed=True)
    return str(client.session.session_key)


if __name__ == "__main__":
    desk = fill(at=clock.now())
    expert = a_hat(at=clock.actual_now(), organisation=its_organisation(desk.adviser), role=Role.EXPERT)
    asked = experts.ask(
        case=desk.case,
        expert=Membership.objects.get(pk=expert.membership_id),
        question="瓶の形とラベルを見てほしい",
        shows_figures=True,
        hat=desk.adviser,
        at=clock.now(),
    )
    sessions = [session_of(hat) for hat in (desk.adviser, desk.manager, expert)]
    told = [*sessions, desk.case.key, desk.new_case.key, asked.key]
    sys.stdout.write("\n".join(told) + "\n")
