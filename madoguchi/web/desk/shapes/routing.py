"""The routing rules as a person reads them, and why each fired or did not."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from madoguchi.consultations.queries.routing import Routed, Routing
from madoguchi.consultations.routing import Asked, Condition, Looked, held_against
from madoguchi.consultations.suggesting import Suggestion
from madoguchi.japan import industries
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import places


@dataclass(frozen=True)
class Words:
    """What codes are called."""

    topics: Mapping[str, str]
    groupings: Collection[Grouping]

    def of(self, looked: Looked, codes: Iterable[str]) -> str:
        """Codes of one kind as words."""
        return "・".join(self._of(looked, code) for code in codes)

    def _of(self, looked: Looked, code: str) -> str:
        match looked:
            case Looked.TOPICS:
                return self.topics.get(code, code)
            case Looked.AREAS:
                return places.name_of(code, self.groupings)
            case Looked.INDUSTRIES:
                return industries.get(code).name
            case Looked.EMPLOYEES:
                return gettext("%(count)s人") % {"count": code}
            case Looked.ANSWERS:
                return _answers().get(code, code)
            case Looked.LANGUAGES:
                return {"ja": gettext("日本語"), "en": gettext("英語")}.get(code, code)


def _answers() -> dict[str, str]:
    return {
        "business": gettext("会社・お店"),
        "founder": gettext("これから始める人"),
        "anonymous": gettext("名前を出さない人"),
    }


@dataclass(frozen=True)
class Line:
    """One condition; `holds` is None in the table, where nothing is tried."""

    text: str
    told: str
    holds: bool | None


@dataclass(frozen=True)
class Row:
    """One rule; `fires` is None where nothing is tried, `decides` marks the one that decided."""

    number: int
    lines: list[Line]
    desk: str
    desk_slug: str
    because: str
    is_usable: bool
    fires: bool | None = None
    decides: bool = False


@dataclass(frozen=True)
class Trial:
    """What became of a sentence: its topics, the desk, the reason, and every rule."""

    topics: list[tuple[str, str]]
    desk: str
    because: str
    rows: list[Row]


def rows(routing: Routing, words: Words) -> list[Row]:
    """The rules as a table."""
    return _rows(routing, words, Asked(), None)


def trial(
    routing: Routing,
    suggestions: Sequence[Suggestion],
    words: Words,
    *,
    area: str,
    industry: str,
    employees: int | None,
    on: date,
) -> Trial:
    """The rules held against a sentence: as if the business had confirmed the likeliest topic."""
    topics = tuple(suggestion.code for suggestion in suggestions[:1])
    asked = Asked(
        topics=topics,
        secret_topics=routing.secret_topics,
        area=area,
        industry=industry,
        employees=employees,
    )
    routed = routing.decide(asked, on=on)
    return Trial(
        topics=[
            (words.topics.get(each.code, each.code), "、".join(f"「{word}」" for word in each.found))
            for each in suggestions
        ],
        desk=routed.desk.name,
        because=routed.because,
        rows=_rows(routing, words, asked, routed),
    )


def _rows(routing: Routing, words: Words, asked: Asked, routed: Routed | None) -> list[Row]:
    found = []
    for rule in routing.setting.rules:
        held = held_against(rule, asked, routing.setting.groupings)
        found.append(
            Row(
                number=rule.number,
                lines=[_line(condition, words, is_tried=routed is not None) for condition in held.conditions],
                desk=routing.desks[rule.desk].name,
                desk_slug=rule.desk,
                because=rule.because,
                is_usable=rule.desk in routing.setting.usable,
                fires=held.fits if routed else None,
                decides=bool(routed and routed.decision.rule == rule),
            )
        )
    return found


def _line(condition: Condition, words: Words, *, is_tried: bool) -> Line:
    wanted = words.of(condition.looked, condition.wanted)
    labels = {
        Looked.TOPICS: gettext("内容：%(wanted)s"),
        Looked.AREAS: gettext("場所：%(wanted)s"),
        Looked.INDUSTRIES: gettext("業種：%(wanted)s"),
        Looked.EMPLOYEES: gettext("従業員：%(wanted)sまで"),
        Looked.ANSWERS: gettext("相談する人：%(wanted)s"),
        Looked.LANGUAGES: gettext("言葉：%(wanted)s"),
    }
    told = words.of(condition.looked, condition.told) or gettext("わかりません")
    return Line(
        labels[condition.looked] % {"wanted": wanted},
        told if is_tried else "",
        condition.holds if is_tried else None,
    )


def ladder(chasing: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, str]]:
    """The chasing ladder: after how many business days, who is told, what."""
    to = {
        "desk": gettext("引き継ぎを受けた窓口"),
        "manager": gettext("その機関の管理者"),
        "sender": gettext("引き継いだ人"),
        "business": gettext("事業者"),
    }
    return [(step["after_business_days"], to.get(step["to"], step["to"]), step["text"]) for step in chasing]


@dataclass(frozen=True)
class Away:
    """A desk that takes nothing for some days."""

    desk: str
    begins: date
    ends: date
    instead: str
    note: str


def absences(routing: Routing) -> list[Away]:
    """The absences of desks, by their first day."""
    named = routing.desks
    return sorted(
        (
            Away(named[row.desk].name, row.begins, row.ends, named[row.instead].name, row.note)
            for row in routing.setting.absences
            if row.desk in named and row.instead in named
        ),
        key=lambda away: (away.begins, away.desk),
    )
