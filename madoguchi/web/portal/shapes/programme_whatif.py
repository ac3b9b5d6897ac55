"""もし費用がこれだけなら: what each frame of an edition would give, its path, and how that goes on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.http import QueryDict
from django.utils.translation import gettext

from madoguchi.eligibility.amounts import wording as amounts
from madoguchi.eligibility.amounts.grant import Code, Grant, Path, Terms, grant
from madoguchi.eligibility.rulebook import Entry
from madoguchi.japan import rates, yen
from madoguchi.web.portal.shapes import fit_typed
from madoguchi.web.portal.shapes.grant_chart import Chart, chart
from madoguchi.web.shared import wording

MOST_YEN = 1_000_000_000_000
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
    money: str
    own_share: str
    base: str
    sums: list[Sum]
    note: str
    rows: list[tuple[str, str, str]]
    chart: Chart | None


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

    @property
    def has_many(self) -> bool:
        """Whether the charts are folded."""
        return len(self.outcomes) > OPEN_CHARTS


def what_if(entries: Sequence[Entry], query: QueryDict, told_yen: int | None) -> WhatIf | None:
    """The amounts for the cost that is asked for, was told, or serves as an example.

    None where no grant of the entries depends on a cost."""
    counted = _counted(entries)
    named = _named(counted)
    if not any(terms.depends_on_cost for terms in named):
        return None
    scale = _Scale.of(named)
    typed = _typed(query)
    error = ""
    cost_yen = scale.example_yen
    if told_yen is not None and told_yen <= MOST_YEN and _is_of_the_project(counted):
        cost_yen = told_yen
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
        else [_outcome(terms, names, cost_yen, longest) for terms, names in named.items()],
    )


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
        if terms.amount_yen is not None or (terms.depends_on_cost and not terms.classes):
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


def _outcome(terms: Terms, names: list[str], cost_yen: int, longest_yen: int) -> Outcome:
    granted, base_yen = _granted(terms, cost_yen)
    points = sorted({longest_yen * part // 4 // _MAN * _MAN for part in (1, 2, 3, 4)} | set(knees(terms)))
    return Outcome(
        names=[name for name in names if name],
        money=_span(granted.low_yen, granted.high_yen),
        own_share=_own_share(granted),
        base=_base(terms, base_yen),
        sums=_sums(granted),
        note=_note(terms, granted, cost_yen),
        rows=[_row(terms, point) for point in points if point] if terms.depends_on_cost else [],
        chart=chart(terms, cost_yen, longest_yen, knees(terms)) if terms.depends_on_cost else None,
    )


def _granted(terms: Terms, cost_yen: int) -> tuple[Grant, int]:
    """The grant, and what the grant pays that it tops up."""
    base_yen = _times(cost_yen, terms.on_top_of) if terms.on_top_of is not None else 0
    return grant(terms, cost_yen, base_grant_yen=base_yen or None), base_yen


def _times(amount_yen: int, share: Fraction) -> int:
    return amount_yen * share.numerator // share.denominator


def _row(terms: Terms, cost_yen: int) -> tuple[str, str, str]:
    granted, _ = _granted(terms, cost_yen)
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


def _note(terms: Terms, granted: Grant, cost_yen: int) -> str:
    """Whether the cap is reached, and from which cost on it will be."""
    reached_at = knees(terms)
    if not reached_at or granted.high is None:
        return ""
    reached = reached_at[-1]
    parts = {"knee": wording.in_man(reached)}
    if cost_yen > reached:
        return gettext("上限に届いています。%(knee)sをこえた費用は、自己負担がふえるだけです。") % parts
    if cost_yen == reached:
        return gettext("ちょうど上限に届いています。")
    return gettext("費用が%(knee)sのとき、上限に届きます。") % parts
