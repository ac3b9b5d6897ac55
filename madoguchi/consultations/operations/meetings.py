"""ケース会議: an organisation's minutes about some of its cases, with what was decided about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import NotAllowed, TextMissing
from madoguchi.consultations.models import Case, Meeting, MeetingCase
from madoguchi.consultations.operations.acting import own_organisation, say
from madoguchi.consultations.queries import meetings as queries
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.keys import new_key


@dataclass(frozen=True)
class Minutes:
    """What is kept of a meeting: decisions by the cases, which the writer has to see."""

    held_on: date
    attendees: str
    minutes: str
    decisions: Mapping[Case, str] = field(default_factory=dict)


def keep_meeting(*, told: Minutes, hat: Hat, at: datetime) -> Meeting:
    """Keep new minutes. Raises TextMissing, NotAllowed (a case that the writer does not see)."""
    _require_text(told)
    _require_seen(told, hat)
    with transaction.atomic():
        meeting = Meeting.objects.create(
            key=new_key(),
            organisation=own_organisation(hat),
            held_on=told.held_on,
            attendees=told.attendees.strip(),
            minutes=told.minutes.strip(),
            written_by_id=hat.user_id,
            written_at=at,
        )
        _decide(meeting, told)
        _say("meeting_kept", meeting, told, hat=hat, at=at)
    return meeting


def change_meeting(*, meeting: Meeting, told: Minutes, version: int, hat: Hat, at: datetime) -> None:
    """Change minutes of the own organisation; decisions about cases that the writer does not see stay.

    Raises TextMissing, NotAllowed, Conflict.
    """
    _require_text(told)
    _require_seen(told, hat)
    if meeting.organisation_id != hat.organisation_id:
        raise NotAllowed
    with transaction.atomic():
        changed = Meeting.objects.filter(pk=meeting.pk, version=version).update(
            held_on=told.held_on,
            attendees=told.attendees.strip(),
            minutes=told.minutes.strip(),
            version=F("version") + 1,
        )
        if changed != 1:
            raise Conflict
        seen = Case.objects.visible_to(hat)
        meeting.cases.filter(case__in=seen).exclude(case__in=list(told.decisions)).delete()
        _decide(meeting, told)
        _say("meeting_changed", meeting, told, hat=hat, at=at)
    meeting.refresh_from_db()


def read_decisions(*, meeting: Meeting, hat: Hat, at: datetime) -> list[MeetingCase]:
    """What a meeting decided about the cases that the hat may see; each of them counts as read."""
    with transaction.atomic():
        decisions = queries.decisions_of(meeting, hat)
        for decision in decisions:
            say("case_read", decision.case, hat=hat, at=at, what="meeting")
    return decisions


def _require_text(told: Minutes) -> None:
    if not told.minutes.strip() and not any(text.strip() for text in told.decisions.values()):
        raise TextMissing


def _require_seen(told: Minutes, hat: Hat) -> None:
    wanted = {case.pk for case in told.decisions}
    if Case.objects.visible_to(hat).filter(pk__in=wanted).count() != len(wanted):
        raise NotAllowed


def _decide(meeting: Meeting, told: Minutes) -> None:
    for case, decision in told.decisions.items():
        MeetingCase.objects.update_or_create(
            meeting=meeting, case=case, defaults={"decision": decision.strip()}
        )


def _say(action: str, meeting: Meeting, told: Minutes, *, hat: Hat, at: datetime) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="consultations.meeting",
        subject_id=meeting.pk,
        organisation_id=hat.organisation_id,
        data={"cases": [case.pk for case in told.decisions]},
    )
