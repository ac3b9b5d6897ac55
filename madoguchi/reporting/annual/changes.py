"""What differs from the last report: projects that came, ended, were renamed, cost more or less, moved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from madoguchi.japan.yen import in_thousand
from madoguchi.reporting.annual.shape import Change


@dataclass(frozen=True)
class Listed:
    """A project as a year's lists print it; `before` is the slug of the one it continues."""

    slug: str
    name: str
    cost_yen: int | None
    department: str
    marks: tuple[str, ...]
    before: str = ""


def changes(last: Iterable[Listed], now: Iterable[Listed]) -> tuple[Change, ...]:
    """Every difference: first those of the projects of now in their order, then those that ended.

    Empty when there is no last report."""
    old = {row.slug: row for row in last}
    if not old:
        return ()
    found: list[Change] = []
    gone = dict(old)
    for row in now:
        before = gone.pop(row.before, None) or old.get(row.before)
        found += _differences(before, row) if before else [_came(row)]
    found += [Change(row.name, gettext("終了した事業"), _cost(row), "") for row in gone.values()]
    return tuple(found)


def _came(row: Listed) -> Change:
    return Change(row.name, gettext("新しい事業"), "", _cost(row))


def _differences(before: Listed, row: Listed) -> Iterator[Change]:
    words: Mapping[str, tuple[str, str]] = {
        gettext("事業名"): (before.name, row.name),
        gettext("事業費"): (_cost(before), _cost(row)),
        gettext("担当課"): (before.department, row.department),
        gettext("基本方針"): ("・".join(before.marks), "・".join(row.marks)),
    }
    for what, (old, new) in words.items():
        if old != new:
            yield Change(row.name, what, old, new)


def _cost(row: Listed) -> str:
    return gettext("記載なし") if row.cost_yen is None else in_thousand(row.cost_yen)
