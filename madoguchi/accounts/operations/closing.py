"""Closing an account: nobody signs in with it any more, and the address is free.

The row stays, because what the person did names it; it holds nothing of them then. Only who worked for an
organisation keeps their name: what was done in office is the office's to answer for.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext, override

from madoguchi.accounts import events, sessions
from madoguchi.accounts.errors import StillAMember
from madoguchi.accounts.models import GBizId, Invitation, KeptForm, Membership, User
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict

# No mail server takes such an address, and nobody can register it (RFC 2606).
_GONE = "closed-{pk}@closed.invalid"


def gone_address(user_id: int) -> str:
    """What stands in the place of the address of a closed account."""
    return _GONE.format(pk=user_id)


def require_no_membership(user: User, *, at: datetime) -> None:
    """Raises StillAMember; `at` is the machine's time."""
    if Membership.objects.filter(user=user).exclude(ends_at__lte=at).exists():
        raise StillAMember


def close_account(user: User, *, by: audit.Actor, at: datetime, access_at: datetime) -> None:
    """Close an account at once: every session ends, no way to sign in is left, the address is free.

    `at` is the time the site believes in, `access_at` the machine's. Raises StillAMember, Conflict when it is
    closed already.
    """
    with transaction.atomic():
        require_no_membership(user, at=access_at)
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            raise Conflict
        address = user.email
        sessions.end_others(user, but=None, at=at)
        for rows in (EmailAddress, Authenticator, SocialAccount, GBizId, KeptForm):
            rows._default_manager.filter(user=user).delete()
        Invitation.objects.filter(email=address).update(email=gone_address(user.pk))
        User.objects.filter(pk=user.pk).update(
            email=gone_address(user.pk),
            display_name=_name_that_stays(user),
            password=make_password(None),
            last_login=None,
        )
        events.of_account("account_closed", user, at=at, by=by)


def _name_that_stays(user: User) -> str:
    if Membership.objects.filter(user=user).exists():
        return user.display_name
    with override("ja"):
        return gettext("（閉じたアカウント）")
