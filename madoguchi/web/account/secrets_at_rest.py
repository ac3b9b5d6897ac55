"""Secrets that have to be read again are kept sealed under the installation's key."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.encoding import force_bytes

_NONCE_BYTES = 12


def seal(text: str) -> str:
    """The text as it may stand in the database."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str) -> str:
    """What was sealed, also under a key that was in use before; raises InvalidTag when no key fits."""
    raw = base64.urlsafe_b64decode(sealed)
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()
        except InvalidTag:
            continue
    raise InvalidTag


def _cipher(key: str | bytes) -> AESGCM:
    return AESGCM(hmac.digest(force_bytes(key), b"madoguchi: secrets at rest", hashlib.sha256))
