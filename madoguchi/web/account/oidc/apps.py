"""Django's registration; allauth finds `provider.py` by it."""

from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "madoguchi.web.account.oidc"
    label = "web_account_oidc"
