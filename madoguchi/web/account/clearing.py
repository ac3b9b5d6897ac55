"""What is left behind by sessions and attempts goes, once nobody can use it any more."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from madoguchi.accounts.operations import kept_forms
from madoguchi.foundation import clock
from madoguchi.foundation.models import CacheEntry


def clear() -> None:
    """Remove expired sessions and their entries in the lists, kept forms, and counted attempts."""
    at = clock.actual_now()
    Session.objects.filter(expire_date__lte=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    kept_forms.forget_expired(at=at)
    CacheEntry.objects.filter(expires__lte=at).delete()
