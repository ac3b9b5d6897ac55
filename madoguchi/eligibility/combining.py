"""For the programmes that fit and a plan of costs: the best lawful combination, and why others are not in it.

What documents say of combining is little: a top-up rests on the grant whose adoption its rule asks for
(`adopted`), variants of a frame for kinds of cost of their own are its parts, and some grants exclude another
(`not_with`). Of all other pairs they say nothing. So `settled` holds one frame with its parts and top-ups,
which the documents provide for, and `if_allowed` what could be had if the desks agree to the rest: never
more than a question to bring along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility.amounts.combine import Candidate, Chosen, Combination, LeftOut, combine
from madoguchi.eligibility.amounts.grant import CostRow, Terms
from madoguchi.eligibility.grants import GrantTerms, rows_told
from madoguchi.eligibility.rulebook import Entry, Match
from madoguchi.eligibility.rules.conditions import Condition, asserted
from madoguchi.eligibility.rules.leaves import Truth
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.eligibility.rules.values import MOST_YEN, Facts

SIMILAR_AID = "receives_similar_aid"
"""The fact by which a document excludes receivers of similar aid without naming it."""


@dataclass(frozen=True)
class Part:
    """A grant that is used: the match it belongs to, or the name of a grant of others that is topped up."""

    match: Match | None
    name: str
    chosen: Chosen


@dataclass(frozen=True)
class Left:
    """A grant that is not used, why, and the name of the one in its way where there is one."""

    match: Match
    reason: LeftOut
    by: str = ""


@dataclass(frozen=True)
class Bundle:
    """Grants with their rows of costs, what they bring together, and what is left to pay."""

    parts: tuple[Part, ...]
    total_yen: int
    own_share_yen: int


@dataclass(frozen=True)
class Plan:
    """What the costs bring.

    `if_allowed` is None where the desks could add nothing; `similar_aid` are the conditions of grants in one
    of the bundles that exclude receivers of aid like them; `is_exact` is False where there were too many to
    try all; `open_count` programmes may still turn out to fit."""

    rows: tuple[CostRow, ...]
    cost_yen: int
    settled: Bundle
    if_allowed: Bundle | None
    left_out: tuple[Left, ...]
    similar_aid: tuple[tuple[Match, Condition], ...]
    untold_rows: tuple[str, ...]
    is_exact: bool
    open_count: int


@dataclass(frozen=True)
class _Field:
    """Everything that could be used, by the key of its candidate."""

    candidates: tuple[Candidate, ...]
    matches: Mapping[str, Match]
    names: Mapping[str, str]
    rows: tuple[CostRow, ...]

    def together(self, one: Candidate) -> list[Candidate]:
        """A grant with the other parts of its frame, and what tops them up."""
        parts = [other for other in self.candidates if other is one or self._is_part(other, one)]
        keys = {part.key for part in parts}
        return [*parts, *(top for top in self.candidates if top.tops_up in keys)]

    def _is_part(self, other: Candidate, one: Candidate) -> bool:
        matches = (self.matches.get(each.key) for each in (other, one))
        programmes = [match.entry.programme if match else "" for match in matches]
        return programmes[0] == programmes[1] != "" and other.key not in one.not_with


def plan(matches: Sequence[Match], facts: Facts, names: Mapping[str, str]) -> Plan | None:
    """The combination for the programmes that fit and take applications; None without any cost.

    `names` are those of all programmes, also of others that rules name."""
    rows = rows_told(facts)
    if not rows:
        return None
    fitting = [match for match in matches if _may_be_used(match)]
    field = _field(fitting, facts, names, rows)
    settled = _settled(field)
    loose = combine(_undominated(field.candidates, field.matches), rows)
    known_yen = sum(row.yen or 0 for row in rows)
    best = _bundle(settled, field, known_yen)
    allowed = _bundle(loose, field, known_yen) if loose.total_yen > settled.total_yen else None
    used = {part.chosen.key for bundle in (best, allowed) if bundle for part in bundle.parts}
    return Plan(
        rows=rows,
        cost_yen=known_yen,
        settled=best,
        if_allowed=allowed,
        left_out=tuple(_left_out(field, settled)),
        similar_aid=tuple(_similar(field, used)),
        untold_rows=settled.untold_rows,
        is_exact=loose.is_exact,
        open_count=len(
            {m.entry.programme for m in matches if m.verdict is Verdict.UNKNOWN and m.entry.terms}
        ),
    )


def _may_be_used(match: Match) -> bool:
    fits = match.verdict in (Verdict.ELIGIBLE, Verdict.LIKELY)
    return fits and match.entry.terms is not None and match.reception.status is not ReceptionStatus.CLOSED


# ── Candidates ──────────────────────────────────────────────────────────────────────────────────────
def _field(
    fitting: Sequence[Match], facts: Facts, names: Mapping[str, str], rows: tuple[CostRow, ...]
) -> _Field:
    by_key = {str(place): match for place, match in enumerate(fitting)}
    keys_of: dict[str, list[str]] = {}
    for key, match in by_key.items():
        keys_of.setdefault(match.entry.programme, []).append(key)
    candidates: list[Candidate] = []
    called: dict[str, str] = {}
    for key, match in by_key.items():
        terms = match.entry.terms
        if terms is None:
            continue
        base = _base(match)
        one = Candidate(
            key=key,
            terms=terms.terms,
            rows=_taken(terms, rows),
            not_with=_excluded(match, by_key, keys_of),
            pieces=terms.pieces(facts),
        )
        if not base:
            candidates.append(one)
            continue
        for base_key in keys_of.get(base, ()) or (_outside(base),):
            candidates.append(_on_top(one, base_key))
            if base_key == _outside(base) and base_key not in called:
                candidates.append(Candidate(key=base_key, terms=_terms_outside(one), rows=one.rows))
                called[base_key] = names.get(base, base)
    matched = {one.key: by_key[one.key.partition("+")[0]] for one in candidates if one.key not in called}
    called |= {key: _name(match) for key, match in matched.items()}
    return _Field(tuple(candidates), matched, called, rows)


def _taken(terms: GrantTerms, rows: tuple[CostRow, ...]) -> frozenset[str]:
    return frozenset(row.key for row in rows if terms.takes(row))


def _base(match: Match) -> str:
    """The programme that a top-up rests on: the one whose adoption its rule asks for."""
    terms = match.entry.terms
    if terms is None or terms.terms.on_top_of is None:
        return ""
    adopted = _programmes_named(match, "adopted", value=True)
    return adopted.pop() if len(adopted) == 1 else ""


def _on_top(one: Candidate, base_key: str) -> Candidate:
    return Candidate(
        key=f"{one.key}+{base_key}",
        terms=one.terms,
        rows=one.rows,
        not_with=one.not_with,
        tops_up=base_key,
    )


def _outside(slug: str) -> str:
    return f"outside:{slug}"


def _terms_outside(top: Candidate) -> Terms:
    """Of the grant that is topped up the document tells its rate alone."""
    return Terms(rate=top.terms.on_top_of)


def _excluded(
    match: Match, by_key: Mapping[str, Match], keys_of: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """The frames of what its rule excludes, and those frames of its own programme that are no parts of it."""
    slugs = _programmes_named(match, "receives", value=False)
    frames = (key for slug in slugs for key in keys_of.get(slug, ()))
    rivals = (key for key in keys_of[match.entry.programme] if not are_parts(match.entry, by_key[key].entry))
    return frozenset((*frames, *rivals, *map(_outside, slugs)))


def are_parts(one: Entry, other: Entry) -> bool:
    """Whether they are one frame's parts: variants for kinds of cost of their own (計画策定、伴走支援)."""
    if one.terms is None or other.terms is None or one.frame[0] != other.frame[0]:
        return False
    mine, theirs = one.terms.covers, other.terms.covers
    return bool(mine and theirs) and not set(mine) & set(theirs)


def _programmes_named(match: Match, family: str, *, value: bool) -> set[str]:
    """The programmes of which a rule asks that they have or have not adopted, or do or do not pay."""
    found = set()
    for condition in asserted(match.entry.rule.node):
        leaf = condition.leaf
        if isinstance(leaf, Truth) and leaf.value is value and leaf.fact.startswith(f"{family}:"):
            found.add(leaf.fact.partition(":")[2])
    return found


def _name(match: Match) -> str:
    frame = match.entry.rule.frame
    return f"{match.entry.edition.name}　{frame}" if frame else match.entry.edition.name


def _undominated(candidates: Sequence[Candidate], matches: Mapping[str, Match]) -> list[Candidate]:
    """Without frames that never bring more than another one of their programme: only one of them is used."""
    kept: list[Candidate] = []
    bases = {one.tops_up for one in candidates}
    for one in candidates:
        rivals = [
            other
            for other in candidates
            if other is not one
            and one.key in matches
            and other.key in matches
            and matches[other.key].entry.programme == matches[one.key].entry.programme
        ]
        if one.key in bases or not any(_beats(other, one, candidates) for other in rivals):
            kept.append(one)
    return kept


def _beats(one: Candidate, other: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether a frame brings at least as much for any rows, and more or stands first."""
    mine, theirs = (_plain(each) for each in (one, other))
    if mine is None or theirs is None or (one.rows, one.tops_up) != (other.rows, other.tops_up):
        return False
    if one.not_with | {one.key, other.key} != other.not_with | {one.key, other.key}:
        return False
    is_first = candidates.index(one) < candidates.index(other)
    is_never_less = mine.share >= theirs.share and mine.cap_yen >= theirs.cap_yen and mine.unit <= theirs.unit
    return is_never_less and (mine != theirs or is_first)


@dataclass(frozen=True)
class _Plain:
    share: Fraction
    cap_yen: int
    unit: int


def _plain(one: Candidate) -> _Plain | None:
    """Share, cap and what is cut off, of terms that say nothing else."""
    low = one.terms.low_end
    if low.share is None or low.classes or low.minimum_yen or low.on_top_of is not None:
        return None
    cap_yen = 10 * MOST_YEN if low.limit_yen is None else low.limit_yen
    return _Plain(low.share, cap_yen, low.round_to_yen)


# ── What comes out ──────────────────────────────────────────────────────────────────────────────────
def _settled(field: _Field) -> Combination:
    """The best that no document leaves open: a frame with its parts and top-ups; ties go to the first."""
    best = Combination((), 0, (), tuple(row.key for row in field.rows if row.yen is None), is_exact=True)
    for one in field.candidates:
        if one.tops_up is None:
            found = combine(field.together(one), field.rows)
            if found.total_yen > best.total_yen:
                best = found
    return best


def _bundle(found: Combination, field: _Field, known_yen: int) -> Bundle:
    parts = tuple(Part(field.matches.get(one.key), field.names[one.key], one) for one in found.chosen)
    of_costs = sum(one.counted_yen for one in found.chosen if one.rows)
    return Bundle(parts, found.total_yen, max(0, known_yen - of_costs))


def _left_out(field: _Field, settled: Combination) -> Iterator[Left]:
    """Each grant that fits and is not in the settled combination, once, with the reason."""
    used = {one.key for one in settled.chosen}
    said = {key.partition("+")[0] for key in used}
    for one in field.candidates:
        place = one.key.partition("+")[0]
        if one.key in field.matches and place not in said:
            said.add(place)
            yield _reason(one, field, used)


def _reason(one: Candidate, field: _Field, used: set[str]) -> Left:
    match = field.matches[one.key]
    base = next((other for other in field.candidates if other.key == one.tops_up), None)
    alone = combine([one] if base is None else [base, one], field.rows)
    if own := next((left for left in alone.left_out if left.key == one.key), None):
        return Left(match, own.reason)
    for key in used:
        other = field.matches.get(key)
        if other is not None and other.entry.programme == match.entry.programme:
            return Left(match, LeftOut.SAME_PROGRAMME, field.names[key])
    others = {other.key: other for other in field.candidates}
    for key in used:
        if key in one.not_with or one.key in others[key].not_with:
            return Left(match, LeftOut.EXCLUDED, field.names[key])
    return Left(match, LeftOut.UNSTATED)


def _similar(field: _Field, used: set[str]) -> Iterator[tuple[Match, Condition]]:
    """The conditions of used grants that exclude receivers of similar aid."""
    for key in used:
        match = field.matches.get(key)
        if match is not None:
            for condition in asserted(match.entry.rule.node):
                if condition.leaf == Truth(SIMILAR_AID, False):
                    yield match, condition
