"""From a frame, what its rule adds, and the facts to the grant with its path of calculation."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from madoguchi.eligibility.amounts.grant import CostClass, Grant, Terms, grant
from madoguchi.eligibility.rules.values import Facts, exact

_RATES = ("rate", "rate_low", "own_share", "on_top_of")
_YEN = ("cap_yen", "cap_low_yen", "amount_yen")


class GrantTerms:
    """The terms of a grant, the fact that counts its pieces if it is paid a piece, and of what its rate is.

    `of` names another cost than the project's (保証料): that one is not asked, so nothing is worked out."""

    def __init__(self, terms: Terms, counted: str = "", of: str = "") -> None:
        self.terms = terms
        self.counted = counted
        self.of = of

    def grant(self, facts: Facts) -> Grant:
        """The grant for what is told: `cost_yen`, or the number of pieces."""
        # An own share without a rate is that of a service (the fee of an expert sent).
        is_other = self.of or (self.terms.rate is None and self.terms.own_share)
        cost = None if is_other else exact(facts, "cost_yen")
        return grant(self.terms, cost, pieces=exact(facts, self.counted))


def terms_of(frame: Mapping[str, Any] | None, added: Mapping[str, Any]) -> GrantTerms | None:
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
    return GrantTerms(terms, piece.get("fact", ""), added.get("of", ""))


def _fraction(value: str | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)
