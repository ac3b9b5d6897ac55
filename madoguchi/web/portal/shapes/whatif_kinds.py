"""もし費用がこれだけなら, kind by kind (経費区分): a field for each, and how a grant goes on in that mix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import QueryDict
from django.utils.translation import gettext

from madoguchi.eligibility.amounts.grant import Cost, CostRow, Terms
from madoguchi.eligibility.grants import GrantTerms
from madoguchi.web.portal.shapes import fit_typed
from madoguchi.web.shared import wording

MOST_YEN = 1_000_000_000_000
# What a kind of cost starts with where no cap says what would be usual.
_USUAL_YEN = 1_000_000


@dataclass(frozen=True)
class KindField:
    """The field of one kind of cost in 万円, as it was typed."""

    name: str
    label: str
    typed: str
    error: str = ""


def kinds_of(terms: Iterable[GrantTerms]) -> list[str]:
    """The kinds that grants tell apart, and そのほか where one of them takes that too; none if none does."""
    found = list(terms)
    if not any(each.covers or each.terms.classes for each in found):
        return []
    kinds = list(dict.fromkeys(kind for each in found for kind in each.kinds))
    other = other_kind()
    return [*kinds, *([other] if any(each.takes(CostRow("", 1, other)) for each in found) else [])]


def other_kind() -> str:
    """The name of what no kind stands for."""
    return gettext("そのほかの費用")


def fields(kinds: Sequence[str], query: QueryDict, start: Mapping[str, int]) -> list[KindField]:
    """A field a kind: with what was typed, else with what it starts with."""
    is_sent = any(_name(place) in query for place in range(len(kinds)))
    shown = []
    for place, kind in enumerate(kinds):
        name = _name(place)
        typed = query.get(name, "").strip() if is_sent else _typed(start.get(kind))
        shown.append(KindField(name, kind, typed, _error(typed)))
    return shown


def _typed(amount_yen: int | None) -> str:
    return "" if amount_yen is None else fit_typed.as_typed_money(amount_yen)


def _name(place: int) -> str:
    return f"cost{place}"


def _error(typed: str) -> str:
    try:
        amount_yen = fit_typed.money(typed) if typed else 0
    except ValueError as wrong:
        return str(wrong)
    if amount_yen > MOST_YEN:
        return gettext("%(most)sまでの額を書いてください。") % {"most": wording.in_man(MOST_YEN)}
    return ""


def rows(shown: Iterable[KindField]) -> list[CostRow]:
    """The costs of the fields; an empty one costs nothing."""
    return [CostRow(field.label, fit_typed.money(field.typed), field.label) for field in shown if field.typed]


def start(kinds: Iterable[str], terms: Sequence[GrantTerms], told: Iterable[CostRow]) -> dict[str, int]:
    """What the fields start with: what was told of these kinds, else half of what would reach a cap."""
    mine: dict[str, int] = {}
    wanted = list(kinds)
    for row in told:
        if row.class_name in wanted and row.yen is not None and row.yen <= MOST_YEN:
            mine[row.class_name] = mine.get(row.class_name, 0) + row.yen
    return mine or {kind: _example_yen(kind, terms) for kind in wanted}


def _example_yen(kind: str, terms: Sequence[GrantTerms]) -> int:
    caps = []
    for each in terms:
        item = each.terms.class_named(kind)
        if item is None or not each.takes(CostRow("", 1, kind)):
            continue
        rate, cap_yen = each.terms.rate_of(item), item.cap_yen or each.terms.limit_yen
        if rate and cap_yen is not None:
            caps.append(cap_yen * rate.denominator // rate.numerator // 2)
    usual = min(caps, default=_USUAL_YEN)
    return max(10_000, usual - usual % 10_000)


@dataclass(frozen=True)
class Mix:
    """Costs by class whose shares stay as they are while the whole grows."""

    costs: tuple[Cost, ...]

    @property
    def total_yen(self) -> int:
        """All of them together."""
        return sum(cost.yen or 0 for cost in self.costs)

    def at(self, total_yen: int) -> list[Cost]:
        """The costs in this mix that come to about so much."""
        whole = self.total_yen or 1
        return [Cost(cost.class_name, total_yen * (cost.yen or 0) // whole) for cost in self.costs]

    def knees(self, terms: Terms) -> list[int]:
        """The totals from which on a class or the whole gives no more, of both ends of the terms."""
        return sorted({knee for end in (terms.low_end, terms.high_end) for knee in self._knees(end)})

    def _knees(self, end: Terms) -> list[int]:
        slopes, knees = self._slopes(end)
        limit_yen = end.limit_yen
        if limit_yen is None or not slopes:
            return knees
        reached, granted = Fraction(), Fraction()
        slope = sum((rate for rate, _ in slopes), Fraction())
        for rate, knee in sorted(slopes, key=lambda one: one[1] if one[1] is not None else 10 * MOST_YEN):
            here = Fraction(knee) if knee is not None else None
            if here is None or granted + slope * (here - reached) >= limit_yen:
                if slope:
                    knees.append(_up(reached + Fraction(limit_yen - granted, slope)))
                return [each for each in knees if each <= knees[-1]]
            granted, reached = granted + slope * (here - reached), here
            slope -= rate
        return knees

    def _slopes(self, end: Terms) -> tuple[list[tuple[Fraction, int | None]], list[int]]:
        """For each class what a yen of the whole brings, and the total at which its own cap is reached."""
        slopes: list[tuple[Fraction, int | None]] = []
        for name, share in self._shares().items():
            item = end.class_named(name)
            rate = (end.rate_of(item) if item else None) or Fraction()
            if item is None or not rate * share:
                continue
            knee = None if item.cap_yen is None else _up(Fraction(item.cap_yen, rate * share))
            slopes.append((rate * share, knee))
        return slopes, [knee for _, knee in slopes if knee is not None]

    def _shares(self) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for cost in self.costs:
            share = Fraction(cost.yen or 0, self.total_yen or 1)
            found[cost.class_name] = found.get(cost.class_name, Fraction()) + share
        return found


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)
