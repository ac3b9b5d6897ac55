"""The browsers in which a person is signed in, and ending what happens there."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from madoguchi.accounts import events
from madoguchi.accounts.models import User


def of(user: User, *, at: datetime) -> list[UserSession]:
    """The sessions that could still be used, the one used last first."""
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at", "pk")
    there = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=at
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in there]


def end(user: User, *, session_keys: list[str], at: datetime) -> int:
    """Sign a person out in these browsers at once; returns in how many."""
    with transaction.atomic():
        rows = UserSession.objects.filter(user=user, session_key__in=session_keys)
        keys = list(rows.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        rows.delete()
        if keys:
            events.of_account("sessions_ended", user, at=at, data={"count": len(keys)})
    return len(keys)


def end_others(user: User, *, but: str | None, at: datetime) -> int:
    """Sign a person out everywhere but in the session with this key; returns in how many browsers."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but)
    return end(user, session_keys=list(rows.values_list("session_key", flat=True)), at=at)


def seen(session_key: str, *, at: datetime) -> None:
    """Note that a session was used."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)
