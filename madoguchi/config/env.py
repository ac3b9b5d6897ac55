"""Typed reading of settings from the environment; a wrong value stops the start with a sentence."""

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable as text, or the content of the file that NAME_FILE points to (container secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is an error."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no (use 1 or 0)")


def whole(name: str, *, default: int) -> int:
    """A whole number."""
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number") from error


def day(name: str) -> date | None:
    """An ISO date, or None when the variable is not set."""
    raw = text(name)
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a date like 2023-11-01") from error


def believed_day(name: str, kept_in: Path) -> date | None:
    """The date the site believes in: from the environment, else from the file that setup keeps.

    "actual" in the environment means the real date, whatever the file says; None is the real date."""
    if text(name) == "actual":
        return None
    if text(name) or not kept_in.is_file():
        return day(name)
    kept = kept_in.read_text(encoding="utf-8").strip()
    try:
        return date.fromisoformat(kept)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{kept_in} holds {kept!r}, not a date; `madoguchi setup` writes it anew"
        ) from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
