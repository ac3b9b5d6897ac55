"""From a frame, what its rule adds, and the facts to the grant with its path of calculation."""

from collections.abc import Mapping, Set
from fractions import Fraction
from typing import Any

from madoguchi.eligibility.amounts.grant import Cost, CostClass, CostRow, Grant, Terms, grant
from madoguchi.eligibility.rules.values import Facts, exact

_RATES = ("rate", "rate_low", "own_share", "on_top_of")
_YEN = ("cap_yen", "cap_low_yen", "amount_yen")


class GrantTerms:
    """The terms of a grant, the fact that counts its pieces if it is paid a piece, and of what its rate is.

    `of` names another cost than the project's (保証料): where that is not told, nothing is worked out.
    `apart` are all such costs of an installation; they never count as costs of a project."""

    def __init__(
        self, terms: Terms, counted: str = "", of: str = "", apart: Set[str] = frozenset()
    ) -> None:
        self.terms = terms
        self.counted = counted
        self.of = of
        self._apart = apart

    def grant(self, facts: Facts) -> Grant:
        """The grant for what is told: rows of costs, `cost_yen`, or the number of pieces."""
        return grant(self.terms, self._costs(facts), pieces=self.pieces(facts))

    def pieces(self, facts: Facts) -> int | None:
        """How many pieces there are, None while that is not told or nothing is counted."""
        return exact(facts, self.counted)

    def takes(self, row: CostRow) -> bool:
        """Whether a row of costs may go to this grant."""
        if self._is_other:
            return row.class_name == self.of != ""
        if row.class_name in self._apart:
            return False
        if not self.terms.classes:
            return True
        return bool(row.class_name) and self.terms.class_named(row.class_name) is not None

    @property
    def _is_other(self) -> bool:
        # An own share without a rate is that of a service (the fee of an expert sent).
        return bool(self.of) or (self.terms.rate is None and self.terms.own_share is not None)

    def _costs(self, facts: Facts) -> list[Cost] | int | None:
        rows = facts.get("costs")
        if not isinstance(rows, tuple):
            return None if self._is_other else exact(facts, "cost_yen")
        # A row that no listed class covers stands in the path with a line that says so.
        mine = [row.cost for row in rows if self.takes(row) or self._is_left_open(row)]
        return mine or None

    def _is_left_open(self, row: CostRow) -> bool:
        return bool(self.terms.classes) and row.class_name not in self._apart


def rows_told(facts: Facts) -> tuple[CostRow, ...]:
    """The plan of costs: its rows, or the whole cost as one row; none while nothing is told."""
    rows = facts.get("costs")
    if isinstance(rows, tuple):
        return rows
    whole = exact(facts, "cost_yen")
    return () if whole is None else (CostRow("", whole),)


def terms_of(
    frame: Mapping[str, Any] | None, added: Mapping[str, Any], *, apart: Set[str] = frozenset()
) -> GrantTerms | None:
    """The terms of a frame (as catalogue.Frame names its columns) with the `grant:` of its rule.

    None where neither says anything of an amount. Raises ValueError on terms that cannot be."""
    columns = dict(frame or {})
    if ends := columns.pop("rate_range", None):
        columns |= {"rate": ends["high"], "rate_low": ends["low"]}
    values: dict[str, Any] = {name: _fraction(columns.get(name)) for name in _RATES}
    values |= {name: columns.get(name) for name in _YEN}
    piece = added.get("per") or {}
    terms = Terms(
        **values,
        total_cap_yen=added.get("total_cap_yen"),
        piece_yen=piece.get("yen"),
        round_to_yen=(added.get("round") or {}).get("to_yen", 1),
        minimum_yen=added.get("minimum_yen") or 0,
        classes=tuple(
            CostClass(row["name"], _fraction(row.get("rate")), row.get("cap_yen"))
            for row in added.get("classes", ())
        ),
    )
    if terms == Terms():
        return None
    return GrantTerms(terms, piece.get("fact", ""), added.get("of", ""), apart)


def _fraction(value: str | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)
