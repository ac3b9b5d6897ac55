"""The other ways to sign in that an installation offers."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import reverse

register = template.Library()


@dataclass(frozen=True)
class Way:
    """A provider on the sign-in page."""

    name: str
    url: str


@register.simple_tag
def login_providers() -> tuple[Way, ...]:
    """The providers of the configuration, in its order."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"]
    return tuple(Way(app["name"], reverse("oidc_login", args=[app["provider_id"]])) for app in apps)
