"""What was found in a guidebook, in sentences for whoever runs the import."""

from collections.abc import Iterator

from madoguchi.importers.documents.found import LIKELY, Found
from madoguchi.importers.guidebook.drafts import EntryDraft, GuidebookDraft

_SHOWN = 40


def summary(draft: GuidebookDraft) -> Iterator[str]:
    """Yield lines: each programme with what was read, then what is unsure and what was left out."""
    entries = draft.entries
    yield draft.document
    counted = {
        "制度": len(entries),
        "連絡先": sum(len(each.contacts) for each in entries),
        "割合": sum(len(each.rates) for each in entries),
        "上限額": sum(len(each.caps_yen) for each in entries),
        "期間": sum(len(each.windows) for each in entries),
        "要件": sum(len(each.requirements) for each in entries),
    }
    yield "みつかったもの: " + "、".join(f"{word} {count}" for word, count in counted.items())
    for entry in entries:
        yield f"  {entry.number} {entry.name.value}（{entry.lines[0]}～{entry.lines[1]}行目）"
    yield f"確かめたいこと: {len(draft.notes)} 件"
    yield from (f"  {note}" for note in draft.notes[:_SHOWN])
    doubtful = [(entry, found) for entry in entries for found in _fields(entry) if found[1] < LIKELY]
    yield f"読み取りに自信がないもの: {len(doubtful)} 件"
    for entry, (source, _, reason) in doubtful[:_SHOWN]:
        yield f"  「{entry.name.value}」の「{source[:30]}」: {reason}"
    yield f"取り込まなかったところ: {len(draft.left_out)} 件"
    yield from (f"  {note}" for note in draft.left_out[:_SHOWN])


def _fields(entry: EntryDraft) -> list[tuple[str, float, str]]:
    amounts: tuple[Found[object], ...] = (*entry.rates, *entry.caps_yen)
    many: tuple[Found[object], ...] = (*entry.contacts, *amounts, *entry.windows, *entry.requirements)
    return [(each.source, each.confidence, each.reason) for each in many]
