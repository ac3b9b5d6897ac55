"""An appointment gets into the recipient's calendar, and out of it again."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import icalendar
import pytest

from madoguchi.mail.invitations import Appointment, Method, invitation
from madoguchi.mail.messages import message_of
from tests.mail.letters import AT, sent

AN_APPOINTMENT = Appointment(
    uid="visit-1@example.jp",
    sequence=0,
    summary="相談（オンライン）、持ち物：決算書",
    starts_at=AT,
    ends_at=AT + timedelta(hours=1),
    organiser="window@example.jp",
    attendee="hanako@example.jp",
    place="みほん会館\n2階",
)


def the_entry(content):
    return next(iter(icalendar.Calendar.from_ical(content).walk("VEVENT")))


def test_an_invitation_names_who_meets_when_and_where():
    entry = the_entry(invitation(AN_APPOINTMENT, method=Method.REQUEST, at=AT))
    assert entry["summary"] == AN_APPOINTMENT.summary
    assert entry["location"] == AN_APPOINTMENT.place
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (AT, AT + timedelta(hours=1))
    assert (entry["organizer"], entry["attendee"]) == ("mailto:window@example.jp", "mailto:hanako@example.jp")
    assert "description" not in entry


def test_a_cancellation_names_the_same_appointment_with_a_later_sequence():
    cancelled = replace(AN_APPOINTMENT, sequence=1)
    entry = the_entry(invitation(cancelled, method=Method.CANCEL, at=AT))
    assert (entry["uid"], entry["sequence"], entry["status"]) == (AN_APPOINTMENT.uid, 1, "CANCELLED")


@pytest.mark.django_db
@pytest.mark.parametrize("method", Method)
def test_the_mail_says_what_the_calendar_says(method):
    mail = sent(invitation=invitation(AN_APPOINTMENT, method=method, at=AT))
    message = message_from_bytes(message_of(mail).message().as_bytes(), policy=policy.default)
    part = next(message.iter_attachments())
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", method)
    assert part.get_filename() == "invite.ics"
    assert icalendar.Calendar.from_ical(part.get_content())["method"] == method
