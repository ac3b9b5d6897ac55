"""Questions to experts in words: for those who asked, and for the expert."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from madoguchi.businesses.figures import LINES
from madoguchi.businesses.models import YearlyFigures
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Case, Dispatch, ExpertRequest
from madoguchi.consultations.states import OPEN_TO_EXPERT, ExpertRequestState
from madoguchi.foundation.words import gettext_noop
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.case_page import Fact
from madoguchi.web.shared import wording

# For each state its word and the look of its chip.
_STATES = {
    ExpertRequestState.ASKED: (gettext_noop("返事待ち"), "soon"),
    ExpertRequestState.ACCEPTED: (gettext_noop("引き受けた"), "open"),
    ExpertRequestState.REPORTED: (gettext_noop("報告ずみ"), "open"),
    ExpertRequestState.DECLINED: (gettext_noop("引き受けなかった"), "ask"),
    ExpertRequestState.ENDED: (gettext_noop("終わった"), "end"),
}


@dataclass(frozen=True)
class Asked:
    """One question as those at work on the case see it."""

    key: str
    name: str
    organisation: str
    state: str
    look: str
    asked: str
    question: str
    shows_figures: bool
    reason: str
    dispatches: tuple[str, ...]
    is_open: bool
    is_away: bool


@dataclass(frozen=True)
class Line:
    """One question in the list of an expert."""

    url: str
    who: str
    question: str
    state: str
    look: str
    asker: str


def asked(requests: Iterable[ExpertRequest], *, at: datetime, on: date) -> list[Asked]:
    """The questions of a case; `at` is the machine's time, at which people are members."""
    return [_asked(each, at=at, on=on) for each in requests]


def _asked(request: ExpertRequest, *, at: datetime, on: date) -> Asked:
    state, look = state_words(request)
    expert = request.expert
    by = {"day": wording.day(request.asked_at, today=on), "name": request.asked_by.display_name}
    is_open = request.state in OPEN_TO_EXPERT
    return Asked(
        key=request.key,
        name=expert.user.display_name,
        organisation=expert.organisation.name,
        state=state,
        look=look,
        asked=gettext("%(day)sに%(name)sさんが依頼") % by,
        question=request.question,
        shows_figures=request.shows_figures,
        reason=request.answer_note,
        dispatches=tuple(dispatch_words(each, on=on) for each in request.dispatches.all()),
        is_open=is_open,
        is_away=is_open and expert.ends_at is not None and expert.ends_at <= at,
    )


def state_words(request: ExpertRequest) -> tuple[str, str]:
    """How far the expert is, and the look of its chip."""
    word, look = _STATES[ExpertRequestState(request.state)]
    return gettext(word), look


def dispatch_words(dispatch: Dispatch, *, on: date) -> str:
    """When an expert came, how, and for how long."""
    minutes = ngettext("%(minutes)d分", "%(minutes)d分", dispatch.minutes) % {"minutes": dispatch.minutes}
    return f"{wording.day(dispatch.held_on, today=on)}　{Channel(dispatch.channel).label}　{minutes}"


def lines(requests: Iterable[ExpertRequest]) -> list[Line]:
    """What lies before an expert."""
    return [
        Line(
            reverse("desk:assigned_one", args=[each.key]),
            labels.who(each.case),
            each.question,
            *state_words(each),
            asker(each),
        )
        for each in requests
    ]


def asker(request: ExpertRequest) -> str:
    """Who asks."""
    return f"{request.asked_by_organisation.name}　{request.asked_by.display_name}"


def business_facts(case: Case) -> list[Fact]:
    """Who the business is: where, what and how many; nothing by which it could be reached."""
    business = case.business
    employees = business.employees if business else case.employees
    found = (
        Fact(gettext("所在地"), labels.area_name(business.area_code if business else case.area_code)),
        Fact(gettext("業種"), labels.industry_name(business.industry if business else case.industry)),
        Fact(
            gettext("従業員"),
            "" if employees is None else gettext("%(count)d人") % {"count": employees},
        ),
    )
    return [fact for fact in found if fact.value]


def figure_facts(figures: YearlyFigures | None) -> list[Fact]:
    """The newest yearly figures, line by line."""
    if figures is None:
        return []
    year = wording.fiscal_year(FiscalYear.of(figures.ends_on).start_year)
    return [
        Fact(gettext(line.label), wording.in_man(amount), year)
        for line in LINES
        if (amount := figures.amounts.get(line.key)) is not None
    ]
