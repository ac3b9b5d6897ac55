"""The first response of the flow chart: which of its parts are done, and by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from madoguchi.businesses import figures as lines
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.consultations.kinds import FirstStep, Visibility
from madoguchi.consultations.models import (
    Case,
    Consultation,
    FirstStepMark,
    Introduction,
    Involvement,
    Note,
    Situation,
)
from madoguchi.consultations.queries.policy import current_policy


@dataclass(frozen=True)
class Part:
    """One part: done by records, or marked as not needed with the reason, or open."""

    step: FirstStep
    is_done: bool
    mark: FirstStepMark | None


def progress(case: Case) -> list[Part]:
    """The four parts in their order; two queries."""
    here = {"case": OuterRef("pk")}
    told = Note.objects.filter(**here, visibility=Visibility.SHARED, organisation__isnull=False)
    introduced = Introduction.objects.filter(**here)
    referred = Involvement.objects.filter(**here, sent_by_organisation__isnull=False)
    row = (
        Case.objects.filter(pk=case.pk)
        .annotate(
            has_situation=Exists(Situation.objects.filter(**here)),
            has_desk=Exists(introduced.filter(desk__isnull=False)),
            has_referral=Exists(referred),
            has_programme=Exists(introduced.filter(edition__isnull=False)),
            has_note=Exists(told),
            has_talk=Exists(Consultation.objects.filter(**here)),
        )
        .values("has_situation", "has_desk", "has_referral", "has_programme", "has_note", "has_talk")
        .get()
    )
    done = {
        FirstStep.SITUATION: row["has_situation"],
        FirstStep.DESKS: row["has_desk"] or row["has_referral"],
        FirstStep.PROGRAMMES: row["has_programme"],
        FirstStep.ADVICE: row["has_note"] or row["has_talk"],
    }
    marks = {mark.step: mark for mark in case.first_step_marks.select_related("marked_by")}
    return [Part(step, done[step], marks.get(step)) for step in FirstStep]


def situations_of(case: Case) -> list[Situation]:
    """How the business stood, the newest sheet first."""
    rows = case.situations.select_related("organisation", "written_by")
    return list(rows.order_by("-written_at", "-pk"))


def situation_fields() -> list[dict[str, str]]:
    """The figures that the region's sheet asks for: key, label, unit, help."""
    policy = current_policy()
    fields = policy.situation_fields if policy else []
    return [{"unit": "", "help": "", **field} for field in fields]


def prefilled(business: Business, on: date) -> dict[str, int]:
    """What the yearly figures of a business say to the sheet; what they do not say is left out."""
    rows = list(business.figures.filter(ends_on__lte=on).order_by("-ends_on", "-pk")[:2])
    return figures_from(rows, employees=business.employees)


def figures_from(rows: Sequence[YearlyFigures], *, employees: int | None) -> dict[str, int]:
    """The sheet's figures from the newest accounting years, the newest first."""
    newest: Mapping[str, int] = rows[0].amounts if rows else {}
    before: Mapping[str, int] = rows[1].amounts if len(rows) > 1 else {}
    counted = rows[0].employees if rows and rows[0].employees is not None else employees
    told: dict[str, int | None] = {
        "sales": newest.get("sales_yen"),
        "sales_before": before.get("sales_yen"),
        "operating_profit": newest.get("operating_profit_yen"),
        "depreciation": lines.depreciation_yen(newest),
        "employees": counted,
        "labour_cost": newest.get("personnel_yen"),
        "receivables": _sum(newest, "accounts_receivable_yen", "notes_receivable_yen"),
        "inventory": newest.get("inventories_yen"),
        "payables": _sum(newest, "accounts_payable_yen", "notes_payable_yen"),
        "cash": newest.get("cash_yen"),
        "borrowings": _sum(newest, "short_borrowings_yen", "long_borrowings_yen"),
        "net_assets": newest.get("net_assets_yen"),
        "total_assets": newest.get("assets_yen"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _sum(amounts: Mapping[str, int], *keys: str) -> int | None:
    """Both parts together; with one of them missing the sum is not known."""
    return sum(amounts[key] for key in keys) if all(key in amounts for key in keys) else None


def introduced_of(case: Case) -> list[Introduction]:
    """What the business was told of, the newest first."""
    rows = case.introductions.select_related("desk", "edition__programme", "organisation", "introduced_by")
    return list(rows.order_by("-introduced_at", "-pk"))
