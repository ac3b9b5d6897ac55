"""The fictional people of a demonstration: known by an address at which no mail can arrive."""

from django.db.models import QuerySet

from madoguchi.accounts.models import User

# RFC 2606: no domain of the internet ends with it.
DOMAIN = "demo.example"


def address_of(key: str) -> str:
    """The mail address of a fictional person."""
    return f"{key}@{DOMAIN}"


def people() -> QuerySet[User]:
    """Everybody fictional, in the order of the region pack."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True).order_by("pk")


def has_others() -> bool:
    """Whether somebody is registered who is not fictional."""
    return User.objects.exclude(email__endswith=f"@{DOMAIN}").exists()
