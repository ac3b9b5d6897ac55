"""Who may come in by a provider, and what is kept of what it says."""

import logging
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest

from madoguchi.accounts.errors import GBizIdUnreadable
from madoguchi.accounts.models import Invitation, User
from madoguchi.accounts.operations import create_user, gbizid, invitations
from madoguchi.foundation import clock
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.web.account import sayings
from madoguchi.web.account.views.invitation import open_invitation

logger = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """A staff provider opens accounts that are there, or invitations; GビズID makes a business's account."""

    error_messages = DefaultSocialAccountAdapter.error_messages | sayings.OTHER_LOGIN_ERRORS

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Staff are invited: the link was opened here, and the provider vouches for the invited address."""
        if sociallogin.provider.kind != "staff":
            return bool(super().is_open_for_signup(request, sociallogin))
        return _invited(request, sociallogin) is not None

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Propose address and name."""
        user = sociallogin.user
        assert isinstance(user, User)  # noqa: S101 (there is one kind of user)
        user.email = str(data.get("email") or "").lower()
        user.display_name = str(data.get("name") or "")[:100]
        return user

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """What is asked for where the provider did not say enough."""
        user = sociallogin.user
        assert isinstance(user, User)  # noqa: S101 (there is one kind of user)
        return {"email": user.email, "display_name": user.display_name}

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Without asking only where a name came along."""
        return bool(getattr(sociallogin.user, "display_name", ""))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the person, by our operation alone, and bind the provider's account to them."""
        invitation = _invited(request, sociallogin) if sociallogin.provider.kind == "staff" else None
        proposed = sociallogin.user
        assert isinstance(proposed, User)  # noqa: S101 (there is one kind of user)
        typed = form.cleaned_data if form else {}
        with transaction.atomic():
            if invitation is not None:
                user, _ = invitations.accept_as_new(
                    invitation,
                    display_name=proposed.display_name or typed["display_name"],
                    password=None,
                    at=clock.actual_now(),
                )
            else:
                user = create_user(
                    email=typed.get("email") or proposed.email,
                    display_name=typed.get("display_name") or proposed.display_name,
                    at=clock.now(),
                    by=ANONYMOUS,
                )
            sociallogin.user = user
            sociallogin.account.user = user
            sociallogin.account.save()
            keep_claims(sociallogin)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Keep what GビズID says now of somebody who is known."""
        if sociallogin.is_existing:
            keep_claims(sociallogin)


def keep_claims(sociallogin: SocialLogin) -> None:
    """Write down what GビズID said, with the source and the moment."""
    claims = getattr(sociallogin, "claims", None)
    user = sociallogin.user
    if not claims or not isinstance(user, User) or sociallogin.provider.kind != "gbizid":
        return
    try:
        gbizid.keep(user, provider=sociallogin.account.provider, claims=claims, at=clock.now())
    except GBizIdUnreadable:
        # The person is who they are all the same.
        logger.warning("GビズID did not say what kind of account it is: are its scopes granted?")


def _invited(request: HttpRequest, sociallogin: SocialLogin) -> Invitation | None:
    """The invitation that was opened in this browser, if the provider vouches for the invited address."""
    invitation = open_invitation(request)
    if invitation is None:
        return None
    vouched = {each.email.lower() for each in sociallogin.email_addresses if each.verified}
    return invitation if invitation.email in vouched else None
