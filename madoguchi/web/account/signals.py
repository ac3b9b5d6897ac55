"""What follows when somebody signs in or changes how they do: the record, and marks in the session."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib.auth import signals as auth
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from madoguchi.accounts import events, second_factor, sessions
from madoguchi.accounts.models import User
from madoguchi.foundation import clock
from madoguchi.web.account import known_browsers
from madoguchi.web.account.oidc.adapter import keep_claims
from madoguchi.web.shared import session_limits
from madoguchi.web.shared.second_factor import ADDED_AT, SHOWN


def connect() -> None:
    """Listen; called once, when the apps are ready."""
    auth.user_logged_in.connect(_signed_in)
    auth.user_logged_out.connect(_signed_out)
    account.user_logged_in.connect(_browser_known)
    account.email_changed.connect(_address_changed)
    account.password_changed.connect(_other_sessions_end)
    account.password_set.connect(_other_sessions_end)
    account.password_reset.connect(_all_sessions_end)
    # Of the model, so that the record is in the transaction of the change (urls.py makes one).
    post_save.connect(_factor_saved, sender=Authenticator)
    post_delete.connect(_factor_deleted, sender=Authenticator)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)
    mfa.authenticator_used.connect(_factor_used)
    mfa.authenticator_reset.connect(_codes_renewed)
    mfa.authentication_failed.connect(_factor_failed)
    social.social_account_added.connect(_other_login_linked)
    social.social_account_removed.connect(_other_login_removed)


def _signed_in(sender: object, request: HttpRequest, user: User, **_rest: Any) -> None:
    session_limits.begin(request.session, clock.actual_now())
    records = request.session.get("account_authentication_methods", [])
    methods = [str(each.get("type") or each.get("method")) for each in records]
    events.of_account("signed_in", user, at=clock.now(), data={"methods": methods})


def _signed_out(sender: object, request: HttpRequest, user: User | None, **_rest: Any) -> None:
    if user is not None:
        events.of_account("signed_out", user, at=clock.now())


def _browser_known(sender: object, request: HttpRequest, response: Any, user: User, **_rest: Any) -> None:
    known_browsers.remember(request, response, user.email)


def _address_changed(sender: object, user: User, from_email_address: Any, **_rest: Any) -> None:
    # Without an address before, it is the first one of a new account.
    action = "address_changed" if from_email_address else "address_verified"
    events.of_account(action, user, at=clock.now())


def _other_sessions_end(sender: object, request: HttpRequest, user: User, **_rest: Any) -> None:
    sessions.end_others(user, but=request.session.session_key, at=clock.actual_now())


def _all_sessions_end(sender: object, user: User, **_rest: Any) -> None:
    sessions.end_others(user, but=None, at=clock.actual_now())


def _factor_saved(sender: object, instance: Authenticator, created: bool, **_rest: Any) -> None:
    if created:
        _record_factor("second_factor_added", instance)


def _factor_deleted(sender: object, instance: Authenticator, **_rest: Any) -> None:
    _record_factor("second_factor_removed", instance)


def _record_factor(action: str, authenticator: Authenticator) -> None:
    user = User.objects.get(pk=authenticator.user_id)
    events.of_account(action, user, at=clock.now(), data={"type": str(authenticator.type)})


def _factor_added(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_rest: Any
) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[SHOWN] = True
        request.session[ADDED_AT] = clock.actual_now().timestamp()
        # What was opened with a password alone ends.
        sessions.end_others(user, but=request.session.session_key, at=clock.actual_now())


def _factor_removed(sender: object, request: HttpRequest, user: User, **_rest: Any) -> None:
    if not second_factor.has_one(user):
        request.session.pop(SHOWN, None)
        sessions.end_others(user, but=request.session.session_key, at=clock.actual_now())


def _factor_used(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_rest: Any
) -> None:
    request.session[SHOWN] = True
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        events.of_account("recovery_code_used", user, at=clock.now())


def _codes_renewed(sender: object, user: User, **_rest: Any) -> None:
    events.of_account("recovery_codes_renewed", user, at=clock.now())


def _factor_failed(sender: object, user: User, authenticator: Authenticator, **_rest: Any) -> None:
    events.of_account("second_factor_failed", user, at=clock.now(), data={"type": str(authenticator.type)})


def _other_login_linked(sender: object, sociallogin: Any, **_rest: Any) -> None:
    user, provider = sociallogin.user, sociallogin.account.provider
    events.of_account("login_linked", user, at=clock.now(), data={"provider": provider})
    keep_claims(sociallogin)


def _other_login_removed(sender: object, socialaccount: Any, **_rest: Any) -> None:
    user, provider = socialaccount.user, socialaccount.provider
    events.of_account("login_unlinked", user, at=clock.now(), data={"provider": provider})
