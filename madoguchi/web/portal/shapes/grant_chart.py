"""Cost → grant as a drawing: the line with the knee of its cap, or the band between two lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from madoguchi.eligibility.amounts.grant import Cost, Terms, grant
from madoguchi.web.shared import wording

# Where the axes of the template's drawing stand, in its own units.
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 332, 48, 176


@dataclass(frozen=True)
class Mark:
    """A cost or an amount on an axis, and its words."""

    at: int
    text: str


@dataclass(frozen=True)
class Chart:
    """Points of an SVG; `low` is empty unless the document gives a range."""

    high: str
    low: str
    band: str
    cap: Mark | None
    knee: Mark | None
    end: Mark | None
    here_x: int
    here_y: int


def chart(
    terms: Terms,
    cost_yen: int,
    longest_yen: int,
    knees: Sequence[int],
    costs_at: Callable[[int], Sequence[Cost] | int] = int,
) -> Chart:
    """Draw what terms give from no cost to the longest, with the cost that is looked at.

    `costs_at` tells how a whole cost falls into classes."""
    costs = sorted({0, *(knee for knee in knees if knee < longest_yen), longest_yen})
    ends = [(grant(terms.low_end, costs_at(cost)), grant(terms.high_end, costs_at(cost))) for cost in costs]
    most_yen = max(high.grant_yen or 0 for _, high in ends) or 1

    def x(amount_yen: int) -> int:
        return _LEFT + (_RIGHT - _LEFT) * amount_yen // longest_yen

    def y(amount_yen: int) -> int:
        return _BOTTOM - (_BOTTOM - _TOP) * amount_yen // most_yen

    high = [(x(cost), y(end.grant_yen or 0)) for cost, (_, end) in zip(costs, ends, strict=True)]
    low = [(x(cost), y(end.grant_yen or 0)) for cost, (end, _) in zip(costs, ends, strict=True)]
    is_range = low != high
    limit = terms.limit_yen
    knee = knees[-1] if knees else None
    return Chart(
        high=_points(high),
        low=_points(low) if is_range else "",
        band=_points([*high, *reversed(low)]) if is_range else "",
        cap=Mark(y(limit), wording.in_man(limit)) if limit is not None and limit <= most_yen else None,
        knee=Mark(x(knee), wording.in_man(knee)) if knee is not None and knee < longest_yen else None,
        end=Mark(_RIGHT, wording.in_man(longest_yen)) if knee is None else None,
        here_x=x(cost_yen),
        here_y=y(grant(terms.high_end, costs_at(cost_yen)).grant_yen or 0),
    )


def _points(places: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
