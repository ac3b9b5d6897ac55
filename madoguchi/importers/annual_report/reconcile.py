"""Comparing what was read: sums, lists with pages, repeats with each other, words with tables."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from madoguchi.importers.annual_report.drafts import PageDraft, PolicyDraft, ProgrammeDraft, ReportDraft
from madoguchi.importers.annual_report.matching import bare
from madoguchi.importers.documents.found import Note
from madoguchi.importers.documents.lines import key, plain

_COUNTED = re.compile(r"(?P<number>\d[\d,]*)\s?(?P<unit>名|人|件|回|校|者|社|台|店舗|市町村|部)")
# What an indicator's name adds to the thing it counts: 講習会|修了者数, タスクフォース|等開催回数.
_TAIL = re.compile(
    r"(?:等|の|へ)*(?:実施|修了|受講|参加|開催|申込|申請|交付|支援|派遣|認証|登録|利用)?(?:件数|回数|[者校]数|企業数|人数|数)$"
)
_ENOUGH_LETTERS = 5
_NEAR = 30


def notes(draft: ReportDraft, lonely: Sequence[PageDraft]) -> tuple[Note, ...]:
    """Return every disagreement, each with its lines; `lonely` are pages that no row stands for."""
    found = [note for policy in draft.policies for note in _of_policy(policy)]
    found += _of_repeats(draft)
    for page in lonely:
        found.append(
            Note(
                "page_without_row",
                f"「{page.name.value}」のページに当たる行が一覧にありません。",
                page.lines[:1],
            )
        )
    return tuple(found)


def _of_policy(policy: PolicyDraft) -> Iterator[Note]:
    yield from _subtotal(policy)
    for before, after in pairwise(policy.programmes):
        if after.number.value != before.number.value + 1:
            leap = f"番号が {before.number.value} から {after.number.value} へ飛んでいます。"
            yield Note("number_gap", f"{policy.mark}の一覧の{leap}", after.number.lines[:1])
    for row in policy.programmes:
        yield from _of_row(row)


def _subtotal(policy: PolicyDraft) -> Iterator[Note]:
    if policy.stated_yen is None:
        return
    stated, computed = policy.stated_yen.value, policy.computed_yen
    if stated != computed:
        sums = f"小計は {stated // 1000:,}千円とありますが、行の合計は {computed // 1000:,}千円です。"
        yield Note("subtotal", f"{policy.mark}の{sums}", policy.stated_yen.lines[:1])


def _of_row(row: ProgrammeDraft) -> Iterator[Note]:
    name = row.name.value
    if row.cost_yen is None:
        yield Note("no_cost", f"「{name}」の金額がありません。", row.name.lines[:1])
    if row.page is None:
        yield Note("row_without_page", f"「{name}」のページがありません。", row.name.lines[:1])
        return
    page = row.page
    at = (row.name.lines[0], page.name.lines[0])
    if page.name is not row.name:
        if bare(name) != bare(page.name.value):
            yield Note("name", f"名前が違います。一覧は「{name}」、ページは「{page.name.value}」です。", at)
        yield from _cost(row, page)
        yield from _unit(row, page)
    yield from _narrative(page)
    yield from _unplaced(page)


def _cost(row: ProgrammeDraft, page: PageDraft) -> Iterator[Note]:
    stated = {cost.value for cost in page.costs_yen}
    if row.cost_yen and page.cost_yen and row.cost_yen.value not in stated:
        yield Note(
            "cost",
            f"「{row.name.value}」の金額が違います。一覧は {row.cost_yen.value // 1000:,}千円、"
            f"ページは {page.cost_yen.value // 1000:,}千円です。",
            (row.cost_yen.lines[0], page.cost_yen.lines[0]),
        )


def _unit(row: ProgrammeDraft, page: PageDraft) -> Iterator[Note]:
    """The list names the unit, the page often its group too."""
    if row.unit is None or page.unit is None:
        return
    listed = re.split(r"[\s(（)）]+", row.unit.value)
    shown = key(page.unit.value)
    missing = [name for name in listed if name and key(name) not in shown]
    if missing:
        yield Note(
            "unit",
            f"「{row.name.value}」の担当が違います。一覧は「{row.unit.value}」、ページは「{page.unit.value}」です。",
            (row.unit.lines[0], page.unit.lines[0]),
        )


def _unplaced(page: PageDraft) -> Iterator[Note]:
    for row in page.indicators:
        for year, cell in row.cells.items():
            if "-" in year:
                yield Note(
                    "no_single_year",
                    f"「{row.name.value}」の値「{cell.value.raw}」は、どの年の欄か分かりません。",
                    cell.lines[:1],
                )


def _narrative(page: PageDraft) -> Iterator[Note]:
    """A count in the text of the results that differs from the table's newest value of the same thing."""
    if page.results is None:
        return
    text = plain(page.results.value)
    for row in page.indicators:
        years = sorted(year for year in row.cells if "-" not in year)
        parts = row.cells[years[-1]].value.parts if years else ()
        if len(parts) != 1:
            continue
        told = _counts_of(plain(row.name.value), parts[0].unit, text)
        if told and parts[0].number not in told:
            counts = f"文では {told[0]:,}{parts[0].unit}、表では {parts[0].number:,}{parts[0].unit} です。"
            yield Note(
                "narrative",
                f"「{row.name.value}」について、{counts}",
                (page.results.lines[0], row.name.lines[0]),
            )


def _counts_of(name: str, unit: str, text: str) -> list[int]:
    """The counts with this unit that come first behind what the indicator counts, within a sentence."""
    stem = _TAIL.sub("", name)
    counts = []
    for at in _places(stem, text) if len(stem) >= _ENOUGH_LETTERS else ():
        sentence = text[at : at + len(stem) + _NEAR].split("。", maxsplit=1)[0]
        told = next((found for found in _COUNTED.finditer(sentence) if found["unit"] == unit), None)
        if told:
            counts.append(int(told["number"].replace(",", "")))
    return counts


def _places(stem: str, text: str) -> Iterator[int]:
    """Where the stem stands in the text."""
    at = text.find(stem)
    while at >= 0:
        yield at
        at = text.find(stem, at + 1)


def _of_repeats(draft: ReportDraft) -> Iterator[Note]:
    """The same project listed again must say the same."""
    first: dict[str, ProgrammeDraft] = {}
    for row in (row for policy in draft.policies for row in policy.programmes):
        origin = first.setdefault(bare(row.name.value), row)
        if origin is row:
            if row.is_repeat:
                yield Note(
                    "repeat_first",
                    f"「{row.name.value}」は再掲とありますが、前にありません。",
                    row.name.lines[:1],
                )
            continue
        if not row.is_repeat:
            yield Note(
                "repeat_unmarked",
                f"「{row.name.value}」は前にもありますが、再掲とありません。",
                (origin.name.lines[0], row.name.lines[0]),
            )
        yield from _differs(origin, row)


def _differs(origin: ProgrammeDraft, row: ProgrammeDraft) -> Iterator[Note]:
    at = (origin.name.lines[0], row.name.lines[0])
    name = row.name.value
    if origin.cost_yen and row.cost_yen and origin.cost_yen.value != row.cost_yen.value:
        yield Note("repeat_cost", f"「{name}」の金額が、前の掲載と違います。", at)
    if origin.page is None or row.page is None:
        return
    at = (origin.page.name.lines[0], row.page.name.lines[0])
    units = [page.unit for page in (origin.page, row.page) if page.unit]
    if len(units) == 2 and key(units[0].value) != key(units[1].value):
        yield Note(
            "repeat_unit", f"「{name}」の担当が、前の掲載と違います。", (units[0].lines[0], units[1].lines[0])
        )
    if [_values(origin.page), _values(row.page)].count(_values(row.page)) == 1:
        yield Note("repeat_indicators", f"「{name}」の指標の値が、前の掲載と違います。", at)


def _values(page: PageDraft) -> list[list[str]]:
    return [[key(cell.value.raw) for _, cell in sorted(row.cells.items())] for row in page.indicators]
