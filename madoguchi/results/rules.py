"""Who may write what, and what looks wrong about a figure: each function returns why, or nothing."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from madoguchi.foundation.words import gettext_noop
from madoguchi.results.cells import Cell, CellKind, Part, is_misread, says_nothing
from madoguchi.results.states import WITH_UNIT, ReturnState

NOT_YOUR_UNIT = gettext_noop("入力できるのは、担当の課と、とりまとめの担当だけです。")
NOT_THE_SECRETARIAT = gettext_noop("この操作ができるのは、とりまとめの担当だけです。")
HANDED_IN = gettext_noop("もう提出しています。直すときは、とりまとめの担当に差し戻してもらってください。")


@dataclass(frozen=True)
class Standing:
    """What a rule has to know: whether it is the own unit's, who holds it, and who acts."""

    is_own: bool = False
    is_secretariat: bool = False
    handed: ReturnState | None = None


def can_write(standing: Standing) -> str | None:
    """Whether figures and texts may be written: by the unit until it has handed in, by the secretariat."""
    if standing.is_secretariat:
        return None
    if not standing.is_own:
        return NOT_YOUR_UNIT
    return None if standing.handed is None or standing.handed in WITH_UNIT else HANDED_IN


def can_hand_in(standing: Standing) -> str | None:
    """Whether a unit's part may be handed in: by itself, or for it by the secretariat."""
    return None if standing.is_own or standing.is_secretariat else NOT_YOUR_UNIT


def can_review(standing: Standing) -> str | None:
    """Whether somebody may approve, accept, return, lock and publish."""
    return None if standing.is_secretariat else NOT_THE_SECRETARIAT


def within(
    unit: int, parents: Mapping[int, int | None], predecessors: Mapping[int, Collection[int]]
) -> set[int]:
    """A unit, those below it, and those whose work passed to any of them."""
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        if parent is not None:
            children.setdefault(parent, []).append(child)
    found: set[int] = set()
    waiting = [unit]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += [*children.get(current, ()), *predecessors.get(current, ())]
    return found


class DoubtKind(StrEnum):
    """Why a figure should be looked at once more. None of them stops anybody."""

    BROKEN_FIGURE = "broken_figure"
    UNREADABLE = "unreadable"
    FACTOR = "factor"
    UNIT_CHANGED = "unit_changed"
    ZERO_AFTER_YEARS = "zero_after_years"
    NOT_MEASURED_ANY_MORE = "not_measured_any_more"
    WORDS_NOW = "words_now"
    NOT_IN_NARRATIVE = "not_in_narrative"


DOUBTS: dict[DoubtKind, str] = {
    DoubtKind.BROKEN_FIGURE: gettext_noop("「%(now)s」は、数として読めません。書き直してください。"),
    DoubtKind.UNREADABLE: gettext_noop("「%(now)s」は、数として読めません。このままでよいですか。"),
    DoubtKind.FACTOR: gettext_noop("前の年度（%(before)s）と3倍以上違います（%(now)s）。"),
    DoubtKind.UNIT_CHANGED: gettext_noop("単位が前の年度と違います（%(before)s → %(now)s）。"),
    DoubtKind.ZERO_AFTER_YEARS: gettext_noop("前の年度（%(before)s）まであった数が、0になっています。"),
    DoubtKind.NOT_MEASURED_ANY_MORE: gettext_noop(
        "前の年度（%(before)s）は数がありました。今年度は測っていませんか。"
    ),
    DoubtKind.WORDS_NOW: gettext_noop(
        "前の年度（%(before)s）は数でした。今年度は言葉（%(now)s）でよいですか。"
    ),
    DoubtKind.NOT_IN_NARRATIVE: gettext_noop("文章に「%(before)s」とあり、表の「%(now)s」と合いません。"),
}


@dataclass(frozen=True)
class Doubt:
    """One thing to look at: `DOUBTS[kind]` with `before` and `now` put in."""

    kind: DoubtKind
    before: str
    now: str


def doubts(before: Cell | None, now: Cell, *, narrative: str = "") -> tuple[Doubt, ...]:
    """What looks wrong about a cell beside last year's, and beside the text that tells of it."""
    if is_misread(now) or says_nothing(now):
        kind = DoubtKind.BROKEN_FIGURE if is_misread(now) else DoubtKind.UNREADABLE
        return (Doubt(kind, before.raw if before else "", now.raw),)
    found: list[Doubt] = []
    if before is not None and before.kind == CellKind.NUMBERS:
        if now.kind == CellKind.NOT_MEASURED:
            found.append(Doubt(DoubtKind.NOT_MEASURED_ANY_MORE, before.raw, now.raw))
        elif now.kind == CellKind.WORDS:
            found.append(Doubt(DoubtKind.WORDS_NOW, before.raw, now.raw))
        else:
            found += _beside(before, now)
    found += _told_otherwise(now, narrative)
    return tuple(found)


def figures(cell: Cell) -> list[str]:
    """The figures of a cell as doubts name them."""
    return [_shown(part) for part in cell.parts]


def but_told(found: Iterable[Doubt], told: Collection[str]) -> tuple[Doubt, ...]:
    """The doubts without those about a figure in the text that another row of the table gives (`told`)."""
    return tuple(
        doubt for doubt in found if doubt.kind != DoubtKind.NOT_IN_NARRATIVE or doubt.before not in told
    )


def _beside(before: Cell, now: Cell) -> Iterable[Doubt]:
    old_units, new_units = (tuple(part.unit for part in cell.parts) for cell in (before, now))
    if old_units != new_units:
        yield Doubt(DoubtKind.UNIT_CHANGED, "・".join(old_units), "・".join(new_units))
        return
    for old, new in zip(before.parts, now.parts, strict=True):
        if kind := _jump(old.number, new.number):
            yield Doubt(kind, _shown(old), _shown(new))


def _jump(old: Decimal, new: Decimal) -> DoubtKind | None:
    if new == 0 and old != 0:
        return DoubtKind.ZERO_AFTER_YEARS
    if old == 0 or new in (0, old):
        return None
    ratio = abs(new / old)
    return DoubtKind.FACTOR if ratio >= 3 or ratio * 3 <= 1 else None


def _told_otherwise(now: Cell, narrative: str) -> Iterable[Doubt]:
    """A figure of the table is told when the text gives it with its unit; another one with that unit is odd.

    Only where the cell and the text each have a single number of that unit."""
    text = unicodedata.normalize("NFKC", narrative).replace(",", "")
    units = [part.unit for part in now.parts]
    for part in now.parts:
        unit = unicodedata.normalize("NFKC", part.unit)
        if not unit or units.count(part.unit) != 1:
            continue
        told = re.findall(rf"(\d+(?:\.\d+)?)\s*{re.escape(unit)}", text)
        if len(told) == 1 and Decimal(told[0]) != part.number:
            yield Doubt(DoubtKind.NOT_IN_NARRATIVE, f"{Decimal(told[0]):,}{part.unit}", _shown(part))


def _shown(part: Part) -> str:
    return f"{part.number:,}{part.unit}"
