"""Whether a person can show a second factor: an authenticator app or a passkey."""

from allauth.mfa.models import Authenticator

from madoguchi.accounts.models import User

# Recovery codes are a way out, no factor of their own.
_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user: User) -> bool:
    """Whether the person has set up a second factor."""
    return Authenticator.objects.filter(user=user, type__in=_KINDS).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Whether the person would be without a second factor if this were taken away."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_KINDS)
    return authenticator.type in _KINDS and not others.exclude(pk=authenticator.pk).exists()
