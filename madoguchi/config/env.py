"""Typed reading of settings from the environment; a wrong value stops the start with a sentence."""

import os
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


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


def ports(name: str, default: str) -> frozenset[int]:
    """A comma-separated list of TCP ports."""
    found = words(name, default)
    if not all(word.isascii() and word.isdigit() and 0 < int(word) < 65_536 for word in found):
        raise ImproperlyConfigured(f"{name}={','.join(found)!r} is no list of ports like 80,443")
    return frozenset(map(int, found))


def site_url(name: str, default: str) -> str:
    """The address under which the site is reached from outside, without the slash at its end."""
    raw = text(name, default)
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ImproperlyConfigured(f"{name}={raw!r} is not an address like https://madoguchi.example.jp")
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over: the settings of one of Django's backends."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    is_tls_from_start: bool = False
    is_starttls: bool = False
    folder: str = ""

    @property
    def is_real(self) -> bool:
        """Whether mail leaves the machine."""
        return self.backend.endswith(".smtp.EmailBackend")


_BACKENDS = "django.core.mail.backends"


def mail_server(name: str, default: str) -> MailServer:
    """Where mail goes: `smtp://user:password@host:587` (STARTTLS), `smtps://host:465` or `smtp+plain://host:25`.

    `console:` and `file:/folder` keep it on the machine.
    """
    raw = text(name, default)
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not understood: {error}") from error
    if parts.scheme == "console":
        return MailServer(f"{_BACKENDS}.console.EmailBackend")
    if parts.scheme == "file" and parts.path.startswith("/"):
        return MailServer(f"{_BACKENDS}.filebased.EmailBackend", folder=unquote(parts.path))
    usual_ports = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
    if parts.scheme not in usual_ports or not parts.hostname or parts.path.strip("/"):
        # The address may hold a password: it is not repeated here.
        raise ImproperlyConfigured(
            f"{name} is none of smtp://user:password@host:587, smtps://…, smtp+plain://host:25, "
            "console: and file:/folder"
        )
    return MailServer(
        f"{_BACKENDS}.smtp.EmailBackend",
        host=parts.hostname,
        port=port or usual_ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls_from_start=parts.scheme == "smtps",
        is_starttls=parts.scheme == "smtp",
    )


def mail_sender(name: str, default: str) -> str:
    """The sender of all mail, as `window@example.jp` or `窓口 <window@example.jp>`."""
    raw = text(name, default)
    try:
        validate_email(parseaddr(raw)[1])
    except ValidationError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a sender like 窓口 <window@example.jp>") from error
    return raw
