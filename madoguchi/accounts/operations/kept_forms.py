"""What was typed into a form when the session had ended, kept until the same person is back.

It is sealed with a key that stands nowhere but in a cookie of the browser it was typed in: whoever reads the
database cannot read it, and the seal holds the person's number, so that it opens for nobody else.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from madoguchi.accounts.models import KeptForm

KEPT = timedelta(hours=12)
# More than the tabs that somebody has open; the oldest gives way.
MOST_FORMS = 20
MOST_BYTES = 1_000_000
_NONCE_BYTES = 12


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: where to, and what stood in it. Files cannot be kept."""

    address: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False


def new_key() -> str:
    """A key for a browser."""
    return secrets.token_urlsafe(32)


def keep(typed: Typed, *, user_id: int, key: str, at: datetime) -> int | None:
    """Keep a form and return its number; None when it is too long to be kept."""
    plain = json.dumps([typed.address, typed.fields, typed.had_files], ensure_ascii=False).encode()
    if len(plain) > MOST_BYTES:
        return None
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + _cipher(key).encrypt(nonce, plain, _bound_to(user_id))
    with transaction.atomic():
        row = KeptForm.objects.create(
            user_id=user_id, browser=_browser(key), sealed=sealed, kept_at=at, expires_at=at + KEPT
        )
        held = KeptForm.objects.filter(user=user_id).order_by("-pk").values_list("pk", flat=True)
        KeptForm.objects.filter(pk__in=list(held[MOST_FORMS:])).delete()
    return row.pk


def held(*, user_id: int, key: str, at: datetime) -> list[tuple[int, datetime]]:
    """What this browser holds for a person, the newest first: the number, and when it was kept."""
    rows = KeptForm.objects.filter(user=user_id, browser=_browser(key), expires_at__gt=at)
    return list(rows.order_by("-pk").values_list("pk", "kept_at"))


def opened(number: int, *, user_id: int, key: str, at: datetime) -> tuple[Typed, datetime] | None:
    """A kept form and when it was kept; None for anybody else, another browser, or after its time."""
    row = KeptForm.objects.filter(pk=number, user=user_id, browser=_browser(key), expires_at__gt=at).first()
    if row is None:
        return None
    sealed = bytes(row.sealed)
    try:
        plain = _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(user_id))
    except InvalidTag:
        return None
    address, fields, had_files = json.loads(plain)
    return Typed(address, tuple((name, value) for name, value in fields), had_files), row.kept_at


def forget(number: int, *, user_id: int) -> None:
    """Remove a person's kept form, once it has been sent or is not wanted any more."""
    KeptForm.objects.filter(pk=number, user=user_id).delete()


def forget_expired(*, at: datetime) -> int:
    """Remove what nobody came back for; returns how many."""
    return KeptForm.objects.filter(expires_at__lte=at).delete()[0]


def _cipher(key: str) -> AESGCM:
    return AESGCM(hmac.digest(key.encode(), b"kept form: seal", "sha256"))


def _browser(key: str) -> str:
    return hashlib.sha256(b"kept form: browser" + key.encode()).hexdigest()


def _bound_to(user_id: int) -> bytes:
    return str(user_id).encode()
