"""What the frame of every page shows around its content; config fills it, base.html reads it."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class NavLink:
    """One entry of the header or footer; `icon` names a drawing of icons.py or is empty."""

    url: str
    label: str
    icon: str = ""


@dataclass(frozen=True)
class GeneralDesk:
    """The desk the footer and every dead end point to."""

    name: str
    telephone: str
    hours: str


@dataclass(frozen=True)
class Region:
    """Who the site belongs to. `name` of the desk may hold `|` at its fold points."""

    site_name: str
    tagline: str
    prefecture_name: str
    general_desk: GeneralDesk
    stylesheet_url: str
    logo_url: str
    credit: str = ""


@dataclass(frozen=True)
class Frame:
    """Addresses and notices around the content; `believed_today` only when a date was set for the site."""

    home_url: str
    search_url: str
    nav: list[NavLink]
    tools: list[NavLink] = field(default_factory=list)
    footer: list[NavLink] = field(default_factory=list)
    believed_today: date | None = None
