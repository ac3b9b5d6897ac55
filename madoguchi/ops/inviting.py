"""`madoguchi invite`: the first people of an organisation, and operators, whom no manager can invite."""

import argparse
import sys

from django.urls import reverse

from madoguchi.accounts.operations import invitations
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import DomainError
from madoguchi.institutions.models import Organisation
from madoguchi.mail.addresses import absolute


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    invite = commands.add_parser("invite", help="機関に人を招待し、渡すためのリンクを表示します")
    invite.add_argument("email", help="招待する人のメールアドレス")
    invite.add_argument("--organisation", required=True, help="機関の記号（地域パックの slug）")
    invite.add_argument("--role", choices=[role.value for role in Role], default=Role.MANAGER.value)
    invite.set_defaults(run=_invite)


def _invite(arguments: argparse.Namespace) -> int:
    organisation = Organisation.objects.filter(slug=arguments.organisation).first()
    if organisation is None:
        print(f"この機関はありません（unknown organisation）: {arguments.organisation}", file=sys.stderr)
        return 1
    role = Role(arguments.role)
    try:
        made = invitations.invite(
            email=arguments.email,
            organisation_id=organisation.pk,
            role=role,
            at=clock.actual_now(),
            by=SYSTEM,
        )
    except DomainError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{organisation.name}の{role.label}として招待しました。次のリンクを本人に渡してください。")
    print(absolute(reverse("account_invitation_link", args=[made.token])))
    return 0
