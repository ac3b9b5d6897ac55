"""Templates obey the content security policy, escape what they print, and are all in use."""

import re
from collections.abc import Mapping
from pathlib import Path

import allauth
import pytest

from tests.house.places import python_files, shown, templates

# What a strict policy would block anyway, and what would let markup of strangers through.
_FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "a script with content": re.compile(r"<script\b[^>]*>\s*[^\s<]", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "|safe": re.compile(r"\|\s*safe\b"),
    "autoescape off": re.compile(r"autoescape\s+off"),
}
# Templates that may: the file, what, and why.
_EXCEPTIONS: dict[tuple[str, str], str] = {
    ("mail/letter.html", "a style attribute"): "mail programs read no style sheet; no page shows it",
    ("mail/letter.txt", "autoescape off"): "plain text, never a page",
}


def _pages_of(folder: str) -> set[str]:
    """The pages and texts that allauth has templates of its own for."""
    its_own = Path(allauth.__file__).parent / "templates"
    return {path.relative_to(its_own).as_posix() for path in (its_own / folder).rglob("*") if path.is_file()}


# Django asks for these by name.
_ASKED_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# allauth asks for these by name; `sayings.py` names the mails.
_ASKED_BY_ALLAUTH = {"429.html"} | {
    name for folder in ("account", "mfa", "socialaccount") for name in _pages_of(folder)
}
# Components that no page uses yet, and why they stay.
_IN_STOCK: dict[str, str] = {}
_COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def breaches(name: str, text: str) -> list[str]:
    """What a template may not hold."""
    bare = _COMMENT.sub("", text)
    return [f"{name}: {what}" for what, pattern in _FORBIDDEN.items() if pattern.search(bare)]


def unused(names: Mapping[str, str], code: str) -> list[str]:
    """Templates that no view, include or extends names; the values are the templates' texts."""
    return [
        name
        for name in names
        if name not in _ASKED_BY_DJANGO | _ASKED_BY_ALLAUTH
        and f'"{name}"' not in code
        and not any(f'"{name}"' in text for other, text in names.items() if other != name)
    ]


def texts() -> dict[str, str]:
    return {name: path.read_text(encoding="utf-8") for name, path in templates().items()}


def test_templates_hold_nothing_the_policy_forbids():
    # A .txt is a mail or a file to keep: no browser reads it as markup.
    pages = {name: text for name, text in texts().items() if not name.endswith(".txt")}
    found = [breach for name, text in pages.items() for breach in breaches(name, text)]
    assert [b for b in found if tuple(b.split(": ", 1)) not in _EXCEPTIONS] == []


def test_every_exception_is_still_needed():
    found = {
        tuple(breach.split(": ", 1)) for name, text in texts().items() for breach in breaches(name, text)
    }
    assert set(_EXCEPTIONS) <= found


@pytest.mark.parametrize(
    "planted",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<script src="/a.js">alert(1)</script>',
        '<button onclick="go()">',
        '<button hx-on:click="go()">',
        '<a href="javascript:go()">',
        "{{ name|safe }}",
        "{% autoescape off %}",
    ],
)
def test_what_the_policy_forbids_is_caught(planted):
    assert breaches("planted.html", planted)


def test_ordinary_markup_is_left_alone():
    ordinary = '{# style="" #}<script src="/a.js" defer></script><p class="on" data-onset="1">style=</p>'
    assert breaches("ordinary.html", ordinary) == []


def test_every_template_is_used():
    code = "\n".join(path.read_text(encoding="utf-8") for path in python_files())
    assert sorted(unused(texts(), code)) == sorted(_IN_STOCK)


def test_a_template_that_nothing_names_is_caught():
    names = {"a.html": '{% include "b.html" %}', "b.html": "", "orphan.html": '{% extends "a.html" %}'}
    assert unused(names, 'render(request, "a.html")') == ["orphan.html"]


# format_html and conditional_escape escape what they are given; SafeString(...) takes it as it is.
_TRUSTED = {
    "madoguchi/web/shared/templatetags/madoguchi.py": "joins escaped pieces; our icons; the pack's drawings",
    "madoguchi/web/shared/folding.py": "joins what conditional_escape returned",
    "madoguchi/web/shared/fragments/conditions.py": "joins escaped pieces",
    "madoguchi/web/shared/fragments/hit.py": "joins markup; a class of its own",
    "madoguchi/web/shared/fragments/linked_data.py": "JSON with < > & escaped; no browser runs it",
    "madoguchi/web/shared/fragments/marks.py": "joins escaped pieces",
}


def takes_text_as_safe(code: str) -> bool:
    """Whether code declares text to be safe markup (an empty text is)."""
    return bool(re.search(r"\b(mark_safe|SafeString|SafeText)\((?!\"\"\))", code))


def test_only_known_code_takes_text_as_safe():
    found = {shown(p) for p in python_files() if takes_text_as_safe(p.read_text(encoding="utf-8"))}
    assert found == set(_TRUSTED)


def test_code_that_takes_text_as_safe_is_caught():
    assert takes_text_as_safe("return mark_safe(name)")
    assert not takes_text_as_safe('return SafeString("")')
