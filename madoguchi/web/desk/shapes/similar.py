"""Past cases in a few words each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from madoguchi.consultations.kinds import Outcome
from madoguchi.consultations.queries.similar import Similar
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.timeline import what_came_of_it
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class PastCase:
    """A past case, and what came of it."""

    url: str
    topic: str
    title: str
    facts: tuple[str, ...]
    outcome: str
    summary: str
    came_of_it: tuple[tuple[str, str], ...]


def rows(found: Iterable[Similar]) -> list[PastCase]:
    """The cases as they are listed."""
    return [_row(each) for each in found]


def _row(found: Similar) -> PastCase:
    case, closing = found.case, found.closing
    year = wording.fiscal_year(FiscalYear.of(timezone.localdate(case.opened_at)).start_year)
    facts = (
        case.number,
        year,
        labels.area_name(case.area_code),
        labels.industry_name(case.industry),
    )
    return PastCase(
        url=reverse("desk:case", args=[case.key]),
        topic=case.main_topic.label if case.main_topic else "",
        title=f"{labels.who(case)}　{case.title}",
        facts=tuple(fact for fact in facts if fact),
        outcome=str(Outcome(closing.outcome).label) if closing else "",
        summary=closing.summary if closing else "",
        came_of_it=tuple(what_came_of_it(closing)) if closing else (),
    )
