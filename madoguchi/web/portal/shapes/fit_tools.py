"""Two calculations over the figures of a business: the growth of its plan, and the fall of its sales."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.eligibility.amounts import sales_drop as drops
from madoguchi.eligibility.amounts import wording as amounts
from madoguchi.eligibility.amounts.innovation_plan import Figure, Growth, PlanYear, simulate
from madoguchi.eligibility.rulebook import Entry, Match, Rulebook
from madoguchi.eligibility.rules.computed import PlanGrowth, SalesDrop, plan_year
from madoguchi.eligibility.rules.conditions import leaves
from madoguchi.eligibility.rules.facts import Dictionary, Fact, FactType
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.values import Facts, Range
from madoguchi.web.portal.shapes import fit_profile, fit_question, fit_results, fit_typed
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.fit_question import Box
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.shared import wording

YEARS = (3, 4, 5, 6, 7, 8)
_WHEN = ("base", "target")


@dataclass(frozen=True)
class PartRow:
    """One figure of the plan in its first and its last year."""

    label: str
    help: str
    boxes: list[Box]


@dataclass(frozen=True)
class GapLine:
    """What one length of plan asks for; `gap` is empty while the target is not told."""

    years: str
    rate: str
    needed: str
    gap: str
    is_reached: bool
    is_chosen: bool


@dataclass(frozen=True)
class GrowthCard:
    """One figure of one programme: how it grows, against every length with a stated rate."""

    label: str
    status: str
    answer: str
    growth: str
    base: str
    target: str
    unclear: str
    gaps: list[GapLine]


@dataclass(frozen=True)
class DropCard:
    """A fall in sales as one programme asks for it."""

    asks: str
    status: str
    answer: str
    best: list[tuple[str, str]]
    missing: str
    contradictory: str


@dataclass(frozen=True)
class ToolPage:
    """One programme with what was worked out for it."""

    title: str
    url: str
    verdict: str
    look: str
    cards: Sequence[GrowthCard | DropCard]


def entries_with(book: Rulebook, kind: type[Leaf], *, on: date) -> list[tuple[Entry, list[Any]]]:
    """The entries in reach whose rule holds such a calculation, with each different one."""
    entries, _ = book.in_reach(on=on)
    found = []
    for entry in entries:
        inside = list(dict.fromkeys(leaf for leaf in leaves(entry.rule.node) if isinstance(leaf, kind)))
        if inside:
            found.append((entry, inside))
    return found


def _answers() -> dict[str, str]:
    return {
        "met": gettext("基準に届いています"),
        "unmet": gettext("基準に届いていません"),
        "unknown": gettext("要確認"),
    }


_LOOKS = {"met": "y", "unmet": "n", "unknown": "q"}


def _page(match: Match, cards: Sequence[GrowthCard | DropCard]) -> ToolPage:
    entry = match.entry
    frame = "　".join(part for part in entry.frame if part)
    return ToolPage(
        f"{title(entry.edition)}　{frame}" if frame else title(entry.edition),
        reverse("portal:programme", args=[entry.programme]),
        fit_results.verdict_word(match.verdict),
        fit_results.ANCHORS[match.verdict],
        cards,
    )


# ── The growth of a plan ────────────────────────────────────────────────────────────────────────────
def plan_facts(dictionary: Dictionary, inside: Iterable[Leaf]) -> list[Fact]:
    """The figures of the first and the last year that the calculations look at, in the dictionary's order."""
    wanted = {key for leaf in inside for key in leaf.facts}
    return [fact for key, fact in dictionary.facts.items() if key in wanted and key.split("_", 1)[0] in _WHEN]


def part_rows(facts: Sequence[Fact], typed: Mapping[str, str], wrong: Mapping[str, str]) -> list[PartRow]:
    """The fields of the plan, first and last year side by side."""
    by_key = {fact.key: fact for fact in facts}
    rows = []
    for base in facts:
        when, part = base.key.split("_", 1)
        target = by_key.get(f"target_{part}")
        if when == "base" and target is not None:
            boxes = [
                Box(
                    fact.key,
                    label,
                    typed.get(fact.key, ""),
                    fit_question.unit_of(fact),
                    wrong.get(fact.key, ""),
                )
                for fact, label in ((base, gettext("いま")), (target, gettext("最終年度")))
            ]
            rows.append(PartRow(_part_label(base), base.help, boxes))
    return rows


def _part_label(base: Fact) -> str:
    """The label without the year: 直近の営業利益 is 営業利益 here."""
    return base.label.removeprefix("直近の")


def typed_of(facts: Iterable[Fact], profile: Profile) -> dict[str, str]:
    """What was told of numbers, as one would type it."""
    return {
        fact.key: fit_typed.as_typed_money(told) if fact.type is FactType.YEN else f"{told:,}"
        for fact in facts
        if isinstance(told := profile.answers.get(fact.key), int)
    }


def read_numbers(
    facts: Iterable[Fact], sent: Mapping[str, str]
) -> tuple[dict[str, int | None], dict[str, str]]:
    """The numbers that were sent, None where a field is empty, and the sentence for each that is wrong."""
    told: dict[str, int | None] = {}
    wrong: dict[str, str] = {}
    for fact in facts:
        text = str(sent.get(fact.key, ""))
        try:
            told[fact.key] = cast("int", fit_typed.number(fact, text)) if text.strip() else None
        except ValueError as error:
            wrong[fact.key] = str(error)
    return told, wrong


def plan_pages(found: Iterable[tuple[Match, list[PlanGrowth]]], facts: Facts) -> list[ToolPage]:
    """Every programme with such a calculation and how each figure stands."""
    return [_page(match, [_growth_card(leaf, facts) for leaf in inside]) for match, inside in found]


def _growth_card(leaf: PlanGrowth, facts: Facts) -> GrowthCard:
    years, research = facts.get("plan_years"), facts.get("plan_has_research")
    chosen = years.low if isinstance(years, Range) and years.low == years.high else None
    base, target = plan_year(facts, "base"), plan_year(facts, "target")
    growth = simulate(
        leaf.figure,
        dict(leaf.by_years),
        years=chosen,
        has_research=research if isinstance(research, bool) else None,
        base=base,
        target=target,
    )
    return GrowthCard(
        label=_figures()[leaf.figure],
        status=_LOOKS[growth.status],
        answer=_answers()[growth.status],
        growth=_percent_down(growth.growth),
        base=_yen(growth.base),
        target=_yen(growth.target),
        unclear=gettext(amounts.UNCLEAR[growth.unclear]) if growth.unclear else "",
        gaps=_gap_lines(leaf, growth, base, chosen),
    )


def _figures() -> dict[Figure, str]:
    return {
        "value_added": gettext("付加価値額（営業利益＋人件費＋減価償却費）"),
        "value_added_per_head": gettext("1人当たりの付加価値額"),
        "payroll": gettext("給与支給総額"),
    }


def _gap_lines(leaf: PlanGrowth, growth: Growth, base: PlanYear, chosen: int | None) -> list[GapLine]:
    gaps = {gap.years: gap for gap in growth.gaps}
    lines = []
    for years, rate in leaf.by_years:
        gap = gaps.get(years)
        lines.append(
            GapLine(
                years=gettext("%(years)d年計画") % {"years": years},
                rate=gettext("%(rate)s以上") % {"rate": fit_profile.percent(rate)},
                needed=wording.in_man(gap.needed_yen) if gap else "",
                gap=wording.in_man(gap.gap_yen) if gap and gap.gap_yen else "",
                is_reached=gap is not None and gap.gap_yen == 0,
                is_chosen=years == chosen,
            )
        )
    return lines


def _yen(amount: Fraction | None) -> str:
    return "" if amount is None else wording.in_man(amount.numerator // amount.denominator)


def _percent_down(share: Fraction | None) -> str:
    """A rate cut to two decimals, so that one that is not reached never reads as reached."""
    if share is None:
        return ""
    hundredths = (share * 10_000).__floor__()
    sign, cut = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{cut // 100}.{cut % 100:02}%"


# ── The fall of sales ───────────────────────────────────────────────────────────────────────────────
def drop_pages(found: Iterable[tuple[Match, list[SalesDrop]]], facts: Facts) -> list[ToolPage]:
    """Every programme with such a calculation and how the sales stand."""
    return [_page(match, [_drop_card(leaf, facts) for leaf in inside]) for match, inside in found]


def _drop_card(leaf: SalesDrop, facts: Facts) -> DropCard:
    monthly = cast("Mapping[str, int]", facts.get("sales_monthly", {}))
    yearly = cast("Mapping[str, int]", facts.get("sales_yearly", {}))
    found = drops.sales_drop(leaf.requirement, monthly, {int(year): told for year, told in yearly.items()})
    return DropCard(
        asks=_asked(leaf.requirement),
        status=_LOOKS[found.status],
        answer=_answers()[found.status],
        best=_best(found.best) if found.best else [],
        missing=_missing(found),
        contradictory="、".join(_year(year) for year in found.contradictory_years),
    )


def _asked(wanted: drops.Requirement) -> str:
    against = "、".join(_year(year) for year in sorted(wanted.against))
    sentence = gettext(
        "%(year)sに続けて%(months)dか月の売上が、%(against)sのどれかの同じ月より%(rate)s以上減っていること"
    )
    return sentence % {
        "year": _year(wanted.year),
        "months": wanted.consecutive_months,
        "against": against,
        "rate": fit_profile.percent(wanted.at_least),
    }


def _best(best: drops.Comparison) -> list[tuple[str, str]]:
    months = "、".join(gettext("%(month)d月") % {"month": int(month[5:])} for month in best.months)
    rows = [
        (gettext("いちばん減った月"), f"{_year(int(best.months[0][:4]))} {months}"),
        (gettext("その月の売上"), wording.in_man(best.now_yen)),
        (gettext("%(year)sの同じ月") % {"year": _year(best.against)}, wording.in_man(best.then_yen)),
        (gettext("減った割合"), _percent_down(best.drop)),
    ]
    if best.gap_yen:
        rows.append((gettext("基準までの差"), wording.in_man(best.gap_yen)))
    if best.annual_gap_yen:
        label = gettext("%(year)sの年間売上の不足") % {"year": _year(best.against)}
        rows.append((label, wording.in_man(best.annual_gap_yen)))
    return rows


def _missing(found: drops.SalesDrop) -> str:
    years = dict.fromkeys(month[:4] for month in found.missing_months)
    said = [gettext("%(year)sの月ごとの売上") % {"year": _year(int(year))} for year in years]
    said += [gettext("%(year)sの年間の売上") % {"year": _year(year)} for year in found.missing_years]
    return "、".join(said)


def _year(year: int) -> str:
    return gettext("%(year)s年") % {"year": year}
