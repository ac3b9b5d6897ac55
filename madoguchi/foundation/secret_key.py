"""The secret key of an installation: made on first run and kept beside its data."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_in(data_dir: Path) -> str:
    """Return the key kept in the data directory; make one, readable by the owner only, when there is none.

    Raises ImproperlyConfigured for an empty file: signing with nothing would let everybody sign."""
    path = data_dir / "secret-key"
    if not path.exists():
        _make(path)
    key = path.read_text(encoding="utf-8").strip()
    if not key:
        raise ImproperlyConfigured(
            f"{path} is empty; remove it to have a new key made (visitors lose their cookies)"
        )
    return key


def _make(path: Path) -> None:
    """Write the key aside and link it in: a reader finds a whole key or none, also when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".secret-key.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # another process of the same start was faster
            os.link(aside, path)
    finally:
        Path(aside).unlink()
