"""What came of the closed cases, and what businesses said of it: approved totals, not broken down."""

from dataclasses import dataclass

from django.db.models import Avg, Count, Q, Sum, Value

from madoguchi.consultations.models import Closing, SurveyAnswer
from madoguchi.consultations.statistics.measures import led_by
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.suppression import THRESHOLD


@dataclass(frozen=True)
class Results:
    """Sums over the standing closings; whoever closed a case may leave each of them open."""

    sales_yen: int
    jobs: int
    raised_yen: int
    plans_approved: int


@dataclass(frozen=True)
class Satisfaction:
    """How many answered, and the mean of 1 (不満) to 5 (満足); None for fewer than five."""

    count: int
    mean: float | None


def results(scope: Scope) -> Results:
    """What the advisers noted when they closed the cases of the scope."""
    closings = Closing.objects.filter(
        led_by(scope),
        reopened_at=None,
        closed_at__gte=scope.begins_at,
        closed_at__lt=scope.ends_at,
    )
    sums = closings.aggregate(
        sales=Sum("sales_yen"),
        jobs=Sum("jobs"),
        raised=Sum("raised_yen"),
        # Not by number, which the index does not hold.
        plans=Count(Value(1), filter=Q(plan_approved=True)),
    )
    return Results(sums["sales"] or 0, sums["jobs"] or 0, sums["raised"] or 0, sums["plans"])


def satisfaction(scope: Scope) -> Satisfaction:
    """What businesses of the scope's cases answered in these days, at the closing and later."""
    answers = SurveyAnswer.objects.filter(
        led_by(scope),
        satisfaction__isnull=False,
        answered_at__gte=scope.begins_at,
        answered_at__lt=scope.ends_at,
    ).aggregate(count=Count("pk"), mean=Avg("satisfaction"))
    return Satisfaction(answers["count"], answers["mean"] if answers["count"] >= THRESHOLD else None)
