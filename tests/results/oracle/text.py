"""The oracle against the text of the document: every number on its stated line, and none left over."""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass

from tests.results.oracle.tables import Oracle, Token, items, spans

_TABLE, _END = "項目名", "担当課"


@dataclass(frozen=True)
class Expected:
    """What a line has to hold: who says so, and the item as `items` finds it."""

    name: str
    item: str
    token: Token | None = None


def expectations(oracle: Oracle) -> dict[int, list[Expected]]:
    """What each keyed line holds, in the order in which it stands there."""
    found: dict[int, list[Expected]] = defaultdict(list)
    for row in oracle.lists.values():
        found[row.number_line].append(Expected(f"{row.place} number in the list", str(row.place.number)))
        found[row.cost_line].append(Expected(f"{row.place} cost in the list", row.cost))
        found[row.page_line].append(Expected(f"{row.place} page in the list", row.page))
    for mark, (cost, line) in oracle.subtotals.items():
        found[line].append(Expected(f"{mark} subtotal", cost))
    for page in oracle.pages:
        name = f"{page.place} cost on the page {page.part}".strip()
        found[page.cost_line].append(Expected(name, page.cost))
        if page.number_line:
            found[page.number_line].append(
                Expected(f"{page.place} number on the page", str(page.place.number))
            )
    for token in oracle.tokens:
        found[token.line] += of_token(token)
    return found


def of_token(token: Token) -> list[Expected]:
    """What a keyed token makes a text hold."""
    return [Expected(str(token), item, token) for item in token.items]


def file_problems(oracle: Oracle, content: bytes) -> list[str]:
    """Whether the file is the one that was keyed."""
    problems = []
    if (seen := hashlib.sha256(content).hexdigest()) != oracle.sha256:
        problems.append(f"document {oracle.document}: SHA-256 is {seen}, keyed was {oracle.sha256}")
    if (lines := content.count(b"\n")) != oracle.lines:
        problems.append(f"document {oracle.document}: {lines} lines, keyed were {oracle.lines}")
    return problems


def differences(expected: list[Expected], text: str, where: str) -> list[str]:
    """What a text says otherwise than it was keyed, each with the name of what is wrong."""
    read = items(text)
    if len(read) != len(expected):
        names = ", ".join(dict.fromkeys(one.name for one in expected))
        return [f"{names} ({where}): keyed {[one.item for one in expected]}, there stands {read}"]
    return [
        f"{one.name} ({where}): keyed {one.item}, there stands {item}"
        for one, item in zip(expected, read, strict=True)
        if item != one.item
    ] or [
        f"{one.name} ({where}): keyed {one.token.shown}, there stands {text.strip()}"
        for one, match in zip(expected, spans(text), strict=True)
        if one.token and one.token.what == "value" and not _reads(one.token, text, match)
    ]


def _reads(token: Token, text: str, match: re.Match[str]) -> bool:
    """Whether the unit follows the number, and 延べ stands before it exactly where it was keyed."""
    after, before = text[match.end() :].strip(), text[: match.start()].rstrip()
    unit = re.match(r"[^\s・、()（）]*", after)
    return (unit is not None and unit.group() == token.unit) and (
        before.endswith("延べ") == (token.cumulative == "cell")
    )


def table_problems(oracle: Oracle, lines: list[str]) -> list[str]:
    """One table a page, columns in the known order, and no number in a table that nobody keyed."""
    keyed = set(expectations(oracle))
    problems, inside, tables = [], False, 0
    for number, line in enumerate(lines, 1):
        if _TABLE in line:
            inside, tables = True, tables + 1
            if items(line) != list(oracle.years):
                problems.append(f"line {number}: the table's years are {items(line)}")
        elif _END in line:
            inside = False
        elif inside and number not in keyed and items(line):
            problems.append(f"line {number}: nobody keyed {items(line)}")
    if tables != len(oracle.lists):
        problems.append(f"{tables} tables for {len(oracle.lists)} pages")
    return problems


def mark_problems(oracle: Oracle, lines: list[str]) -> list[str]:
    """Whether the marks of the list rows are the ones that were keyed: new, repeat, and ⑥ and ⑦."""
    problems = []
    for row in oracle.lists.values():
        text = "".join(line.strip() for line in lines[row.number_line - 1 : row.page_line])
        circles = int(row.circles or 0) + bool(row.new)
        if len(re.findall("[○〇]", text)) != circles or (row.new and row.new not in text):
            problems.append(f"{row.place} marks in the list (line {row.number_line}): not as keyed")
        if ("再掲" in text) != bool(row.repeat):
            problems.append(f"{row.place} repeat in the list (line {row.number_line}): not as keyed")
    return problems


def text_problems(oracle: Oracle, text: str) -> list[str]:
    """Everything that the text says otherwise."""
    lines = text.split("\n")
    problems = [*table_problems(oracle, lines), *mark_problems(oracle, lines)]
    for number, expected in sorted(expectations(oracle).items()):
        line = lines[number - 1] if number <= len(lines) else ""
        problems += differences(expected, line, f"line {number}")
    return problems
