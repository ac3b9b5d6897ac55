"""Reads the file of OpenID Connect providers; what is wrong in it stops the start with a sentence."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from madoguchi.config import env

_STAFF_SCOPES = ("openid", "profile", "email")
# GビズID's guideline for connecting systems, version 2.9; UserInfo carries the claims.
_GBIZID_SCOPES = ("openid", "profile", "user", "email", "mandate")


class Provider(BaseModel):
    """One provider. `kind` says who signs in with it: staff, or businesses with GビズID."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    kind: str = Field(pattern="^(staff|gbizid)$")
    name: str = Field(min_length=1, max_length=40)
    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: str = Field(default="", repr=False)
    client_secret_file: str = ""
    # For which mail addresses the provider vouches: with others it opens no account and no invitation.
    trusted_domains: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _is_https(cls, issuer: str) -> str:
        parts = urlsplit(issuer)
        is_here = parts.hostname in ("localhost", "127.0.0.1")
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and is_here)):
            raise ValueError("an issuer begins with https://")
        return issuer

    def secret(self) -> str:
        """The client's secret; raises ImproperlyConfigured where there is none."""
        secret = self.client_secret
        if self.client_secret_file:
            try:
                secret = Path(self.client_secret_file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ImproperlyConfigured(f"client_secret_file of {self.key}: {error}") from error
        if not secret:
            raise ImproperlyConfigured(
                f"The provider {self.key} has neither client_secret nor client_secret_file"
            )
        return secret

    def as_app(self) -> dict[str, Any]:
        """The provider as allauth reads it from SOCIALACCOUNT_PROVIDERS."""
        is_staff = self.kind == "staff"
        if is_staff and not self.trusted_domains:
            raise ImproperlyConfigured(f"{self.key} needs trusted_domains: whose addresses it vouches for")
        return {
            "provider_id": self.key,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret(),
            "settings": {
                "server_url": self.issuer.rstrip("/") + "/.well-known/openid-configuration",
                "issuer": self.issuer,
                "kind": self.kind,
                "token_auth_method": "client_secret_basic",
                "oauth_pkce_enabled": True,
                "scope": list(self.scopes or (_STAFF_SCOPES if is_staff else _GBIZID_SCOPES)),
                "trusted_domains": [domain.lower() for domain in self.trusted_domains],
                "email_authentication": is_staff,
            },
        }


def apps(name: str) -> list[dict[str, Any]]:
    """The providers in the file that this variable names; none when it is not set.

    Raises ImproperlyConfigured, with the file and the field, for what cannot be read or understood."""
    path = env.text(name)
    if not path:
        return []
    try:
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}={path} cannot be read: {error}") from error
    if not isinstance(raw, list):
        raise ImproperlyConfigured(f"{name}={path} is not a list of providers")
    try:
        providers = [Provider.model_validate(each) for each in raw]
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)
        )
        raise ImproperlyConfigured(f"{name}={path}: {told}") from error
    keys = [each.key for each in providers]
    if len(set(keys)) < len(keys):
        raise ImproperlyConfigured(f"{name}={path}: two providers have the same key")
    return [each.as_app() for each in providers]
