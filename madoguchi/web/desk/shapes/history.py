"""What a business came with before, in a few words for each case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.consultations.kinds import Outcome
from madoguchi.consultations.queries.history import PastCase
from madoguchi.web.desk.shapes import labels
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Line:
    """One case of the business."""

    url: str
    title: str
    state: str
    look: str
    is_secret: bool
    facts: tuple[str, ...]


def lines(cases: Iterable[PastCase], *, on: date) -> list[Line]:
    """The cases as they are listed."""
    return [_line(case, on) for case in cases]


def _line(case: PastCase, on: date) -> Line:
    state, look = labels.case_state(case.state)
    who = "　".join(part for part in (case.organisation, case.adviser) if part)
    talked = (
        gettext("最後に話した日 %(day)s") % {"day": wording.day(case.last_talk_on, today=on)}
        if case.last_talk_on
        else ""
    )
    facts = (
        case.number,
        gettext("%(day)sから") % {"day": wording.day(case.opened_at, today=on)},
        case.topic,
        who,
        talked,
        str(Outcome(case.outcome).label) if case.outcome else "",
    )
    return Line(
        url=reverse("desk:case", args=[case.key]),
        title=case.title,
        state=state,
        look=look,
        is_secret=case.is_secret,
        facts=tuple(fact for fact in facts if fact),
    )
