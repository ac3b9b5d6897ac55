"""What a grant comes to, line by line: cost times rate, cutting, cap, top-up, own share.

Amounts are whole yen and rates are fractions; a fraction of a yen is cut. What the document leaves open
(a range of rates, no rate) or nobody has told yet stays open: a range or a reason, never a guess.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Self

from madoguchi.japan import yen


class Code(StrEnum):
    """What a line of the path says; `wording` has the sentences."""

    TIMES = "times"
    CLASS_TIMES = "class_times"
    AFTER_OWN_SHARE = "after_own_share"
    TOP_UP = "top_up"
    NOT_COVERED = "not_covered"
    CLASS_CAP = "class_cap"
    SUM = "sum"
    AMOUNT = "amount"
    PIECES = "pieces"
    NO_BASE = "no_base"
    WITHIN_COST = "within_cost"
    CUT = "cut"
    CAPPED = "capped"
    WITHIN_CAP = "within_cap"
    TOO_LITTLE = "too_little"
    OWN_SHARE = "own_share"


class Undetermined(StrEnum):
    """Why an amount is not known to the yen."""

    RANGE = "range"
    """The document gives a range of rates or caps."""
    RATE = "rate"
    """The document gives neither rate nor amount."""
    COST = "cost"
    """A cost is not told yet."""
    COST_CLASS = "cost_class"
    """Kinds of cost have rates of their own, and the kind is not told yet."""
    PIECES = "pieces"
    """The number of pieces is not told yet."""


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost without consumption tax, by its class of cost (経費の区分); None while unknown."""

    class_name: str
    yen: int | None

    def __post_init__(self) -> None:
        _not_negative(self.yen)


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line of a plan of costs: name, yen without consumption tax (None while unknown), class."""

    key: str
    yen: int | None
    class_name: str = ""

    @property
    def cost(self) -> Cost:
        """The cost without its name."""
        return Cost(self.class_name, self.yen)


@dataclass(frozen=True, slots=True)
class CostClass:
    """A class of cost with a rate or cap of its own; without a rate, that of the frame holds."""

    name: str
    rate: Fraction | None = None
    cap_yen: int | None = None

    def __post_init__(self) -> None:
        _not_negative(self.cap_yen)
        _within_the_whole(self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the frame of an edition and the `grant:` of its rule say; raises ValueError on what cannot be.

    A grant is a share of the cost (`rate`, `own_share` or `classes`), a fixed amount, or an amount a piece;
    with none of them it is not determined. The two last are paid whatever the cost is. `rate` of a top-up is
    its own (1/12 on top of 2/3), not the sum.
    """

    rate: Fraction | None = None
    rate_low: Fraction | None = None
    own_share: Fraction | None = None
    on_top_of: Fraction | None = None
    cap_yen: int | None = None
    cap_low_yen: int | None = None
    total_cap_yen: int | None = None
    amount_yen: int | None = None
    piece_yen: int | None = None
    round_to_yen: int = 1
    minimum_yen: int = 0
    classes: tuple[CostClass, ...] = ()

    def __post_init__(self) -> None:
        _within_the_whole(self.rate, self.rate_low, self.own_share, self.on_top_of)
        _not_negative(self.cap_yen, self.cap_low_yen, self.total_cap_yen)
        _not_negative(self.amount_yen, self.piece_yen, self.minimum_yen)
        if self.round_to_yen < 1:
            raise ValueError("切り捨ての単位は1円以上です。")
        if sum((self.depends_on_cost, self.amount_yen is not None, self.piece_yen is not None)) > 1:
            raise ValueError("補助率、定額、1つあたりの額は、どれか一つだけです。")
        if self.rate_low is not None and (self.rate is None or self.rate_low > self.rate):
            raise ValueError("補助率の幅の下は、上より大きくできません。")
        if self.cap_low_yen is not None and (self.cap_yen is None or self.cap_low_yen > self.cap_yen):
            raise ValueError("上限の幅の下は、上より大きくできません。")
        if self.rate is not None and self.own_share is not None and self.rate + self.own_share != 1:
            raise ValueError("補助率と自己負担の割合は、あわせて1です。")
        if self.on_top_of is not None and (self.rate is None or self.rate + self.on_top_of > 1):
            raise ValueError("上乗せには補助率が要り、もとの補助率とあわせて1をこえません。")

    @property
    def share(self) -> Fraction | None:
        """The share of the cost that is granted, None where the document states none."""
        if self.rate is not None:
            return self.rate
        return None if self.own_share is None else 1 - self.own_share

    @property
    def depends_on_cost(self) -> bool:
        """Whether the grant is a share of the cost."""
        return self.share is not None or bool(self.classes)

    @property
    def limit_yen(self) -> int | None:
        """The lower one of the caps stated."""
        return min((cap for cap in (self.cap_yen, self.total_cap_yen) if cap is not None), default=None)

    @property
    def low_end(self) -> Self:
        """The terms with the lower ends of their ranges."""
        return replace(
            self,
            rate=self.rate if self.rate_low is None else self.rate_low,
            rate_low=None,
            cap_yen=self.cap_yen if self.cap_low_yen is None else self.cap_low_yen,
            cap_low_yen=None,
        )

    @property
    def high_end(self) -> Self:
        """The terms with the upper ends of their ranges."""
        return replace(self, rate_low=None, cap_low_yen=None)

    def class_named(self, name: str) -> CostClass | None:
        """The class of cost of that name; one that is not listed falls to the rate of the frame, if any."""
        listed = next((item for item in self.classes if item.name == name), None)
        return listed or (None if self.share is None else CostClass(name))

    def rate_of(self, item: CostClass) -> Fraction | None:
        """The rate that holds for a class of cost."""
        return self.share if item.rate is None else item.rate


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the path: what is done, with what, and the yen it leaves."""

    code: Code
    yen: int
    parts: tuple[tuple[str, int | Fraction | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """The lines that lead to an amount; the own share is None where the cost or the base grant is unknown."""

    lines: tuple[Line, ...]
    grant_yen: int
    own_share_yen: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant known to the yen, or between two ends; `at_most_yen` is the cap while no upper end is known."""

    low: Path | None = None
    high: Path | None = None
    at_most_yen: int | None = None
    undetermined: Undetermined | None = None

    @property
    def is_determined(self) -> bool:
        """Whether the amount is known to the yen."""
        return self.undetermined is None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The path of a determined amount; of a range see `low` and `high`."""
        return self.high.lines if self.high and self.is_determined else ()

    @property
    def grant_yen(self) -> int | None:
        """The amount, None unless determined."""
        return self.high.grant_yen if self.high and self.is_determined else None

    @property
    def own_share_yen(self) -> int | None:
        """What the business pays itself, None unless determined."""
        return self.high.own_share_yen if self.high and self.is_determined else None

    @property
    def low_yen(self) -> int | None:
        """What it comes to at least."""
        return self.low.grant_yen if self.low else None

    @property
    def high_yen(self) -> int | None:
        """What it comes to at most."""
        return self.high.grant_yen if self.high else self.at_most_yen


def grant(
    terms: Terms,
    costs: Sequence[Cost] | int | None = None,
    *,
    base_grant_yen: int | None = None,
    pieces: int | None = None,
) -> Grant:
    """Work out a grant from costs (by class, or one total) or from a number of pieces.

    `base_grant_yen` is what another grant pays for the same cost; both together never exceed it. A top-up
    is worked out without it too (whether the base is granted is for the rule to say), but not the own share.
    Raises ValueError on a negative cost, base grant or number.
    """
    _not_negative(base_grant_yen, pieces)
    rows = _rows(costs)
    reason = _open_question(terms, rows, pieces)
    if reason is None:
        low = _path(terms.low_end, rows, base_grant_yen, pieces)
        high = _path(terms.high_end, rows, base_grant_yen, pieces)
        is_range = low.grant_yen != high.grant_yen
        return Grant(low, high, undetermined=Undetermined.RANGE if is_range else None)
    at_least = None
    if reason is Undetermined.COST and base_grant_yen is None:
        at_least = replace(_path(terms.low_end, rows, None, pieces), own_share_yen=None)
    return Grant(low=at_least, at_most_yen=terms.limit_yen, undetermined=reason)


def _rows(costs: Sequence[Cost] | int | None) -> tuple[Cost, ...]:
    if costs is None or isinstance(costs, int):
        return (Cost("", costs),)
    return tuple(costs)


def _open_question(terms: Terms, rows: tuple[Cost, ...], pieces: int | None) -> Undetermined | None:
    """What keeps the amount from being worked out at all."""
    if terms.amount_yen is not None:
        return None
    if terms.piece_yen is not None:
        return Undetermined.PIECES if pieces is None else None
    if not terms.depends_on_cost or any(_has_no_rate(terms, row) for row in rows):
        return Undetermined.RATE
    if terms.classes and any(not row.class_name for row in rows):
        return Undetermined.COST_CLASS
    return Undetermined.COST if any(row.yen is None for row in rows) else None


def _has_no_rate(terms: Terms, row: Cost) -> bool:
    found = terms.class_named(row.class_name)
    return found is not None and terms.rate_of(found) is None


@dataclass(frozen=True, slots=True)
class _Known:
    """What the limits after the multiplication look at; the cost is None where it does not matter."""

    cost_yen: int | None
    base_grant_yen: int | None


def _path(terms: Terms, rows: tuple[Cost, ...], base_grant_yen: int | None, pieces: int | None) -> Path:
    cost = sum(row.yen or 0 for row in rows) if terms.depends_on_cost else None
    known = _Known(cost, base_grant_yen)
    lines = list(_basis(terms, rows, pieces))
    for step in (_without_base, _within_cost, _cut, _capped, _too_little):
        line = step(terms, lines[-1].yen, known)
        if line is not None:
            lines.append(line)
    granted = lines[-1].yen
    own = _own_share(terms, granted, known)
    if own is not None:
        lines.append(Line(Code.OWN_SHARE, own))
    return Path(tuple(lines), granted, own)


def _basis(terms: Terms, rows: tuple[Cost, ...], pieces: int | None) -> Iterator[Line]:
    if terms.amount_yen is not None:
        yield Line(Code.AMOUNT, terms.amount_yen)
    elif terms.piece_yen is not None:
        count = pieces or 0
        yield Line(Code.PIECES, count * terms.piece_yen, (("count", count), ("piece", terms.piece_yen)))
    elif terms.classes:
        yield from _by_class(terms, rows)
    else:
        yield _multiplied(terms, sum(row.yen or 0 for row in rows))


def _multiplied(terms: Terms, cost_yen: int) -> Line:
    share = terms.share or Fraction()
    parts: tuple[tuple[str, int | Fraction | str], ...] = (("cost", cost_yen), ("rate", share))
    if terms.on_top_of is not None:
        return Line(Code.TOP_UP, _times(cost_yen, share), (*parts, ("on_top_of", terms.on_top_of)))
    if terms.own_share is not None:
        return Line(Code.AFTER_OWN_SHARE, _times(cost_yen, share), (*parts, ("own_share", terms.own_share)))
    return Line(Code.TIMES, _times(cost_yen, share), parts)


def _by_class(terms: Terms, rows: tuple[Cost, ...]) -> Iterator[Line]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.class_name] = sums.get(row.class_name, 0) + (row.yen or 0)
    total = 0
    for name, cost_yen in sums.items():
        last = 0
        for line in _one_class(terms, name, cost_yen):
            yield line
            last = line.yen
        total += last
    if len(sums) != 1:
        yield Line(Code.SUM, total)


def _one_class(terms: Terms, name: str, cost_yen: int) -> Iterator[Line]:
    found = terms.class_named(name)
    if found is None:
        yield Line(Code.NOT_COVERED, 0, (("name", name),))
        return
    rate = terms.rate_of(found) or Fraction()
    granted = _times(cost_yen, rate)
    yield Line(Code.CLASS_TIMES, granted, (("name", name), ("cost", cost_yen), ("rate", rate)))
    if found.cap_yen is not None and granted > found.cap_yen:
        yield Line(Code.CLASS_CAP, found.cap_yen, (("name", name), ("cap", found.cap_yen)))


def _times(cost_yen: int, rate: Fraction) -> int:
    return cost_yen * rate.numerator // rate.denominator


def _without_base(terms: Terms, total_yen: int, known: _Known) -> Line | None:
    if terms.on_top_of is None or known.base_grant_yen != 0 or total_yen == 0:
        return None
    return Line(Code.NO_BASE, 0)


def _within_cost(terms: Terms, total_yen: int, known: _Known) -> Line | None:
    if known.cost_yen is None or known.base_grant_yen is None:
        return None
    left = max(0, known.cost_yen - known.base_grant_yen)
    return Line(Code.WITHIN_COST, left, (("base", known.base_grant_yen),)) if total_yen > left else None


def _cut(terms: Terms, total_yen: int, known: _Known) -> Line | None:
    cut = yen.floor_to(total_yen, terms.round_to_yen)
    return Line(Code.CUT, cut, (("unit", terms.round_to_yen),)) if cut != total_yen else None


def _capped(terms: Terms, total_yen: int, known: _Known) -> Line | None:
    cap = terms.limit_yen
    if cap is None:
        return None
    code = Code.CAPPED if total_yen > cap else Code.WITHIN_CAP
    return Line(code, min(total_yen, cap), (("cap", cap),))


def _too_little(terms: Terms, total_yen: int, known: _Known) -> Line | None:
    if not 0 < total_yen < terms.minimum_yen:
        return None
    return Line(Code.TOO_LITTLE, 0, (("minimum", terms.minimum_yen),))


def _own_share(terms: Terms, granted_yen: int, known: _Known) -> int | None:
    if known.cost_yen is None or (terms.on_top_of is not None and known.base_grant_yen is None):
        return None
    return max(0, known.cost_yen - granted_yen - (known.base_grant_yen or 0))


def _not_negative(*amounts: int | None) -> None:
    if any(amount is not None and amount < 0 for amount in amounts):
        raise ValueError("金額と数は0以上です。")


def _within_the_whole(*rates: Fraction | None) -> None:
    if any(rate is not None and not 0 <= rate <= 1 for rate in rates):
        raise ValueError("割合は0以上1以下です。")
