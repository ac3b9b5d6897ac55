"""Where each programme of a guidebook begins: headings whose numbers rise, or that share a mark."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from madoguchi.importers.documents.lines import Line, plain

CONTACT = re.compile(
    r"担当窓口|問い?合わ?せ先?|お?問合せ先?|申込先|申請先|連絡先|窓口|(?<![A-Za-z])TEL|電話|☎|℡",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\d-])(?:0\d{1,4}-\d{1,4}-\d{3,4}|0\d{1,4}\(\d{1,4}\)\d{3,4})(?![\d-])")
_NUMBERED = re.compile(r"^(\d{1,3})(?:[.．、]|\s|(?=[^\d\s,.:/%年月日名件回人社者円時分-]))\s*(?=\D)")
_PAREN = re.compile(r"^[(（](\d{1,3})[)）]\s*(?=\D)")
_DASHED = re.compile(r"^(\d{1,2}-\d{1,2})[.．、\s]\s*(?=\D)")
_BULLET = re.compile(r"^([■◆□●◎★▼])\s*(?=\S)")
_LONGEST = 62
_DIVIDER = re.compile(r"^(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|第[\d一二三四五六七八九十]+[章部編])\s*[.．]?\s*\S")
_APPENDIX = re.compile(r"^[◎○●■]?\s*(?:.*(?:フロー|相談窓口一覧|連絡先一覧|さくいん|索引|参考資料|用語集))$")


@dataclass(frozen=True)
class Stretch:
    """The lines of one programme: `start` is the heading, `end` is not included."""

    start: int
    end: int
    number: int
    title: str


def stretches(lines: Sequence[Line]) -> list[Stretch]:
    """Return the programmes in their order, by the kind of heading that most of them share."""
    ways = [_rising(lines, _NUMBERED), _rising(lines, _PAREN), _dashed(lines), *_bulleted(lines)]
    best = max(ways, key=lambda found: _worth(found, lines), default=[])
    return best if _worth(best, lines) > 0 else []


def _worth(found: Sequence[Stretch], lines: Sequence[Line]) -> float:
    """How many have a contact; those without count against."""
    with_contact = sum(_has_contact(lines[each.start : each.end]) for each in found)
    return with_contact - 0.6 * (len(found) - with_contact)


def _has_contact(lines: Iterable[Line]) -> bool:
    return any(PHONE.search(line.plain) for line in lines)


def _is_heading(line: Line) -> bool:
    text = line.text.strip()
    return len(text) <= _LONGEST and not text.endswith(("。", "、", "．"))


def _rising(lines: Sequence[Line], shape: re.Pattern[str]) -> list[Stretch]:
    """Headings numbered one after the other; a section that begins again with 1 goes on counting.

    Where the next number stands on several lines, the first one behind a telephone number is the heading:
    numbered points within a programme come before its contact.
    """
    starts: list[tuple[int, int, str]] = []
    expected = None
    called = True
    for place, line in enumerate(lines):
        found = shape.match(line.plain) if _is_heading(line) else None
        number = int(found[1]) if found else None
        follows = expected is None or number in (expected, 1)
        if found and number is not None and follows and called:
            starts.append((place, number, line.text[found.end() :].strip()))
            expected, called = number + 1, False
        elif PHONE.search(line.plain):
            called = True
    return list(_cut(starts, lines))


def _dashed(lines: Sequence[Line]) -> list[Stretch]:
    starts: list[tuple[int, int, str]] = []
    for place, line in enumerate(lines):
        found = _DASHED.match(line.plain) if _is_heading(line) else None
        if found:
            starts.append((place, len(starts) + 1, line.text[found.end() :].strip()))
    return list(_cut(starts, lines))


def _bulleted(lines: Sequence[Line]) -> Iterator[list[Stretch]]:
    """Headings that begin with one and the same mark."""
    by_mark: dict[str, list[tuple[int, int, str]]] = {}
    for place, line in enumerate(lines):
        found = _BULLET.match(line.text) if _is_heading(line) else None
        if found:
            starts = by_mark.setdefault(found[1], [])
            starts.append((place, len(starts) + 1, line.text[found.end() :].strip()))
    for starts in by_mark.values():
        yield list(_cut(starts, lines))


def _cut(starts: Sequence[tuple[int, int, str]], lines: Sequence[Line]) -> Iterator[Stretch]:
    for index, (start, number, title) in enumerate(starts):
        end = starts[index + 1][0] if index + 1 < len(starts) else _last_end(start, lines)
        yield Stretch(start, end, number, title)


def _last_end(start: int, lines: Sequence[Line]) -> int:
    """The last programme ends where an appendix begins."""
    for place in range(start + 1, len(lines)):
        if _APPENDIX.match(lines[place].text) and len(lines[place].text) < 30:
            return place
    return len(lines)


def is_divider(line: Line) -> bool:
    """Tell whether a line is the title of a part (Ⅲ 情報提供…) that stands between programmes."""
    return _DIVIDER.match(plain(line.text)) is not None and _is_heading(line)
