"""What allauth asks of us: people are made by our operation alone, and it says things in our words."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from madoguchi.accounts import events, hats, second_factor
from madoguchi.accounts.models import User
from madoguchi.accounts.operations import create_user
from madoguchi.foundation import clock
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.web.account import known_browsers, letters, sayings, secrets_at_rest
from madoguchi.web.shared.context import region
from madoguchi.web.shared.second_factor import ADDED_AT
from madoguchi.web.shared.session_limits import SIGNED_IN_AT

# Whoever has just signed in need not type the password once more to set up a first second factor.
FRESH = timedelta(minutes=10)
# How one may show again who one is, by allauth's names.
_WAYS = {
    "reauthenticate": gettext_lazy("パスワードを使う"),
    "mfa_reauthenticate": gettext_lazy("アプリの数字か、予備コードを使う"),
    "mfa_reauthenticate:webauthn": gettext_lazy("パスキーを使う"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing up, in and out with a mail address and a password."""

    error_messages = DefaultAccountAdapter.error_messages | sayings.ERRORS

    def save_user(self, request: HttpRequest, user: AbstractBaseUser, form: Any, commit: bool = True) -> User:
        """Make the person who signed up."""
        return create_user(
            email=form.cleaned_data["email"],
            display_name=form.cleaned_data["display_name"],
            password=form.cleaned_data.get("password1"),
            at=clock.now(),
            by=ANONYMOUS,
        )

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change the password and say so on record, or neither."""
        assert isinstance(user, User)  # noqa: S101 (there is one kind of user)
        with transaction.atomic():
            super().set_password(user, password)
            events.of_account("password_changed", user, at=clock.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a wrong password: for which account if there is one, never what was typed."""
        address = str(credentials.get("email") or "").strip().lower()
        user = User.objects.filter(email=address).first()
        events.of_account("sign_in_failed", user, at=clock.now(), by=ANONYMOUS)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Under which name wrong passwords are counted; see known_browsers."""
        address = str(credentials.get("email") or "").strip().lower()
        return known_browsers.name_of_attempts(request, address)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """In the words of our pages; a code by mail only for those who have nothing better."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = _WAYS.get(method["id"], method["description"])
        better = [method for method in methods if method["id"] != "reauthenticate_by_code"]
        return better or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """As allauth says, but not for a first second factor, right after signing in or setting it up."""
        request = allauth_context.request
        if app == "allauth.mfa" and isinstance(request.user, User):
            first = not second_factor.has_one(request.user)
            since = request.session.get(SIGNED_IN_AT if first else ADDED_AT, 0)
            if clock.actual_now().timestamp() - since < FRESH.total_seconds():
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def add_message(  # noqa: PLR0917 (allauth's)
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words."""
        words = message or sayings.MESSAGES.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail in our words, on its way with all the others."""
        letters.send(template_prefix, email, context)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | sayings.SECOND_FACTOR_ERRORS

    def get_totp_issuer(self) -> str:
        """The name under which an app shows the code."""
        return region().site_name

    def _get_site_name(self) -> str:
        return region().site_name

    def encrypt(self, text: str) -> str:
        """Keep secrets sealed: whoever reads the database cannot make codes."""
        return secrets_at_rest.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return secrets_at_rest.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who works in an organisation keeps one."""
        user = authenticator.user
        assert isinstance(user, User)  # noqa: S101 (there is one kind of user)
        works = bool(hats.memberships_of(user, at=clock.actual_now()))
        return not (works and second_factor.is_last(authenticator))

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """The name that is offered for a passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("パスキー%(number)s") % {"number": count + 1}
