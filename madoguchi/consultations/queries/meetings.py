"""Meetings of an organisation; what they decided about a case is read by who may see the case."""

from collections.abc import Collection

from django.db.models import QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Case, Meeting, MeetingCase
from madoguchi.consultations.queries import trays


def meetings_of(hat: Hat) -> QuerySet[Meeting]:
    """The meetings of the hat's organisation, the newest first."""
    if not hat.may("cases.read"):
        return Meeting.objects.none()
    rows = Meeting.objects.filter(organisation=hat.organisation_id).select_related("written_by")
    return rows.order_by("-held_on", "-pk")


def decisions_of(meeting: Meeting, hat: Hat) -> list[MeetingCase]:
    """What a meeting decided about the cases that the hat may see."""
    rows = meeting.cases.filter(case__in=Case.objects.visible_to(hat))
    return list(rows.select_related("case__business", "case__main_topic").order_by("pk"))


def cases_by_number(numbers: Collection[str], hat: Hat) -> dict[str, Case]:
    """The cases of the organisation with these numbers that the hat may see."""
    rows = trays.seen_by(hat).filter(case__number__in=numbers).select_related("case__business")
    return {row.case.number: row.case for row in rows.order_by("pk")}
