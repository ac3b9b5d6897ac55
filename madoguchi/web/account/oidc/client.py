"""What is asked of a provider, and what of its answers is believed.

Stricter than allauth's own client, which sends no nonce and does not check the signature of an id_token that
it fetched itself: here the token is signed with RS256 by a key of the provider, names the configured issuer,
this client and the nonce of this attempt, and the userinfo speaks of the same person.
"""

import hmac
import json
import secrets
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

ALGORITHM = "RS256"
# In the session: the nonces of the attempts that are under way.
NONCES = "oidc_nonces"
_MOST_NONCES = 5
# How far the clocks of two machines may differ.
_LEEWAY_SECONDS = 60
_KEPT_SECONDS = 600


def new_nonce(request: HttpRequest) -> str:
    """A nonce for one attempt of this browser."""
    nonce = secrets.token_urlsafe(24)
    request.session[NONCES] = [*request.session.get(NONCES, []), nonce][-_MOST_NONCES:]
    return nonce


class Client(OpenIDConnectOAuth2Adapter):
    """One exchange with a provider."""

    request: HttpRequest

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description, kept for a while; OAuth2Error when it describes another issuer."""
        key = f"oidc:{self._settings['server_url']}"
        config: dict[str, Any] | None = cache.get(key)
        if config is None:
            config = super().openid_config
            cache.set(key, config, _KEPT_SECONDS)
        if config.get("issuer") != self._settings["issuer"]:
            raise OAuth2Error("The description names another issuer")
        return config

    @property
    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = self.get_provider().app.settings
        return settings

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider leads back to."""
        return request.build_absolute_uri(reverse("oidc_callback", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Check the id_token, fetch the userinfo, and say who came."""
        claims = self._checked(kwargs["response"].get("id_token"), app.client_id)
        userinfo = self._fetch_user_info(token.token)
        if not isinstance(userinfo, dict) or userinfo.get("sub") != claims["sub"]:
            raise OAuth2Error("The userinfo speaks of somebody else")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": userinfo})

    def _checked(self, id_token: object, client_id: str) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise OAuth2Error("There is no id_token")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._key(jwt.get_unverified_header(id_token)),
                algorithms=[ALGORITHM],
                issuer=self._settings["issuer"],
                audience=client_id,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"The id_token is refused: {error}") from error
        self._use_up_nonce(str(claims["nonce"]))
        return claims

    def _key(self, header: dict[str, Any]) -> Any:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json().get("keys", [])
        for each in keys:
            if each.get("kid") == header.get("kid") and each.get("kty") == "RSA":
                return jwt.algorithms.RSAAlgorithm.from_jwk(json.dumps(each))
        raise OAuth2Error("The id_token is signed with an unknown key")

    def _use_up_nonce(self, told: str) -> None:
        waiting = self.request.session.get(NONCES, [])
        mine = [each for each in waiting if hmac.compare_digest(each, told)]
        if not mine:
            raise OAuth2Error("The id_token was made for another attempt")
        self.request.session[NONCES] = [each for each in waiting if each not in mine]
