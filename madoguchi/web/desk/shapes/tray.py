"""The rows of a tray, and the trays at the side with how many lie in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from madoguchi.consultations.kinds import Urgency
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.queries import trays
from madoguchi.consultations.queries.trays import Tray, Waiting
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.words import gettext_noop
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.labels import Due
from madoguchi.web.shared import wording

_NOTHING = Waiting()


@dataclass(frozen=True)
class Row:
    """One case on a tray."""

    url: str
    key: str
    number: str
    topic: str
    business: str
    title: str
    next_step: str
    facts: tuple[str, ...]
    adviser: str
    due: Due | None
    arrived: str
    state: str
    is_new: bool
    is_waiting: bool
    is_secret: bool
    is_urgent: bool
    urgency: str


@dataclass(frozen=True)
class Entry:
    """One tray at the side."""

    url: str
    label: str
    count: int
    is_current: bool
    is_late: bool


def tray_url(tray: Tray) -> str:
    """The address of a tray; the first one is the page everybody begins with."""
    return reverse("desk:home") if tray is Tray.TODAY else reverse("desk:tray", args=[tray.value])


def side(counts: Mapping[Tray, int], current: Tray | None) -> list[Entry]:
    """The trays in their order; those that are mostly empty show only where something is."""
    return [
        Entry(
            url=tray_url(tray),
            label=str(tray.label),
            count=counts[tray],
            is_current=tray is current,
            is_late=tray is Tray.LATE and counts[tray] > 0,
        )
        for tray in Tray
        if tray not in (Tray.UNTAKEN, Tray.HELD) or counts[tray] or tray is current
    ]


def rows(involvements: Iterable[Involvement], *, on: date) -> list[Row]:
    """The rows of a page; three queries, however many there are."""
    listed = list(involvements)
    talks = trays.talks_of([row.case_id for row in listed])
    waiting = trays.waiting_of(listed)
    return [_row(row, talks.get(row.case_id, 0), waiting.get(row.case_id, _NOTHING), on) for row in listed]


def _row(involvement: Involvement, talks: int, waiting: Waiting, on: date) -> Row:
    case = involvement.case
    is_new = involvement.state == InvolvementState.SENT
    facts = (
        labels.area_name(case.area_code),
        labels.industry_name(case.industry),
        ngettext("相談%(talks)d回", "相談%(talks)d回", talks) % {"talks": talks}
        if talks
        else gettext("はじめて"),
    )
    return Row(
        url=reverse("desk:held_one" if case.state == CaseState.HELD else "desk:case", args=[case.key]),
        key=case.key,
        number=case.number,
        topic=case.main_topic.label if case.main_topic else gettext("相談"),
        business=labels.who(case),
        title=case.title,
        next_step=_next_step(involvement, waiting),
        facts=tuple(fact for fact in facts if fact),
        adviser=involvement.adviser.display_name if involvement.adviser else "",
        due=labels.due(involvement.next_due_on, on=on),
        arrived=wording.day(involvement.sent_at, today=on) if is_new else "",
        state=_state(involvement),
        is_new=is_new,
        is_waiting=not is_new and waiting != _NOTHING,
        is_secret=case.is_secret,
        is_urgent=case.urgency != Urgency.NORMAL,
        urgency=str(Urgency(case.urgency).label),
    )


def _state(involvement: Involvement) -> str:
    """The state of the case where that says more than how far the own organisation is."""
    if _rests(involvement):
        return labels.case_state(involvement.case.state)[0]
    return labels.involvement_state(involvement.state)


def _rests(involvement: Involvement) -> bool:
    """Whether the case is held or closed, and nobody's answer is still awaited from here."""
    is_asked = involvement.state == InvolvementState.SENT and not involvement.is_lead
    closed = involvement.case.state == CaseState.CLOSED and not is_asked
    return closed or involvement.case.state == CaseState.HELD


def _next_step(involvement: Involvement, waiting: Waiting) -> str:
    if settled := _settled(involvement):
        return settled
    if involvement.next_step:
        return involvement.next_step
    if waiting.organisations:
        return gettext("%(organisation)sの返事を待つ") % {"organisation": waiting.organisations[0]}
    if waiting.business_tasks:
        return gettext("事業者を待つ：%(task)s") % {"task": waiting.business_tasks[0]}
    return gettext("次にすることを決める")


def _settled(involvement: Involvement) -> str:
    """What follows from the state alone; empty for a case at work."""
    if _rests(involvement):
        return gettext(_BY_CASE[CaseState(involvement.case.state)])
    words = _BY_INVOLVEMENT.get(InvolvementState(involvement.state))
    return gettext(words) if words and not involvement.next_step else ""


_BY_CASE = {
    CaseState.HELD: gettext_noop("本当の相談か確かめる"),
    CaseState.CLOSED: gettext_noop("閉じています"),
}
_BY_INVOLVEMENT = {
    InvolvementState.SENT: gettext_noop("引き受けるかどうかを返事する"),
    InvolvementState.FINISHED: gettext_noop("対応を終えています"),
    InvolvementState.DECLINED: gettext_noop("引き受け先を決める"),
}
