"""Secrets of links: whoever holds one opens one thing; only their hashes are kept."""

import hashlib


def hash_of(secret: str) -> str:
    """What is kept of a secret: SHA-256, since it has far more than 128 bits of chance."""
    return hashlib.sha256(secret.encode()).hexdigest()
