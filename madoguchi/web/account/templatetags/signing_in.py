"""The other ways to sign in that an installation offers."""

from django import template

register = template.Library()


@register.simple_tag
def login_providers() -> list[dict[str, str]]:
    """The providers on the sign-in page: name and url."""
    return []
