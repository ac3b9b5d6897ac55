"""What a mail says, and its two forms: plain text and HTML, written from the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from madoguchi.institutions import queries
from madoguchi.institutions.models import ThemeFile

# Of the design tokens: what a page shows where no region says otherwise.
_KEY_COLOUR = "#00316a"


@dataclass(frozen=True)
class Action:
    """The one thing to do, as a button; the address is absolute."""

    label: str
    url: str


@dataclass(frozen=True)
class Entry:
    """One of several things a mail tells of: its name, its page and what is said of it, line by line."""

    title: str
    url: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """The content of a mail, in the language of whoever reads it.

    `greeting` is the line to the recipient; `facts` are pairs of a word and its value; `entries` are what
    a list tells of; `closing` stands below the action, in small print.
    """

    subject: str
    paragraphs: Sequence[str]
    greeting: str = ""
    facts: Sequence[tuple[str, str]] = ()
    entries: Sequence[Entry] = ()
    action: Action | None = None
    closing: Sequence[str] = ()


@dataclass(frozen=True)
class Written:
    """A letter in the two forms that a mail carries."""

    subject: str
    text: str
    html: str


def write(letter: Letter, *, language: str, stop_url: str = "") -> Written:
    """Put the letter into the site's look; `stop_url` is the way out of a series."""
    region = queries.region()
    subject = " ".join(letter.subject.split())
    context = {
        "letter": letter,
        "language": language,
        "subject": subject,
        "site_name": region.site_name if region else "",
        "telephone": region.general_telephone if region else "",
        "hours": region.general_hours if region else "",
        "stop_url": stop_url,
        "key_colour": _key_colour(),
    }
    text = render_to_string("mail/letter.txt", context)
    return Written(
        subject=subject,
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=render_to_string("mail/letter.html", context),
    )


def _key_colour() -> str:
    """The region's colour: mail programs know no style sheet, so it is read from the pack's."""
    styles = ThemeFile.objects.filter(name="region.css").values_list("content", flat=True).first()
    found = re.search(r"--region-key:\s*(#[0-9a-fA-F]{6})\b", styles or "")
    return found[1] if found else _KEY_COLOUR
