"""A guidebook from its lines to drafts of its programmes."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from madoguchi.importers.documents.found import LIKELY, SURE, Found, Note
from madoguchi.importers.documents.lines import Document, Line, join, key
from madoguchi.importers.guidebook import facts
from madoguchi.importers.guidebook.drafts import EntryDraft, GuidebookDraft
from madoguchi.importers.guidebook.entries import Stretch, is_divider, stretches

T = TypeVar("T")

_SUBHEAD = re.compile(r"^(?:[(（]\d{1,2}[)）]|[〇○◯◎■◆●□]|[≪《【〈＜<※]|[①-⑳])")
_GIST = 24


def read_guidebook(document: Document) -> GuidebookDraft:
    """Return the draft of a guidebook. The same document always gives the same draft."""
    lines = document.lines
    found = stretches(lines)
    entries = tuple(_entry(each, lines) for each in found)
    taken = {line.number for each in found for line in lines[each.start : each.end] if not is_divider(line)}
    return GuidebookDraft(
        document.name,
        document.sha256,
        entries,
        tuple(note for entry in entries for note in _notes(entry)),
        _left_out(lines, taken),
    )


def _entry(each: Stretch, lines: Sequence[Line]) -> EntryDraft:
    body = [line for line in lines[each.start : each.end] if not is_divider(line)]
    name, begins = _name(each, body)
    text = body[begins:]
    return EntryDraft(
        number=each.number,
        name=name,
        summary=_summary(text),
        contacts=tuple(facts.contacts(text)),
        rates=_once(facts.rates(text)),
        caps_yen=_once(facts.caps(text)),
        windows=_once(facts.windows(text)),
        requirements=_once(facts.requirements(text)),
        urls=_once(facts.urls(text)),
        lines=(body[0].number, body[-1].number),
    )


def _name(each: Stretch, body: Sequence[Line]) -> tuple[Found[str], int]:
    """The heading; a line in brackets right below belongs to it."""
    below = body[1] if len(body) > 1 else None
    joins = below is not None and re.fullmatch(r"[(（][^)）\d][^)）]*[)）]", below.text) and below.gap <= 1
    if below is not None and joins:
        return Found.at(
            join([each.title, below.text]), body[:2], "", LIKELY, "二行の見出しをつなぎました。"
        ), 2
    return Found.at(each.title, body[:1]), 1


def _summary(text: Sequence[Line]) -> Found[str] | None:
    """The first text, up to the first heading within the programme."""
    lines: list[Line] = []
    for line in text:
        if _SUBHEAD.match(line.text):
            break
        lines.append(line)
    if not lines:
        first = next((line for line in text if len(line.text) > _GIST), None)
        if first is None:
            return None
        return Found.at(first.text, [first], "", 0.5, "はじめの文がないので、最初の説明から読みました。")
    certain = SURE if lines[-1].text.endswith("。") else LIKELY
    reason = "" if certain == SURE else "文の終わりがはっきりしません。"
    return Found.at(join(line.text for line in lines), lines, "", certain, reason)


def _once(found: Iterable[Found[T]]) -> tuple[Found[T], ...]:
    """Each value of a line once."""
    seen: dict[tuple[T, tuple[int, int]], Found[T]] = {}
    for each in found:
        seen.setdefault((each.value, each.lines), each)
    return tuple(seen.values())


def _notes(entry: EntryDraft) -> list[Note]:
    notes = []
    at = entry.name.lines[:1]
    if not entry.contacts:
        notes.append(Note("no_contact", f"「{entry.name.value}」の連絡先がみつかりません。", at))
    if entry.summary is None:
        notes.append(Note("no_summary", f"「{entry.name.value}」の説明がみつかりません。", at))
    desks: dict[str, str] = {}
    for contact in entry.contacts:
        for phone in contact.value.phones:
            known = desks.setdefault(phone, contact.value.desk)
            if known and contact.value.desk and key(known) != key(contact.value.desk):
                sentence = f"{phone} が「{known}」と「{contact.value.desk}」の両方にあります。"
                notes.append(Note("shared_phone", sentence, contact.lines[:1]))
    return notes


def _left_out(lines: Sequence[Line], taken: set[int]) -> tuple[Note, ...]:
    notes: list[Note] = []
    run: list[Line] = []
    for line in [*lines, None]:
        if line is not None and line.number not in taken:
            run.append(line)
            continue
        if run:
            sentence = f"「{run[0].text[:_GIST]}…」から {len(run)} 行"
            notes.append(Note("left_out", sentence, (run[0].number, run[-1].number)))
        run = []
    return tuple(notes)
