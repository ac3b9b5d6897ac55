"""The way from the home page to this one."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext


@dataclass(frozen=True)
class Step:
    """One step of the way; the last, where the reader stands, has no address."""

    url: str
    label: str


def trail(*steps: tuple[str, str]) -> list[Step]:
    """The way: home, then each (address, label); labels may hold `|` at fold points."""
    return [Step(reverse("portal:home"), gettext("ホーム")), *(Step(url, label) for url, label in steps)]
