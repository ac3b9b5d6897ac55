"""One found thing as HTML: a card of a list of results.

Not a template: a page shows twenty cards of some forty nodes each. All of a card but its name and summary, in
which the search words are marked, is the same for every search and can be kept as a shell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.web.shared.templatetags import madoguchi as tags


@dataclass(frozen=True)
class HitFact:
    """One line of a card; the value is ready for a page."""

    label: str
    value: SafeString | str
    wide: bool = False


@dataclass(frozen=True)
class OtherEdition:
    """Another year's edition of what was found."""

    url: str
    year: str


@dataclass(frozen=True)
class HitCard:
    """What a card says whatever was looked for; `status` is empty where reception means nothing."""

    url: str
    kinds: Sequence[str]
    status: str
    edition: str
    facts: Sequence[HitFact]
    others: Sequence[OtherEdition]
    is_past: bool


class Shell(NamedTuple):
    """A card without its name and summary: what stands before, between and after them."""

    head: str
    middle: str
    end: str


def shell(card: HitCard) -> Shell:
    """All of a card that can be kept."""
    return Shell(
        head=format_html(
            '<article class="hit{}">\n{}\n<h3><a href="{}">',
            " hit--end" if card.is_past else "",
            _chips(card),
            card.url,
        ),
        middle='</a></h3>\n<p class="hit__sum">',
        end=format_html("</p>\n{}{}</article>", _facts(card.facts), _others(card.others)),
    )


def article(shell: Shell, title: SafeString, summary: SafeString) -> SafeString:
    """The whole card."""
    return SafeString(f"{shell.head}{title}{shell.middle}{summary}{shell.end}")


def _chips(card: HitCard) -> SafeString:
    """The same row as shared/components/labels.html."""
    kinds = format_html_join("", "{}", ((tags.kind(label),) for label in card.kinds))
    status = tags.status(card.status) if card.status else ""
    edition = format_html('<span class="sub">{}</span>', card.edition) if card.edition else ""
    return format_html('<p class="row">{}{}{}</p>', kinds, status, edition)


def _facts(facts: Sequence[HitFact]) -> SafeString:
    if not facts:
        return SafeString("")
    rows = format_html_join(
        "",
        "<div{}><dt>{}</dt><dd>{}</dd></div>",
        ((SafeString(' class="wide"' if fact.wide else ""), fact.label, fact.value) for fact in facts),
    )
    return format_html('<dl class="hit__facts">{}</dl>\n', rows)


def _others(others: Sequence[OtherEdition]) -> SafeString:
    if not others:
        return SafeString("")
    links = format_html_join(
        "",
        '<a href="{}">{}</a>',
        ((other.url, gettext("%(year)s版もあります") % {"year": other.year}) for other in others),
    )
    return format_html('<p class="hit__others">{}</p>\n', links)
