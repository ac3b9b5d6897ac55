"""Keys of records for addresses of pages."""

import secrets

# Without vowels no word comes up by accident, without look-alikes it can be read out over the telephone.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 12


def new_key() -> str:
    """A key that nobody can guess or count through: 12 of 27 letters, 57 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
