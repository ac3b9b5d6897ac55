"""The one way a year and a unit's return change their state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from madoguchi.foundation.errors import Conflict
from madoguchi.results.errors import WrongState
from madoguchi.results.models import ReportYear, UnitReturn

State = TypeVar("State", bound=StrEnum)


def move(
    row: ReportYear | UnitReturn,
    to: State,
    *,
    moves: Mapping[State, frozenset[State]],
    seen: Mapping[str, Any] | None = None,
    **columns: Any,
) -> None:
    """Look the move up, compare and set; `seen` are columns that have to be as they were, beside the state.

    Raises WrongState, and Conflict when the row has moved meanwhile."""
    came_from = next(state for state in moves if state == row.state)
    if to not in moves[came_from]:
        raise WrongState
    rows = type(row)._default_manager.filter(pk=row.pk, state=came_from, **(seen or {}))
    if rows.update(state=to, **columns) != 1:
        raise Conflict
    row.refresh_from_db()
