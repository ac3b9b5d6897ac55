"""もし費用がこれだけなら: what each frame of an edition would give, its path, and how that goes on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.http import QueryDict
from django.utils.translation import gettext

from madoguchi.eligibility.amounts import wording as amounts
from madoguchi.eligibility.amounts.grant import Code, Cost, Grant, Path, Terms, grant
from madoguchi.eligibility.combining import are_parts
from madoguchi.eligibility.grants import GrantTerms, rows_told
from madoguchi.eligibility.rulebook import Entry
from madoguchi.eligibility.rules.values import Facts
from madoguchi.japan import rates, yen
from madoguchi.web.portal.shapes import fit_typed, whatif_kinds
from madoguchi.web.portal.shapes.grant_chart import Chart, chart
from madoguchi.web.portal.shapes.whatif_kinds import MOST_YEN, KindField, Mix
from madoguchi.web.shared import wording

_MAN = 10_000
# What the scale reaches where no cap says how far it should.
_USUAL_YEN = {False: 10_000_000, True: 200_000}
# So many charts stand open; more are folded.
OPEN_CHARTS = 2


@dataclass(frozen=True)
class Sum:
    """計算の道筋 of one end of a grant; `name` is empty where there is one only."""

    name: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What frames with the same terms give; names may hold `|`, `base` is the grant that is topped up."""

    names: list[str]
    cost: str
    money: str
    own_share: str
    base: str
    sums: list[Sum]
    note: str
    rows: list[tuple[str, str, str]]
    chart: Chart | None
    is_mix: bool
    """Whether chart and table keep the shares of the classes as they were typed."""


@dataclass(frozen=True)
class WhatIf:
    """The form with its amounts in 万円, and what comes out; without outcomes the cost cannot be read."""

    basis: str
    typed: str
    error: str
    slide: int
    most: int
    most_text: str
    step: int
    cost: str
    outcomes: list[Outcome]
    fields: list[KindField] = field(default_factory=list)
    """A field a kind of cost in place of the one for the whole, where grants tell kinds apart."""
    together: list[tuple[str, str, str]] = field(default_factory=list)
    """Frames of several parts with what these come to, and the own share."""

    @property
    def has_many(self) -> bool:
        """Whether the charts are folded."""
        return len(self.outcomes) > OPEN_CHARTS


def what_if(entries: Sequence[Entry], query: QueryDict, facts: Facts) -> WhatIf | None:
    """The amounts for the cost that is asked for, was told, or serves as an example.

    None where no grant of the entries depends on a cost."""
    terms = [entry.terms for entry in entries if entry.terms]
    if kinds := whatif_kinds.kinds_of(terms):
        return _by_kind(entries, terms, kinds, query, facts)
    counted = _counted(entries)
    named = _named(counted)
    if not any(terms.depends_on_cost for terms in named):
        return None
    scale = _Scale.of(named)
    typed = _typed(query)
    error = ""
    told_yen = _told(counted, facts)
    cost_yen = scale.example_yen if told_yen is None else told_yen
    if typed:
        try:
            cost_yen = _cost(typed)
        except ValueError as wrong:
            error = str(wrong)
    longest = max(scale.most_yen, cost_yen)
    return WhatIf(
        basis=_basis(counted),
        typed=typed if error else fit_typed.as_typed_money(cost_yen),
        error=error,
        slide=scale.nearest_yen(cost_yen) // _MAN,
        most=scale.most_yen // _MAN,
        most_text=wording.in_man(scale.most_yen),
        step=scale.step_yen // _MAN,
        cost=wording.in_man(cost_yen),
        outcomes=[]
        if error
        else [_outcome(_Spent(terms, cost_yen), names, longest) for terms, names in named.items()],
    )


def _told(counted: Sequence[Entry], facts: Facts) -> int | None:
    """What was told of the cost that these grants are a share of."""
    rows = [
        row for row in rows_told(facts) if any(entry.terms and entry.terms.takes(row) for entry in counted)
    ]
    known_yen = sum(row.yen or 0 for row in rows)
    is_known = bool(rows) and all(row.yen is not None for row in rows)
    return known_yen if is_known and known_yen <= MOST_YEN else None


def _by_kind(
    entries: Sequence[Entry],
    terms: Sequence[GrantTerms],
    kinds: Sequence[str],
    query: QueryDict,
    facts: Facts,
) -> WhatIf:
    """The form with a field for each kind of cost, and what each frame gives for the kinds that it takes."""
    shown = whatif_kinds.fields(kinds, query, whatif_kinds.start(kinds, terms, rows_told(facts)))
    is_wrong = any(each.error for each in shown)
    rows = [] if is_wrong else whatif_kinds.rows(shown)
    outcomes = []
    parts: dict[str, list[tuple[Entry, Grant]]] = {}
    for entry in entries:
        if entry.terms is not None and (entry.terms.terms.depends_on_cost or entry.terms.terms.amount_yen):
            mine = Mix(tuple(entry.terms.costs_of(rows) or ()))
            scale = _Scale.of([entry.terms.terms])
            spent = _Spent(entry.terms.terms, mine.total_yen, mine if entry.terms.terms.classes else None)
            name = "　".join(part for part in entry.frame if part)
            outcomes.append(_outcome(spent, [name], max(scale.most_yen, spent.cost_yen * 3 // 2)))
            parts.setdefault(entry.frame[0], []).append((entry, spent.granted(spent.cost_yen)[0]))
    return WhatIf(
        basis="", typed="", error="", slide=0, most=0, most_text="", step=1,
        cost=wording.in_man(sum(row.yen or 0 for row in rows)),
        outcomes=[] if is_wrong else outcomes,
        fields=shown,
        together=[] if is_wrong else _together(parts),
    )  # fmt: skip


def _together(parts: Mapping[str, Sequence[tuple[Entry, Grant]]]) -> list[tuple[str, str, str]]:
    """What the parts of each frame come to, as far as all of them are known to the yen."""
    found = []
    for name, several in parts.items():
        entries = [entry for entry, _ in several]
        grants = [granted for _, granted in several]
        are_known = all(granted.is_determined for granted in grants)
        if len(several) > 1 and are_known and all(are_parts(entries[0], each) for each in entries[1:]):
            total, own = (
                sum(getattr(granted, end) or 0 for granted in grants)
                for end in ("grant_yen", "own_share_yen")
            )
            found.append((name, wording.in_man(total), wording.in_man(own)))
    return found


def _typed(query: QueryDict) -> str:
    """The field, or the slider when that alone was moved since the page was made."""
    typed, slide, was = query.get("cost", ""), query.get("slide", ""), query.get("was", "")
    at = query.get("at", "")
    return slide if slide and slide != at and typed == was else typed


def _cost(typed: str) -> int:
    cost_yen = fit_typed.money(typed)
    if cost_yen > MOST_YEN:
        most = wording.in_man(MOST_YEN)
        raise ValueError(gettext("%(most)sまでの額を書いてください。") % {"most": most})
    return cost_yen


def _counted(entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose grant can be worked out from a cost alone."""
    found = []
    for entry in entries:
        terms = entry.terms.terms if entry.terms else Terms()
        if terms.amount_yen is not None or terms.depends_on_cost:
            found.append(entry)
    return found


def _named(entries: Sequence[Entry]) -> dict[Terms, list[str]]:
    """Different terms, each with the frames that have them."""
    named: dict[Terms, list[str]] = {}
    for entry in entries:
        if entry.terms is not None:
            named.setdefault(entry.terms.terms, []).append("　".join(part for part in entry.frame if part))
    return named


def _basis(entries: Sequence[Entry]) -> str:
    """取り組みにかかる費用, or of what else the rate is."""
    others = {entry.terms.of for entry in entries if entry.terms}
    if _is_of_the_project(entries):
        return gettext("取り組みにかかる費用")
    if len(others) == 1 and "" not in others:
        return gettext("%(cost)sの額") % {"cost": others.pop()}
    return gettext("専門家の派遣などにかかる費用")


def _is_of_the_project(entries: Sequence[Entry]) -> bool:
    """Whether the cost is that of the project, which the visitor may have told."""
    return any(entry.terms and not entry.terms.of and not _is_service(entry.terms.terms) for entry in entries)


def _is_service(terms: Terms) -> bool:
    return terms.rate is None and terms.own_share is not None


@dataclass(frozen=True)
class _Scale:
    """How far the slider goes, in what steps, and where it starts."""

    most_yen: int
    step_yen: int
    example_yen: int

    @classmethod
    def of(cls, named: Iterable[Terms]) -> "_Scale":
        """Half as far again as the cost at which the last cap is reached; the example lies half before."""
        reached = [knee for terms in named for knee in knees(terms)]
        if reached:
            reach, example = max(reached) * 3 // 2, min(reached) // 2
        else:
            reach = _USUAL_YEN[all(_is_service(terms) for terms in named)]
            example = reach // 2
        step = max(_round_up(reach // 100), _MAN)
        most = -(-reach // (step * 10)) * step * 10
        return cls(most, step, max(step, example - example % step))

    def nearest_yen(self, cost_yen: int) -> int:
        """The step of the slider below a cost: between steps a browser would move it, as if somebody had."""
        return min(cost_yen - cost_yen % self.step_yen, self.most_yen)


def knees(terms: Terms) -> list[int]:
    """The costs from which on the caps of both ends are reached."""
    ends = (terms.low_end, terms.high_end)
    return sorted(
        {
            -(-end.limit_yen * end.share.denominator // end.share.numerator)
            for end in ends
            if end.limit_yen is not None and end.share
        }
    )


def _round_up(amount_yen: int) -> int:
    """The next 1, 2 or 5 with zeros."""
    size = 1
    while size * 10 < amount_yen:
        size *= 10
    return next(each * size for each in (1, 2, 5, 10) if each * size >= amount_yen)


@dataclass(frozen=True)
class _Spent:
    """Terms with the cost that is looked at; `mix` is how it falls into classes, None where it does not."""

    terms: Terms
    cost_yen: int
    mix: Mix | None = None

    def costs_at(self, cost_yen: int) -> Sequence[Cost] | int:
        """How a whole cost falls into classes."""
        return cost_yen if self.mix is None else self.mix.at(cost_yen)

    @property
    def knees(self) -> list[int]:
        """The costs from which on a cap is reached."""
        return knees(self.terms) if self.mix is None else self.mix.knees(self.terms)

    def granted(self, cost_yen: int) -> tuple[Grant, int]:
        """The grant, and what the grant pays that it tops up."""
        base_yen = 0 if self.terms.on_top_of is None else _times(cost_yen, self.terms.on_top_of)
        return grant(self.terms, self.costs_at(cost_yen), base_grant_yen=base_yen or None), base_yen


def _outcome(spent: _Spent, names: list[str], longest_yen: int) -> Outcome:
    terms = spent.terms
    granted, base_yen = spent.granted(spent.cost_yen)
    bends = spent.knees
    points = sorted({longest_yen * part // 4 // _MAN * _MAN for part in (1, 2, 3, 4)} | set(bends))
    # Of no cost by class there is no mix to go on with.
    is_drawn = terms.depends_on_cost and (spent.mix is None or spent.cost_yen > 0)
    return Outcome(
        names=[name for name in names if name],
        cost=wording.in_man(spent.cost_yen),
        money=_span(granted.low_yen, granted.high_yen),
        own_share=_own_share(granted),
        base=_base(terms, base_yen),
        sums=_sums(granted),
        note=_note(spent, granted),
        rows=[_row(spent, point) for point in points if point] if is_drawn else [],
        chart=chart(terms, spent.cost_yen, longest_yen, bends, spent.costs_at) if is_drawn else None,
        is_mix=spent.mix is not None,
    )


def _times(amount_yen: int, share: Fraction) -> int:
    return amount_yen * share.numerator // share.denominator


def _row(spent: _Spent, cost_yen: int) -> tuple[str, str, str]:
    granted, _ = spent.granted(cost_yen)
    return wording.in_man(cost_yen), _span(granted.low_yen, granted.high_yen), _own_share(granted)


def _span(low_yen: int | None, high_yen: int | None) -> str:
    if low_yen is None or high_yen is None:
        return ""
    if low_yen == high_yen:
        return wording.in_man(high_yen)
    return f"{wording.in_man(low_yen)}〜{wording.in_man(high_yen)}"


def _own_share(granted: Grant) -> str:
    if granted.low is None or granted.high is None:
        return ""
    # Where less is granted, more is one's own.
    return _span(granted.high.own_share_yen, granted.low.own_share_yen)


def _base(terms: Terms, base_yen: int) -> str:
    if terms.on_top_of is None:
        return ""
    parts = {"rate": rates.as_slash(terms.on_top_of), "money": wording.in_man(base_yen)}
    return gettext("もとの補助（費用の%(rate)s）　%(money)s") % parts


def _sums(granted: Grant) -> list[Sum]:
    if granted.low is None or granted.high is None:
        return []
    if granted.is_determined:
        return [Sum("", _lines(granted.high))]
    return [
        Sum(gettext("いちばん少ないとき"), _lines(granted.low)),
        Sum(gettext("いちばん多いとき"), _lines(granted.high)),
    ]


def _lines(path: Path) -> list[tuple[str, str]]:
    """What each line does and the yen it leaves; the own share stands beside the grant."""
    return [
        (amounts.say(line, gettext), yen.format_yen(line.yen))
        for line in path.lines
        if line.code is not Code.OWN_SHARE
    ]


def _note(spent: _Spent, granted: Grant) -> str:
    """Whether the cap is reached, and from which cost on it will be."""
    reached_at = [] if spent.mix else spent.knees
    if not reached_at or granted.high is None:
        return ""
    reached = reached_at[-1]
    parts = {"knee": wording.in_man(reached)}
    if spent.cost_yen > reached:
        return gettext("上限に届いています。%(knee)sをこえた費用は、自己負担がふえるだけです。") % parts
    if spent.cost_yen == reached:
        return gettext("ちょうど上限に届いています。")
    return gettext("費用が%(knee)sのとき、上限に届きます。") % parts
