"""From a frame, what its rule adds, and the facts to the grant with its path of calculation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from madoguchi.eligibility.amounts.grant import Cost, CostClass, CostRow, Grant, Terms, grant
from madoguchi.eligibility.rules.values import Facts, exact

_RATES = ("rate", "rate_low", "own_share", "on_top_of")
_YEN = ("cap_yen", "cap_low_yen", "amount_yen")


@dataclass(frozen=True)
class GrantTerms:
    """The terms of a grant and what they look at.

    `counted` is the fact that counts its pieces, if it is paid a piece. `of` names another cost than that of
    the project (保証料): where it is not told, nothing is worked out. `covers` are the kinds of cost it is
    for; a whole cost told without kinds is taken to be of them. `apart` are all such costs of an
    installation: to other grants they are no costs of the project."""

    terms: Terms
    counted: str = ""
    of: str = ""
    covers: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()

    def grant(self, facts: Facts) -> Grant:
        """The grant for what is told: rows of costs, `cost_yen`, or the number of pieces."""
        return grant(self.terms, self._costs(facts), pieces=self.pieces(facts))

    def pieces(self, facts: Facts) -> int | None:
        """How many pieces there are, None while that is not told or nothing is counted."""
        return exact(facts, self.counted)

    def takes(self, row: CostRow) -> bool:
        """Whether a row of costs may go to this grant."""
        kind = row.class_name
        if self.is_of_another:
            return kind == self.of != ""
        if self.covers:
            return kind in self.covers
        if kind in self.apart:
            return False
        return not self.terms.classes or (bool(kind) and self.terms.class_named(kind) is not None)

    @property
    def is_of_another(self) -> bool:
        """Whether the rate is of another cost than that of the project."""
        # An own share without a rate is that of a service (the fee of an expert sent).
        return bool(self.of) or (self.terms.rate is None and self.terms.own_share is not None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of cost it tells apart."""
        listed = (item.name for item in self.terms.classes)
        return tuple(dict.fromkeys((*listed, *self.covers, *([self.of] if self.of else []))))

    def costs_of(self, rows: Iterable[CostRow]) -> list[Cost] | None:
        """The costs in its path, those that no listed class covers among them; None without any."""
        mine = [row.cost for row in rows if self.takes(row) or self._is_unlisted(row)]
        return mine or None

    def _is_unlisted(self, row: CostRow) -> bool:
        return bool(self.terms.classes) and row.class_name not in self.apart

    def _costs(self, facts: Facts) -> list[Cost] | int | None:
        rows = facts.get("costs")
        if isinstance(rows, tuple):
            return self.costs_of(rows)
        return None if self.is_of_another else exact(facts, "cost_yen")


def rows_told(facts: Facts) -> tuple[CostRow, ...]:
    """The plan of costs: its rows, or the whole cost as one row; none while nothing is told."""
    rows = facts.get("costs")
    if isinstance(rows, tuple):
        return rows
    whole = exact(facts, "cost_yen")
    return () if whole is None else (CostRow("", whole),)


def terms_of(
    frame: Mapping[str, Any] | None, added: Mapping[str, Any], *, apart: frozenset[str] = frozenset()
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
    covers = tuple(added.get("covers", ()))
    return GrantTerms(terms, piece.get("fact", ""), added.get("of", ""), covers, apart)


def _fraction(value: str | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)
