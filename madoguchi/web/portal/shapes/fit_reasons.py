"""Why a programme fits or not, as its card says it: requirements with source, what is open, what is near."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.computed import PlanGrowth, SalesDrop
from madoguchi.eligibility.rules.conditions import Condition, Source, leaves
from madoguchi.eligibility.rules.explain import Reason
from madoguchi.eligibility.rules.facts import NUMBERS, Change, Dictionary
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status, Verdict
from madoguchi.institutions.models import SourceDocument
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import fit_profile
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.sources import citations

SHOWN = 4
_DETAILS = 3
_ASKED = 3


@dataclass(frozen=True)
class ReasonLine:
    """One requirement with its answer; `look` is y, n, q or j. The source of a run stands at its end."""

    look: str
    answer: str
    text: str
    source: str
    details: list[str]


@dataclass(frozen=True)
class Ask:
    """Something that would settle more: the question and the page that asks it."""

    text: str
    url: str


@dataclass(frozen=True)
class Why:
    """All that a card says of its verdict."""

    reasons: list[ReasonLine]
    more: list[ReasonLine]
    asks: list[Ask]
    near: list[str]
    near_url: str
    """The question about the first thing that would have to change; empty without any."""
    tools: list[Ask]


@dataclass(frozen=True)
class Words:
    """What is needed to name things."""

    dictionary: Dictionary
    documents: Mapping[str, SourceDocument]
    groupings: Sequence[Grouping]


_LOOKS = {Status.MET: "y", Status.UNMET: "n", Status.UNKNOWN: "q", Status.JUDGEMENT: "j"}
_ANSWERS = {
    Status.MET: gettext_noop("満たしています"),
    Status.UNMET: gettext_noop("満たしていません"),
    Status.UNKNOWN: gettext_noop("まだわかりません"),
    Status.JUDGEMENT: gettext_noop("人が判断します"),
}
# Which answers settle a verdict; they come first.
_FIRST = {
    Verdict.ELIGIBLE: (Status.MET,),
    Verdict.LIKELY: (Status.JUDGEMENT, Status.MET),
    Verdict.UNKNOWN: (Status.UNKNOWN, Status.MET, Status.JUDGEMENT),
    Verdict.INELIGIBLE: (Status.UNMET,),
}


def why(match: Match, profile: Profile, words: Words, *, then: str = "results") -> Why:
    """The reasons of a match, those that settle it first; `then` names where an answer leads back to."""
    order = _FIRST[match.verdict]
    ranked = sorted(
        match.explanation.reasons,
        key=lambda reason: order.index(reason.status) if reason.status in order else len(order),
    )
    title, near_by = match.entry.edition.name, near(match, profile, words)
    settling = [reason for reason in ranked if reason.status in order][:SHOWN]
    return Why(
        reasons=lines(settling, words, title=title),
        more=lines(ranked[len(settling) :], words, title=title),
        asks=asks(match, words, then=then) if match.verdict is Verdict.UNKNOWN else [],
        near=near_by,
        near_url=_near_url(match, then) if near_by else "",
        tools=[_tool(kind, then) for kind in _TOOLS if _has_leaf(match, kind)],
    )


def lines(reasons: Sequence[Reason], words: Words, *, title: str) -> list[ReasonLine]:
    """Requirements in order; where several in a row are written at one place, the last of them names it."""
    shown = [_line(reason, words, title) for reason in reasons]
    following = [line.source for line in shown[1:]]
    return [
        replace(line, source="") if line.source == after else line
        for line, after in zip(shown, [*following, ""], strict=False)
    ]


def _line(reason: Reason, words: Words, title: str) -> ReasonLine:
    """One requirement; what decides inside it is named where it is not plainly met."""
    details: list[str] = []
    if reason.status in (Status.UNMET, Status.UNKNOWN):
        inner = dict.fromkeys(each.because for each in reason.details if each.because != reason.because)
        details = list(inner)[:_DETAILS]
    return ReasonLine(
        _LOOKS[reason.status],
        gettext(_ANSWERS[reason.status]),
        reason.because,
        source_text(reason.source, words.documents, title=title),
        details,
    )


def source_text(source: Source, documents: Mapping[str, SourceDocument], *, title: str) -> str:
    """Where a requirement is written: the document's short title and section, or the clause of a law.

    A section that bears the name of the programme itself goes without saying."""
    if source.law:
        return f"{source.law} {source.clause}".strip()
    if not source.file:
        return ""
    row = {"file": source.file, "section": source.section, "lines": source.lines}
    citation = citations([row], documents)[0]
    section = "" if citation.section == title else citation.section
    return f"{citation.short} {section}".strip()


def asks(match: Match, words: Words, *, then: str = "results") -> list[Ask]:
    """What is still to be told; figures of a plan or of sales are asked for on a page of their own."""
    found: dict[str, Ask] = {}
    by_tool = _facts_of_tools(match)
    for key in match.ask:
        fact = words.dictionary.get(key)
        if key in by_tool:
            ask = _tool(by_tool[key], then)
            found.setdefault(ask.url, ask)
        elif fact is not None:
            url = fit_profile.question_url(key, then=then)
            found.setdefault(url, Ask(fact.question, url))
    return list(found.values())[:_ASKED]


def near(match: Match, profile: Profile, words: Words) -> list[str]:
    """What would have to change for an unmet programme to fit; nothing where people cannot change it."""
    miss = match.explanation.miss
    if miss is None or not miss.changes or not all(_is_changeable(each, words) for each in miss.changes):
        return []
    return [_near(each, profile, words) for each in miss.changes]


def _near_url(match: Match, then: str) -> str:
    miss = match.explanation.miss
    if miss is None or isinstance(miss.changes[0].leaf, PlanGrowth | SalesDrop):
        return ""
    return fit_profile.question_url(miss.changes[0].leaf.facts[0], then=then)


def _is_changeable(condition: Condition, words: Words) -> bool:
    facts = [words.dictionary.get(key) for key in condition.leaf.facts]
    return bool(facts) and all(fact is not None and fact.change <= Change.POSSIBLE for fact in facts)


def _near(condition: Condition, profile: Profile, words: Words) -> str:
    """The condition with what was told: 従業員が20人以下であること（いまは25人）."""
    key = condition.leaf.facts[0]
    fact = words.dictionary.get(key)
    is_number = fact is not None and key in profile.facts and fact.type in NUMBERS
    if fact is None or not is_number:
        return condition.because
    now = fit_profile.say(fact, profile.facts[key], words.groupings)
    return gettext("%(condition)s（いまは%(now)s）") % {"condition": condition.because, "now": now}


_TOOLS: dict[type[Leaf], tuple[str, str]] = {
    PlanGrowth: (gettext_noop("計画の数字で、のび率を確かめる"), "portal:fit_plan"),
    SalesDrop: (gettext_noop("月ごとの売上で、減り方を確かめる"), "portal:fit_sales_drop"),
}


def _tool(kind: type[Leaf], then: str) -> Ask:
    """A calculator; from the page of a programme it leads back there, from the results it does anyway."""
    text, name = _TOOLS[kind]
    return Ask(gettext(text), reverse(name) + (f"?then={then}" if ":" in then else ""))


def _has_leaf(match: Match, kind: type[Leaf]) -> bool:
    return any(isinstance(leaf, kind) for leaf in leaves(match.entry.rule.node))


def _facts_of_tools(match: Match) -> dict[str, type[Leaf]]:
    return facts_of_tools(leaves(match.entry.rule.node))


def facts_of_tools(of: Iterable[Leaf]) -> dict[str, type[Leaf]]:
    """The facts that a calculation asks for together, and which calculation."""
    return {key: type(leaf) for leaf in of if isinstance(leaf, PlanGrowth | SalesDrop) for key in leaf.facts}
