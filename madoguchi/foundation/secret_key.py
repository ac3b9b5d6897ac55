"""The secret key of an installation: made on first run and kept beside its data."""

import os
import secrets
from pathlib import Path


def kept_in(data_dir: Path) -> str:
    """Return the key kept in the data directory; make one, readable by the owner only, when there is none."""
    path = data_dir / "secret-key"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of the same start was faster
        return path.read_text(encoding="utf-8").strip()
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key)
    return key
