"""Keys of those who may ask more often: made and revoked by the command line, known by their digest alone."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from madoguchi.foundation import audit
from madoguchi.opendata.models import ApiKey

# So that a key that leaks is recognised as one.
_BEGINS = "mdg_"


@transaction.atomic
def make(*, name: str, at: datetime, by: audit.Actor = audit.SYSTEM) -> tuple[ApiKey, str]:
    """Make a key; the key itself is returned this once and kept nowhere."""
    key = _BEGINS + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(name=name, digest=_digest(key), made_at=at)
    audit.record("opendata.key_made", at=at, by=by, subject_type="opendata.key", subject_id=row.pk)
    return row, key


@transaction.atomic
def revoke(*, number: int, at: datetime, by: audit.Actor = audit.SYSTEM) -> bool:
    """End a key at once; False when there is none of that number, or it has ended before."""
    if not ApiKey.objects.filter(pk=number, revoked_at=None).update(revoked_at=at):
        return False
    audit.record("opendata.key_revoked", at=at, by=by, subject_type="opendata.key", subject_id=number)
    return True


def known(key: str) -> int | None:
    """The number of a key that is valid, else None. All its 256 bits are random: a plain digest is enough."""
    return ApiKey.objects.filter(digest=_digest(key), revoked_at=None).values_list("pk", flat=True).first()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
