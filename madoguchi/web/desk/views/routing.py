"""振り分けの決まり: the rules as a table, and a sentence to try them with."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.consultations.queries import topics as topic_queries
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.queries.routing import routing_of
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Region
from madoguchi.japan import areas, industries
from madoguchi.web.desk.shapes import routing as shapes
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.shared.hats import worn_by

LONGEST = 2000
_MOST_DIGITS = 6


@dataclass(frozen=True)
class _Tried:
    text: str
    area: str
    industry: str
    employees: int | None

    @property
    def is_something(self) -> bool:
        return bool(self.text.strip() or self.area or self.industry or self.employees is not None)


@requires("cases.manage")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """Every rule with its conditions and its desk; tried with a sentence, why each fired or did not."""
    region, hat, today = institutions.region(), worn_by(request), clock.today()
    tried, topics = _tried(request, region), topic_queries.topics()
    words = shapes.Words(
        topics={topic.code: topic.label for topic in topics}, groupings=institutions.groupings(region)
    )
    routing = routing_of(region, on=today, at=hat.at) if region else None
    trial = None
    if routing and tried.is_something:
        suggested = topic_queries.suggested(tried.text, topics)
        trial = shapes.trial(
            routing,
            suggested,
            words,
            area=tried.area,
            industry=tried.industry,
            employees=tried.employees,
            on=today,
        )
    policy = current_policy()
    context = {
        "trail": to_cases(("", gettext("振り分けの決まり"))),
        "tried": tried,
        "trial": trial,
        "rows": trial.rows if trial else shapes.rows(routing, words) if routing else [],
        "ladder": shapes.ladder(policy.chasing if policy else []),
        "policy": policy,
        "absences": shapes.absences(routing) if routing else [],
        "areas": areas.municipalities(region.prefecture_code) if region else (),
        "industries": industries.divisions(),
        "longest": LONGEST,
    }
    return render(request, "desk/routing.html", context)


def _tried(request: HttpRequest, region: Region | None) -> _Tried:
    """What is tried; what is no area, industry or number is left out."""
    places = {each.code for each in areas.municipalities(region.prefecture_code)} if region else set()
    divisions = {each.code for each in industries.divisions()}
    area, industry = request.GET.get("area", ""), request.GET.get("industry", "")
    employees = request.GET.get("employees", "")
    is_number = employees.isascii() and employees.isdigit() and len(employees) <= _MOST_DIGITS
    return _Tried(
        text=request.GET.get("text", "")[:LONGEST],
        area=area if area in places else "",
        industry=industry if industry in divisions else "",
        employees=int(employees) if is_number else None,
    )
