"""English is complete: every sentence of the code is translated, and the compiled file is the written one.

After a change: in madoguchi/, `../.venv/bin/madoguchi django makemessages -l en --no-location --no-obsolete`,
translate, `msgcat --sort-output --no-wrap` the file, then `msgfmt -o django.mo django.po` (GNU gettext).
"""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils.translation.template import templatize

from tests.house.places import PACKAGE, parse, python_files, templates

CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES"
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
# templatize() blanks everything out but the calls.
_CALL_IN_TEMPLATE = re.compile(r"""\b_?n?(?:gettext|_)\(\s*(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""")
_PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sd]|\{\}")


class Entry(NamedTuple):
    """One message of a .po file; a plural has two texts in English."""

    msgid: str
    texts: tuple[str, ...]
    is_fuzzy: bool


def entries(po: str) -> Iterator[Entry]:
    """The messages of a .po file as msgcat writes it, without the header."""
    for block in po.strip().split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            is_more = line.startswith('"')
            name = name if is_more else line.split(" ", 1)[0]
            literal = line if is_more else line.split(" ", 1)[1]
            fields[name] = fields.get(name, "") + ast.literal_eval(literal)
        texts = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
        if fields["msgid"]:
            yield Entry(fields["msgid"], texts, bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE)))


def said_in_python(tree: ast.Module) -> Iterator[str]:
    """The sentences that a module hands to gettext."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            sentence = node.args[0]
            if isinstance(sentence, ast.Constant):
                yield sentence.value


def said_in_template(text: str) -> Iterator[str]:
    """The sentences that a template hands to gettext, as Django looks them up."""
    for literal in _CALL_IN_TEMPLATE.findall(templatize(text)):
        yield ast.literal_eval(literal)


def said() -> set[str]:
    """Every sentence of code and templates."""
    in_python = {sentence for path in python_files() for sentence in said_in_python(parse(path))}
    in_templates = {
        sentence
        for path in templates().values()
        if path.suffix in (".html", ".txt")
        for sentence in said_in_template(path.read_text(encoding="utf-8"))
    }
    return in_python | in_templates


def faults(entry: Entry) -> list[str]:
    """What is wrong with a translation."""
    wanted = sorted(set(_PLACEHOLDER.findall(entry.msgid)))
    found = []
    if entry.is_fuzzy:
        found.append(f"fuzzy: {entry.msgid}")
    if not all(entry.texts):
        found.append(f"untranslated: {entry.msgid}")
    elif any(sorted(set(_PLACEHOLDER.findall(text))) != wanted for text in entry.texts):
        found.append(f"other placeholders: {entry.msgid}")
    return found


def written() -> list[Entry]:
    return list(entries((CATALOGUE / "django.po").read_text(encoding="utf-8")))


def compiled(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def test_every_sentence_of_the_code_is_translated():
    translated = {entry.msgid for entry in written()}
    assert said() - translated == set()


def test_no_translation_outlives_its_sentence():
    assert {entry.msgid for entry in written()} - said() == set()


def test_no_translation_is_missing_fuzzy_or_loses_a_value():
    assert [fault for entry in written() for fault in faults(entry)] == []


def test_the_compiled_file_is_the_written_one():
    translations = compiled(CATALOGUE / "django.mo")
    stale = [
        entry.msgid
        for entry in written()
        for number, text in zip((1, 2), entry.texts, strict=False)
        if (
            translations.ngettext(entry.msgid, entry.msgid, number)
            if len(entry.texts) > 1
            else translations.gettext(entry.msgid)
        )
        != text
    ]
    assert stale == []


@pytest.mark.parametrize(
    "planted",
    [
        Entry("名前", ("",), False),
        Entry("%(count)s件", ("%(count)s hit", ""), False),
        Entry("名前", ("Name",), True),
        Entry("%(name)sの窓口", ("The desk",), False),
    ],
)
def test_a_translation_with_a_fault_is_caught(planted):
    assert faults(planted)


def test_sentences_are_found_where_they_stand():
    code = 'gettext("甲")\n_("乙")\nngettext("丙", "丙", 2)\nother("丁")'
    assert set(said_in_python(ast.parse(code))) == {"甲", "乙", "丙"}
    template = (
        '{% load i18n %}{% translate "甲" %}{% include "x.html" with a=_("乙") %}'
        "{% blocktranslate with n=a count c=b %}{{ n }}の{{ c }}件"
        "{% plural %}{{ n }}の{{ c }}件{% endblocktranslate %}丁"
    )
    assert set(said_in_template(template)) == {"甲", "乙", "%(n)sの%(c)s件"}
