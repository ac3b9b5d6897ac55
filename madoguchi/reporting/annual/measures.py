"""How much room texts take: widths of columns, pieces of headings, what fits on one page. Estimates only."""

import re
from typing import Any

import budoux

Data = dict[str, Any]

_parser = budoux.load_default_japanese_parser()
# An estimate in millimetres of what a project takes; below the limit it is kept on one page. The page holds
# 247 mm: the estimate may be wrong by a fifth before anything would run over the edge.
KEEP_BELOW = 200
# A piece of a heading fits half a line; a word of kanji begins after hiragana.
_LONGEST = 14
_SEAM = re.compile(r"(?<=[ぁ-ゖ])(?=[㐀-鿿])")
_HEAD, _HEADING, _LINE, _CARD, _ROW, _FRAME, _PICTURE = 34, 12, 6.2, 33, 7.5, 24, 60
# Beside the year in a card, and a character of its labels.
_CARD_WIDTH, _CARD_EM = 60, 3
_COLUMN, _WIDE, _CELL, _NAME, _CELL_LINE, _TITLE, _TITLE_LINE = 21, 40, 8, 14, 4.5, 22, 8
# Characters in a line of the notes under a table.
_NOTE = 54


def phrases(text: str) -> list[str]:
    """A heading in pieces that stay together, none too long for a line."""
    pieces: list[str] = []
    for part in (part for piece in _parser.parse(text) for part in _SEAM.split(piece)):
        # BudouX cuts words like 中小企業 into single characters.
        if pieces and len(pieces[-1]) < 3:
            pieces[-1] += part
        else:
            pieces.append(part)
    return [piece[at : at + _LONGEST] for piece in pieces for at in range(0, len(piece), _LONGEST)]


def entry_height(entry: Data) -> float:
    """About how many millimetres an entry takes."""
    longer = max(_lines(entry[part], _COLUMN) for part in ("overview", "achievements"))
    height = (
        _HEAD
        + len(entry["name"]) // _TITLE * _TITLE_LINE
        + _HEADING
        + longer * _LINE
        + (_CARD if entry["cards"] else 0)
    )
    if entry["lines"]:
        height += _HEADING + sum(_table_row(line) for line in entry["lines"])
        notes = [line["note"] for line in entry["lines"] if line["note"]]
        height += _lines([*notes, *entry["corrections"]], _NOTE) * _CELL_LINE
    return height


def widest(texts: list[str], least: int, most: float) -> float:
    """The width of a column in em: known widths are set faster, and no cell crowds out another."""
    return min(most, max([least, *(_em(text) for text in texts)]))


def bar_room(labels: list[str]) -> float:
    """How many millimetres the longest bar of a card may take beside its label."""
    return max(10, _CARD_WIDTH - _CARD_EM * max(_em(label) for label in labels))


def _em(text: str) -> float:
    return sum(0.58 if sign < "\u2000" or "｡" <= sign <= "ﾟ" else 1 for sign in text)


def case_height(texts: list[str], pictures: int) -> float:
    """About how many millimetres the box of a case study takes."""
    return _FRAME + _lines(texts, _WIDE) * _LINE + _PICTURE * pictures


def _lines(paragraphs: list[str], width: int) -> int:
    return sum(1 + len(paragraph) // width for paragraph in paragraphs)


def _table_row(line: Data) -> float:
    cells = [line["undated"] or "", line["before"], line["now"], line["change"], line["origin"]]
    folds = max(max(_em(cell) for cell in cells) // _CELL, _em(line["name"]) // _NAME)
    return _ROW + folds * _CELL_LINE
