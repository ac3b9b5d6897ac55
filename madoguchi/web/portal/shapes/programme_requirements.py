"""使える条件: what the rules of one edition ask, for everybody or beside a visitor's own answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from django.utils.translation import gettext

from madoguchi.catalogue.queries import Reception
from madoguchi.eligibility.rulebook import Entry, Match
from madoguchi.eligibility.rules.conditions import Condition, Group, Node, Not, Source, leaves
from madoguchi.eligibility.rules.evaluate import Standing, evaluate
from madoguchi.eligibility.rules.explain import explain
from madoguchi.eligibility.rules.leaves import Judgement, Unwritten
from madoguchi.eligibility.rules.status import Status, Verdict
from madoguchi.eligibility.rulesets import FrameKey
from madoguchi.institutions.models import SourceDocument
from madoguchi.web.portal.shapes import fit_reasons, fit_results
from madoguchi.web.portal.shapes.fit_profile import Profile
from madoguchi.web.portal.shapes.fit_reasons import Ask, Why, Words
from madoguchi.web.portal.shapes.sources import Citation, citations

_LOOKS = {Status.MET: "y", Status.UNMET: "n", Status.UNKNOWN: "q"}
# Of the ways to meet a requirement, those that matter once answers are told.
_TELLING = {
    Status.MET: {Status.MET},
    Status.JUDGEMENT: {Status.JUDGEMENT},
    Status.UNKNOWN: {Status.UNKNOWN, Status.JUDGEMENT},
}


@dataclass(frozen=True)
class Requirement:
    """One requirement with what it is made of; `look` is y, n, q, j or, without answers, empty.

    The source of a run stands at its end."""

    text: str
    look: str
    answer: str
    source: Citation | None = None
    law: str = ""
    how: str = ""
    inside: list["Requirement"] = field(default_factory=list)

    @property
    def parts(self) -> str:
        """What it is made of in one line, for paper; parts that only say the same again are left out."""
        said = [each for each in self.inside if each.text != self.text]
        return "／".join(f"{each.text}（{each.parts}）" if each.parts else each.text for each in said)


@dataclass(frozen=True)
class Course:
    """Frames that ask the same beyond what all of the edition ask; names may hold `|`."""

    names: list[str]
    own: list[Requirement]


@dataclass(frozen=True)
class Stand:
    """How one frame stands for the visitor; the name is empty where the edition has one frame only."""

    name: str
    verdict: str
    look: str
    near: list[str]
    near_url: str


@dataclass(frozen=True)
class Requirements:
    """All that the rules of an edition ask; `stands` and `asks` are empty without answers."""

    shared: list[Requirement]
    courses: list[Course]
    stands: list[Stand]
    asks: list[Ask]
    tools: list[Ask]


def requirements(
    entries: Sequence[Entry], profile: Profile, words: Words, *, reception: Reception, on: date
) -> Requirements | None:
    """What the rules of an edition's entries ask; None where no rule is registered."""
    if all(_is_unwritten(entry) for entry in entries):
        return None
    facts = profile.facts
    standings = [evaluate(entry.rule.node, facts, on=on) for entry in entries]
    matches = [
        Match(entry, explain(standing, facts, words.dictionary), reception, facts)
        for entry, standing in zip(entries, standings, strict=True)
    ]
    is_answered = bool(profile.answers)
    reader = _Reader(words.documents, is_answered)
    asked = {
        entry.frame: list(reader.listed(standing)) for entry, standing in zip(entries, standings, strict=True)
    }
    shared, courses = _apart(asked)
    shared = _named_once(shared)
    courses = [replace(course, own=_named_once(course.own)) for course in courses]
    whys = [
        fit_reasons.why(match, profile, words, then=f"programme:{match.entry.programme}") for match in matches
    ]
    tools = list(dict.fromkeys(tool for why in whys for tool in why.tools))
    if not is_answered:
        return Requirements(shared, courses, [], [], tools)
    asks = dict.fromkeys(ask for why in whys for ask in why.asks)
    stands = [_stand(match, why, len(matches)) for match, why in zip(matches, whys, strict=True)]
    return Requirements(shared, courses, stands, list(asks), tools)


def _is_unwritten(entry: Entry) -> bool:
    return any(isinstance(leaf, Unwritten) for leaf in leaves(entry.rule.node))


def _stand(match: Match, why: Why, count: int) -> Stand:
    name = frame_name(match.entry.frame) if count > 1 else ""
    verdict, look = fit_results.verdict_word(match.verdict), fit_results.ANCHORS[match.verdict]
    if match.verdict is not Verdict.INELIGIBLE:
        return Stand(name, verdict, look, [], "")
    return Stand(name, verdict, look, why.near, why.near_url)


def frame_name(frame: FrameKey) -> str:
    """The name and the variant of a frame; may hold `|`."""
    return "　".join(part for part in frame if part)


def _apart(asked: Mapping[FrameKey, list[Requirement]]) -> tuple[list[Requirement], list[Course]]:
    """What every frame asks, and the frames with what only some ask; frames that ask the same together."""
    lists = list(asked.values())
    shared = [each for each in lists[0] if all(each in other for other in lists)]
    courses: list[Course] = []
    for frame, each in asked.items():
        own = [requirement for requirement in each if requirement not in shared]
        same = next((course for course in courses if course.own == own), None)
        if same is None:
            courses.append(Course([frame_name(frame)], own))
        else:
            same.names.append(frame_name(frame))
    return shared, [] if len(courses) == 1 else courses


def _named_once(listed: Iterable[Requirement]) -> list[Requirement]:
    """Where several in a row are written at one place, the last of them names it, with the lines of all."""
    named: list[Requirement] = []
    for _, run in groupby(listed, key=_place):
        *before, last = run
        named += [replace(each, law="", source=None) for each in before]
        named.append(replace(last, source=_with_lines(last.source, [*before, last])))
    return named


def _place(requirement: Requirement) -> tuple[str, Citation | None]:
    source = requirement.source
    return requirement.law, replace(source, lines="") if source else None


def _with_lines(source: Citation | None, run: Iterable[Requirement]) -> Citation | None:
    if source is None:
        return None
    lines = dict.fromkeys(each.source.lines for each in run if each.source and each.source.lines)
    return replace(source, lines=", ".join(lines))


@dataclass(frozen=True)
class _Reader:
    """Reads standings into requirements; without answers only what people decide is marked."""

    documents: Mapping[str, SourceDocument]
    is_answered: bool

    def listed(self, standing: Standing) -> Iterator[Requirement]:
        """The requirements of a rule: an unnamed `all` falls apart, as in explain.requirements."""
        if _is_unnamed_all(standing):
            for inner in standing.inside:
                yield from self.listed(inner)
        else:
            yield self._requirement(standing, Source())

    def _requirement(self, standing: Standing, above: Source) -> Requirement:
        node = standing.node
        source = node.source if node.source != above else Source()
        look, answer = self._answer(standing)
        how, inside = "", list[Requirement]()
        if isinstance(node, Group):
            shown = list(self._telling(standing))
            if len(shown) == 1 and not node.because:
                return self._requirement(shown[0], above)
            # Over a single one that is left, 次のどれか says nothing.
            how = _how(node) if len(shown) > 1 else ""
            inside = _named_once(self._way(inner, node) for inner in shown)
        return Requirement(
            text=node.because,
            look=look,
            answer=answer,
            source=self._citation(source),
            law=f"{source.law} {source.clause}".strip(),
            how=how,
            inside=inside,
        )

    def _way(self, standing: Standing, group: Group) -> Requirement:
        """One way to meet a requirement; conditions that belong together share a line."""
        if not _is_unnamed_all(standing):
            return self._requirement(standing, group.source)
        rest = _facts_beside(standing.node, group)
        parts = [
            self._requirement(inner, group.source)
            for inner in _flat(standing)
            if not _says_otherwise(inner.node, rest)
        ]
        if len(parts) == 1 and not self.is_answered:
            return parts[0]
        nested = [part for part in parts if part.inside]
        look, answer = self._answer(standing)
        return Requirement(
            text="、".join(_worded(part, look) for part in parts if part.text),
            look=look,
            answer=answer,
            how=nested[0].how if len(nested) == 1 else "",
            inside=[inner for part in nested for inner in part.inside],
        )

    def _telling(self, standing: Standing) -> Iterable[Standing]:
        """What of a group is worth showing: of several ways, those that settle it or still may."""
        node = standing.node
        if self.is_answered and isinstance(node, Group) and not node.is_all and standing.status in _TELLING:
            wanted = _TELLING[standing.status]
            return [inner for inner in standing.inside if inner.status in wanted]
        return standing.inside

    def _answer(self, standing: Standing) -> tuple[str, str]:
        if standing.status is Status.JUDGEMENT:
            return "j", _who_decides(standing)
        if not self.is_answered:
            return "", ""
        words = {
            Status.MET: gettext("満たしています"),
            Status.UNMET: gettext("満たしていません"),
            Status.UNKNOWN: gettext("まだわかりません"),
        }
        return _LOOKS[standing.status], words[standing.status]

    def _citation(self, source: Source) -> Citation | None:
        if not source.file:
            return None
        row = {"file": source.file, "section": source.section, "lines": source.lines}
        return citations([row], self.documents)[0]


def _worded(part: Requirement, look: str) -> str:
    """The words of a part that shares a line; what people decide says so where the line does not."""
    return part.text if part.look != "j" or look == "j" else f"{part.text}（{part.answer}）"


def _is_unnamed_all(standing: Standing) -> bool:
    node = standing.node
    return isinstance(node, Group) and node.is_all and not node.because


def _flat(standing: Standing) -> Iterator[Standing]:
    for inner in standing.inside:
        if _is_unnamed_all(inner):
            yield from _flat(inner)
        else:
            yield inner


def _facts_beside(way: Node, group: Group) -> frozenset[str]:
    """What the other ways look at, where this one leaves to people what those do not settle; else nothing."""
    if group.n != 1 or not any(isinstance(leaf, Judgement) for leaf in leaves(way)):
        return frozenset()
    return frozenset(
        key for other in group.of if other is not way for leaf in leaves(other) for key in leaf.facts
    )


def _says_otherwise(node: Node, rest: frozenset[str]) -> bool:
    """Whether a part only says that no other way holds: A, or not A and people decide, is A or people."""
    if isinstance(node, Not):
        return {key for leaf in leaves(node) for key in leaf.facts} <= rest
    return isinstance(node, Group) and all(_says_otherwise(inner, rest) for inner in node.of)


def _how(group: Group) -> str:
    if group.is_all:
        return gettext("次のすべて")
    if group.n == 1:
        return gettext("次のどれか")
    return gettext("次のうち%(count)dつ以上") % {"count": group.n}


def _who_decides(standing: Standing) -> str:
    """人の判断：県, who settles what no answer can."""
    people = "、".join(dict.fromkeys(_deciders(standing)))
    return gettext("人の判断：%(people)s") % {"people": people} if people else gettext("人の判断")


def _deciders(standing: Standing) -> Iterator[str]:
    node = standing.node
    if isinstance(node, Condition) and isinstance(node.leaf, Judgement):
        yield node.leaf.by
    elif isinstance(node, Not):
        yield from _deciders(standing.inside[0])
    else:
        for inner in standing.inside:
            if inner.status is Status.JUDGEMENT:
                yield from _deciders(inner)
