"""The form of all conditions of a search as HTML: groups of boxes to tick.

Not a template: some ninety boxes stand twice on a page of results, beside the list and, on a phone, folded
above it. All of a box but its count and its tick is the same for every search and kept.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple, Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.web.shared.templatetags import madoguchi as tags


class Box(Protocol):
    """One value to choose; `hits` is how many things it would show."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def hits(self) -> int: ...
    @property
    def checked(self) -> bool: ...


class Group(Protocol):
    """The boxes of one parameter, unfolded or not."""

    @property
    def name(self) -> str: ...
    @property
    def legend(self) -> str: ...
    @property
    def options(self) -> Iterable[Box]: ...
    @property
    def is_open(self) -> bool: ...


class _Shell(NamedTuple):
    """A box without its tick and its count: what stands before, between and after them."""

    head: str
    middle: str
    end: str


def form(
    groups: Iterable[Group], *, action: str, sent_along: Iterable[tuple[str, str]], live: bool
) -> SafeString:
    """The form; a `live` one asks as soon as a box is ticked, and only the boxes of that one have ids.

    By its id a box keeps the focus when htmx exchanges the form.
    """
    hidden = format_html_join("\n", '<input type="hidden" name="{}" value="{}">', sent_along)
    asking = format_html(
        ' hx-get="{}" hx-trigger="change" hx-target="#found" hx-push-url="true"', action if live else ""
    )
    return format_html(
        '<form class="facets" action="{}" method="get"{}>\n<h2 class="row">{}{}</h2>\n{}\n{}\n'
        '<button class="btn btn--2 btn--wide mt-16">{}</button>\n</form>',
        action,
        asking if live else "",
        tags.icon("filter"),
        gettext("しぼりこむ"),
        hidden,
        SafeString("\n".join([_group(group, "w" if live else "") for group in groups])),
        gettext("この条件でさがす"),
    )


def _group(group: Group, prefix: str) -> str:
    shown = []
    for option in group.options:
        head, middle, end = _shell(prefix, group.name, option.value, option.label)
        shown.append(f"{head}{' checked' if option.checked else ''}{middle}{option.hits}{end}")
    legend = escape(group.legend)
    return (
        f'<details class="fold"{" open" if group.is_open else ""}>\n<summary>{legend}</summary>\n'
        f'<fieldset class="facet"><legend class="vh">{legend}</legend>\n'
        f"<ul>{''.join(shown)}</ul></fieldset>\n</details>"
    )


# A region has some hundred values, a nation two thousand; twice each, in two languages.
@lru_cache(maxsize=8192)
def _shell(prefix: str, name: str, value: str, label: str) -> _Shell:
    identity = f' id="{prefix}-{escape(name)}-{escape(value)}"' if prefix else ""
    return _Shell(
        head=(
            f'<li><label class="choice choice--plain"><input type="checkbox"{identity} '
            f'name="{escape(name)}" value="{escape(value)}"'
        ),
        middle=f'><span>{escape(label)}</span><span class="n">',
        end="</span></label></li>",
    )
