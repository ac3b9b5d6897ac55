"""What a business answers about how it was helped; by a link, once, changeable until that ends."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.consultations.errors import LinkEnded
from madoguchi.consultations.kinds import LinkPurpose
from madoguchi.consultations.models import FollowUp, Link, SurveyAnswer
from madoguchi.consultations.secrets import hash_of
from madoguchi.foundation import audit


@dataclass(frozen=True)
class Answers:
    """1 (不満) to 5 (満足), and three answers."""

    satisfaction: int | None
    improved: str = ""
    continued: str = ""
    next_trouble: str = ""


def open_survey(*, secret: str, at: datetime) -> Link:
    """The link of a survey. Raises LinkEnded, the same for one that is over and for one that never was."""
    found = Link.objects.filter(secret_hash=hash_of(secret), purpose=LinkPurpose.SURVEY, expires_at__gt=at)
    link = found.filter(case__erased_at=None).select_related("case", "follow_up").order_by("-pk").first()
    if link is None:
        raise LinkEnded
    return link


def answer_survey(*, secret: str, answers: Answers, at: datetime) -> SurveyAnswer:
    """Keep what a business answers; a second answer takes the place of the first. Raises LinkEnded."""
    with transaction.atomic():
        link = open_survey(secret=secret, at=at)
        row, _made = SurveyAnswer.objects.update_or_create(
            follow_up=link.follow_up,
            defaults={
                "case": link.case,
                "satisfaction": answers.satisfaction,
                "answers": {
                    "improved": answers.improved.strip(),
                    "continued": answers.continued.strip(),
                    "next_trouble": answers.next_trouble.strip(),
                },
                "answered_at": at,
            },
        )
        Link.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
        FollowUp.objects.filter(links=link, done_at=None).update(done_at=at)
        audit.record(
            "consultations.survey_answered",
            at=at,
            by=audit.ANONYMOUS,
            subject_type="consultations.case",
            subject_id=link.case_id,
            data={"follow_up": link.follow_up_id},
        )
    return row
