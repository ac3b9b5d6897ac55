"""The providers of the configuration, as allauth knows them."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
    OpenIDConnectProviderAccount,
)
from django.http import HttpRequest

from madoguchi.web.account.oidc.client import Client, new_nonce


class Provider(OpenIDConnectProvider):
    """One of them; which one, and for whom, its configuration says."""

    id = "oidc"
    name = "OpenID Connect"
    account_class = OpenIDConnectProviderAccount
    oauth2_adapter_class = Client
    # Nobody signs in here by handing in a token of elsewhere.
    supports_token_authentication = False

    @property
    def kind(self) -> str:
        """`staff` or `gbizid`."""
        return str(self.app.settings["kind"])

    def redirect(self, request: HttpRequest, process: Any, *args: Any, **kwargs: Any) -> Any:
        """Lead to the provider, with a nonce of this attempt."""
        kwargs["auth_params"] = {"nonce": new_nonce(request)}
        # What is asked for is ours to say, not the address line's.
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, *args, **kwargs)

    def serialize(self) -> dict[str, Any]:
        """Name it by its key: several providers may know us by the same client id."""
        return super().serialize() | {"id": self.sub_id}

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep none of the claims here: what is needed has a place of its own (accounts.GBizId)."""
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        """Carry the claims along until the person is known; they are not saved with the login."""
        login = super().sociallogin_from_response(request, response)
        login.claims = response["userinfo"]
        return login

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address; verified only where this provider vouches for its domain and does not deny it."""
        claims = data["userinfo"]
        address = str(claims.get("email") or "").strip().lower()
        if not address:
            return []
        trusted = address.rpartition("@")[2] in self.app.settings["trusted_domains"]
        verified = trusted and claims.get("email_verified") is not False
        return [EmailAddress(email=address, verified=verified, primary=True)]

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """The name as GビズID tells it, too."""
        claims = data["userinfo"]
        fields: dict[str, Any] = super().extract_common_fields(data)
        names = (claims.get("user_last_nm"), claims.get("user_first_nm"))
        fields["name"] = " ".join(str(each) for each in names if each) or fields.get("name")
        return fields


provider_classes = [Provider]
