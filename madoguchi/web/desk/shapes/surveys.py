"""What a business answered to a survey, in the words it chose from."""

from django.utils.translation import gettext

from madoguchi.consultations.kinds import Continued, Improved, Satisfaction
from madoguchi.consultations.models import SurveyAnswer


def answered(row: SurveyAnswer) -> list[tuple[str, str]]:
    """The chosen answers with what they were about; what was left out is left out here."""
    found: list[tuple[str, str]] = []
    if row.satisfaction is not None:
        found.append((gettext("窓口の対応"), str(Satisfaction(row.satisfaction).label)))
    if improved := row.answers.get("improved"):
        found.append((gettext("相談したこと"), str(Improved(improved).label)))
    if continued := row.answers.get("continued"):
        found.append((gettext("始めた取り組み"), str(Continued(continued).label)))
    return found
