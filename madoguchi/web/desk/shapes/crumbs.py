"""The way to a staff page."""

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.consultations.models import Case
from madoguchi.web.desk.shapes import labels
from madoguchi.web.portal.shapes.crumbs import Step


def to_cases(*steps: tuple[str, str]) -> list[Step]:
    """The way: the trays, then each (address, label), the last without an address."""
    return [Step(reverse("desk:home"), gettext("案件")), *(Step(url, label) for url, label in steps)]


def to_case(case: Case, *steps: tuple[str, str]) -> list[Step]:
    """The way to a case, or to a page of it."""
    own = reverse("desk:case", args=[case.key]) if steps else ""
    return to_cases((own, labels.who(case)), *steps)
