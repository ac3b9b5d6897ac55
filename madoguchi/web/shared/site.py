"""What the frame of every page shows around its content; config fills it, base.html reads it."""

from dataclasses import dataclass
from datetime import date

from madoguchi.web.shared import wording


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


# Compared by identity: what is rendered of them is kept as long as they are (frame.py).
@dataclass(frozen=True, eq=False)
class Region:
    """Who the site belongs to; the addresses and the drawing come from the pack's theme.

    The desk's name may hold `|` at its fold points; `area_drawing` is the text of areas.svg.
    """

    site_name: str
    tagline: str
    prefecture_name: str
    general_desk: GeneralDesk
    stylesheet_url: str
    logo_url: str
    hero_url: str
    area_drawing: str
    credit: str

    @property
    def prefecture(self) -> str:
        """What its prefecture is: 都, 道, 府 or 県."""
        return wording.prefecture(self.prefecture_name)

    @property
    def projects_title(self) -> str:
        """県の取り組み"""
        return wording.prefectural_projects(self.prefecture_name)


@dataclass(frozen=True, eq=False)
class Frame:
    """Addresses and notices around the content; `believed_today` is set only
    when a date was set for the site."""

    home_url: str
    search_url: str
    nav: tuple[NavLink, ...]
    tools: tuple[NavLink, ...]
    footer: tuple[NavLink, ...]
    language_url: str
    believed_today: date | None
    # Where one chooses as whom to look at a demonstration; empty outside of one.
    demo_url: str = ""
