"""Reads that need several rooms."""

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.catalogue.models import Programme
from madoguchi.consultations.models import Case


def business_of(case: Case, hat: Hat) -> Business | None:
    """The record of a case's business where the hat may see it: it is on the organisation's books."""
    if case.business_id is None:
        return None
    return Business.objects.visible_to(hat).filter(pk=case.business_id).order_by("-pk").first()


def programme_of(case: Case) -> Programme | None:
    """The programme whose page somebody came from with their request; None where there was none."""
    slug = case.answers.get("programme")
    return Programme.objects.filter(slug=slug).first() if slug else None


def figures_of(business: Business) -> list[YearlyFigures]:
    """The yearly figures of a business, the newest first."""
    return list(business.figures.order_by("-ends_on", "-pk"))
