"""The best lawful combination of grants: no yen of a cost is paid twice.

Each row of costs goes to one grant at most; a top-up adds its share on the rows of the grant it tops up, and
both together stay within the cost. Of two grants that exclude each other at most one is used. Of a range
the lower end counts, so the total is what comes out at least.

Sets of grants that may stand together are looked into in the order of what they could bring at most, and no
further than that can still win; in each the rows are shared in every way. That is exact for up to 12 grants
with exclusions (any number without) and 10 costs between which there is a choice; beyond, it says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.eligibility.amounts.grant import CostRow, Grant, Terms, grant

# Twice as many exclusions at worst double the sets; one more row triples the ways to share.
_ENTANGLED = 12
_SHARED = 10


class LeftOut(StrEnum):
    """Why a grant is not in the combination."""

    UNDETERMINED = "undetermined"
    """What it comes to is not known."""
    NO_COST = "no_cost"
    """None of the costs may go to it."""
    NOTHING = "nothing"
    """It comes to nothing even with every cost it may take."""
    NO_BASE = "no_base"
    """The grant it tops up is not used."""
    EXCLUDED = "excluded"
    """Another one that is used may not be received beside it."""
    BETTER_ELSEWHERE = "better_elsewhere"
    """The costs bring at least as much with other grants."""
    NOT_TRIED = "not_tried"
    """There are too many grants with exclusions to go through all."""
    SAME_PROGRAMME = "same_programme"
    """Another frame of the same programme is used."""
    UNSTATED = "unstated"
    """No document says whether it may be had beside what is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A grant that might be used: the rows it may take, what it excludes, which candidate it tops up."""

    key: str
    terms: Terms
    rows: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    tops_up: str | None = None
    pieces: int | None = None

    def __post_init__(self) -> None:
        if self.tops_up is not None and not self.terms.depends_on_cost:
            raise ValueError("上乗せは、費用に補助率をかけるものだけです。")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A grant of the combination with its rows; `grant.low` is what counts."""

    key: str
    rows: tuple[str, ...]
    grant: Grant
    counted_yen: int


@dataclass(frozen=True, slots=True)
class Left:
    """A grant left out, why, and for an exclusion by whom."""

    key: str
    reason: LeftOut
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Combination:
    """The best found, which is the best there is if `is_exact`; rows without an amount yet are `untold`."""

    chosen: tuple[Chosen, ...]
    total_yen: int
    left_out: tuple[Left, ...]
    untold_rows: tuple[str, ...]
    is_exact: bool


def combine(candidates: Sequence[Candidate], rows: Sequence[CostRow]) -> Combination:
    """Find the grants and their rows with the greatest total; ties go to what is named first.

    Raises ValueError when two candidates or two rows have the same key.
    """
    for keys in ([candidate.key for candidate in candidates], [row.key for row in rows]):
        if len(set(keys)) != len(keys):
            raise ValueError("同じ制度や費用が2回あります。")
    told = {row.key: row for row in rows if row.yen is not None}
    alone = {candidate.key: _granted(candidate, told, list(told)) for candidate in candidates}
    conflicts = _conflicts(candidates)
    usable = [one for one in candidates if alone[one.key].low is not None]
    tried = _few_enough(usable, conflicts, alone)
    is_exact = len(tried) == len(usable)
    best: tuple[Chosen, ...] = ()
    best_yen = 0
    known: _Worths = {}
    for at_most_yen, compatible in _most_promising_first(tried, conflicts, alone):
        if at_most_yen <= best_yen:
            break
        sharing = _Sharing(compatible, told, known)
        found = sharing.best()
        is_exact = is_exact and sharing.is_exact
        if _total_yen(found) > best_yen:
            best, best_yen = found, _total_yen(found)
    return Combination(
        chosen=best,
        total_yen=best_yen,
        left_out=tuple(_left_out(candidates, alone, told, best, tried=tried)),
        untold_rows=tuple(row.key for row in rows if row.yen is None),
        is_exact=is_exact,
    )


def _total_yen(chosen: Sequence[Chosen]) -> int:
    return sum(one.counted_yen for one in chosen)


def _granted(
    candidate: Candidate,
    told: Mapping[str, CostRow],
    keys: Sequence[str],
    *,
    base_grant_yen: int | None = None,
) -> Grant:
    """What a candidate comes to with those of the rows that it may take."""
    costs = [told[key].cost for key in keys if key in candidate.rows]
    return grant(candidate.terms, costs, base_grant_yen=base_grant_yen, pieces=candidate.pieces)


def _conflicts(candidates: Sequence[Candidate]) -> dict[str, frozenset[str]]:
    """For each candidate those it may not stand beside: whoever says it, it holds both ways."""
    return {
        one.key: frozenset(
            other.key for other in candidates if other.key in one.not_with or one.key in other.not_with
        )
        - {one.key}
        for one in candidates
    }


def _few_enough(
    candidates: Sequence[Candidate], conflicts: Mapping[str, frozenset[str]], alone: Mapping[str, Grant]
) -> list[Candidate]:
    """All candidates, but of those that exclude another only as many as can be gone through."""
    entangled = [one.key for one in candidates if conflicts[one.key]]
    entangled.sort(key=lambda key: -(alone[key].low_yen or 0))
    too_many = set(entangled[_ENTANGLED:])
    return [one for one in candidates if one.key not in too_many]


def _most_promising_first(
    candidates: Sequence[Candidate], conflicts: Mapping[str, frozenset[str]], alone: Mapping[str, Grant]
) -> list[tuple[int, list[Candidate]]]:
    """The sets to look into, each with what it cannot exceed: every grant as if alone."""
    sets = [
        [one for one in candidates if one.key in keys]
        for keys in _maximal_sets([one.key for one in candidates], conflicts)
    ]
    bounded = [(sum(alone[one.key].low_yen or 0 for one in compatible), compatible) for compatible in sets]
    return sorted(bounded, key=lambda one: -one[0])


def _maximal_sets(
    candidates: Sequence[str], conflicts: Mapping[str, frozenset[str]]
) -> Iterator[frozenset[str]]:
    """Every set without a conflict that nothing can be added to: what a set leaves unused does no harm."""

    def grow(chosen: frozenset[str], keys: list[str], passed: frozenset[str]) -> Iterator[frozenset[str]]:
        if not keys:
            if all(conflicts[key] & chosen for key in passed):
                yield chosen
            return
        key, rest = keys[0], keys[1:]
        yield from grow(chosen | {key}, [one for one in rest if one not in conflicts[key]], passed)
        if conflicts[key].intersection(rest):
            yield from grow(chosen, rest, passed | {key})

    return grow(frozenset(), list(candidates), frozenset())


_Worths = dict[tuple[str, tuple[str, ...], frozenset[str]], int]


class _Sharing:
    """Shares the rows among grants that may stand together.

    A row that one grant alone may take is given to it. The largest of the others are shared in every possible
    way (subsets of rows, grant by grant); more than that would take too long, so the small ones then go
    where they add most, and the result is not called exact.
    """

    def __init__(self, compatible: Sequence[Candidate], told: Mapping[str, CostRow], known: _Worths) -> None:
        self._told = told
        self._known = known
        self._tops: dict[str, list[Candidate]] = {}
        for one in compatible:
            if one.tops_up is not None:
                self._tops.setdefault(one.tops_up, []).append(one)
        self._bases = [one for one in compatible if one.tops_up is None]
        self._given: dict[str, list[str]] = {one.key: [] for one in self._bases}
        self._shared: list[str] = []
        for key in sorted(told, key=lambda key: -(told[key].yen or 0)):
            takers = self._takers(key)
            # More rows never give less, but beside a top-up the cutting could: such rows are tried both ways.
            if len(takers) == 1 and takers[0].key not in self._tops:
                self._given[takers[0].key].append(key)
            elif takers:
                self._shared.append(key)

    @property
    def is_exact(self) -> bool:
        """Whether every way of sharing is gone through."""
        return len(self._shared) <= _SHARED

    def best(self) -> tuple[Chosen, ...]:
        """The grants with rows that bring most."""
        self._share_in_every_way(self._shared[:_SHARED])
        for key in self._shared[_SHARED:]:
            gains = [(self._gain_yen(taker, key), taker.key) for taker in self._takers(key)]
            self._given[max(gains, key=lambda gain: gain[0])[1]].append(key)
        return tuple(one for base in self._bases for one in self._chosen(base, self._given[base.key]))

    def _takers(self, key: str) -> list[Candidate]:
        return [one for one in self._bases if one.terms.depends_on_cost and key in one.rows]

    def _gain_yen(self, taker: Candidate, key: str) -> int:
        given = self._given[taker.key]
        return self._worth_yen(taker, [*given, key]) - self._worth_yen(taker, given)

    def _worth_yen(self, base: Candidate, keys: Sequence[str]) -> int:
        """What a grant and its top-ups bring; the same question comes back with every set they are in."""
        question = (base.key, tuple(top.key for top in self._tops.get(base.key, ())), frozenset(keys))
        if question not in self._known:
            self._known[question] = _total_yen(list(self._chosen(base, keys)))
        return self._known[question]

    def _share_in_every_way(self, keys: Sequence[str]) -> None:
        """Sets of rows are bit masks; `most[mask]` is what those rows bring with the grants seen so far."""
        masks = range(1 << len(keys))
        most = [0 for _ in masks]
        taken_by: list[tuple[Candidate, list[int]]] = []
        for taker in self._bases:
            mine = sum(1 << bit for bit, key in enumerate(keys) if key in taker.rows)
            if not mine or not taker.terms.depends_on_cost:
                continue
            worth = self._worth_of_masks(taker, keys, mine)
            shares = [_best_share(mask, mine, most, worth) for mask in masks]
            most = [most[mask ^ share] + worth[share] for mask, share in zip(masks, shares, strict=True)]
            taken_by.append((taker, shares))
        left = len(masks) - 1
        for taker, shares in reversed(taken_by):
            share = shares[left]
            self._given[taker.key] += _in_mask(keys, share)
            left ^= share

    def _worth_of_masks(self, taker: Candidate, keys: Sequence[str], mine: int) -> dict[int, int]:
        own = self._given[taker.key]
        return {mask: self._worth_yen(taker, [*own, *_in_mask(keys, mask)]) for mask in _submasks(mine)}

    def _chosen(self, base: Candidate, keys: Sequence[str]) -> Iterator[Chosen]:
        """A grant and what tops it up, as far as they bring anything."""
        granted = _granted(base, self._told, keys)
        if not granted.low_yen:
            return
        yield Chosen(base.key, tuple(keys), granted, granted.low_yen)
        earlier_yen = 0
        for top in self._tops.get(base.key, ()):
            shared = [key for key in keys if key in top.rows]
            # Of a range the upper end is taken off: the rows are never to be paid over.
            paid_yen = (_granted(base, self._told, shared).high_yen or 0) + earlier_yen
            granted = _granted(top, self._told, shared, base_grant_yen=paid_yen)
            if granted.low_yen:
                yield Chosen(top.key, tuple(shared), granted, granted.low_yen)
                earlier_yen += granted.high_yen or 0


def _best_share(mask: int, mine: int, most: Sequence[int], worth: Mapping[int, int]) -> int:
    """The part of some rows that a grant should take so that with those before it most comes out."""
    best, best_yen = 0, most[mask] + worth[0]
    for share in _submasks(mask & mine):
        total_yen = most[mask ^ share] + worth[share]
        if total_yen > best_yen:
            best, best_yen = share, total_yen
    return best


def _submasks(mask: int) -> Iterator[int]:
    """All subsets of a set of bits, the empty one last."""
    part = mask
    while part:
        yield part
        part = (part - 1) & mask
    yield 0


def _in_mask(keys: Sequence[str], mask: int) -> list[str]:
    return [key for bit, key in enumerate(keys) if mask >> bit & 1]


def _left_out(
    candidates: Sequence[Candidate],
    alone: Mapping[str, Grant],
    told: Mapping[str, CostRow],
    best: Sequence[Chosen],
    *,
    tried: Sequence[Candidate],
) -> Iterator[Left]:
    used = {one.key for one in best}
    conflicts = _conflicts(candidates)
    for one in candidates:
        if one.key in used:
            continue
        by = next((key.key for key in best if key.key in conflicts[one.key]), None)
        reason = _reason(one, alone[one.key], told, used, excluded_by=by)
        if reason is LeftOut.BETTER_ELSEWHERE and one not in tried:
            reason = LeftOut.NOT_TRIED
        yield Left(one.key, reason, by if reason is LeftOut.EXCLUDED else None)


def _reason(
    one: Candidate, alone: Grant, told: Mapping[str, CostRow], used: set[str], *, excluded_by: str | None
) -> LeftOut:
    if alone.low is None:
        return LeftOut.UNDETERMINED
    if one.terms.depends_on_cost and not one.rows & told.keys():
        return LeftOut.NO_COST
    if not alone.low_yen:
        return LeftOut.NOTHING
    if one.tops_up is not None and one.tops_up not in used:
        return LeftOut.NO_BASE
    return LeftOut.BETTER_ELSEWHERE if excluded_by is None else LeftOut.EXCLUDED
