"""An appointment as iCalendar (RFC 5545, RFC 5546), to be attached to a mail."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import icalendar


class Method(StrEnum):
    """What the recipient's calendar is asked to do; PUBLISH is a file to take along, sent to nobody."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Appointment:
    """Who meets when and where. `uid` stays the same for ever, `sequence` grows with every change.

    Without `attendee` it is a file to take along (RFC 5546, 3.2.1: PUBLISH names none).
    """

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    organiser: str
    attendee: str = ""
    place: str = ""
    description: str = ""


def invitation(appointment: Appointment, *, method: Method, at: datetime) -> bytes:
    """The calendar file that asks for an appointment, moves it (same uid, higher sequence) or cancels it."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Madoguchi//JA")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    entry = icalendar.Event()
    entry.add("uid", appointment.uid)
    entry.add("sequence", appointment.sequence)
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("dtstart", appointment.starts_at.astimezone(UTC))
    entry.add("dtend", appointment.ends_at.astimezone(UTC))
    entry.add("summary", appointment.summary)
    entry.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
    entry.add("organizer", f"mailto:{appointment.organiser}")
    if appointment.attendee:
        attendee = icalendar.vCalAddress(f"mailto:{appointment.attendee}")
        # Nobody reads what comes back to the site's address: whoever cannot come has to call.
        attendee.params["RSVP"] = icalendar.vText("FALSE")
        entry.add("attendee", attendee, encode=False)
    for name, value in (("location", appointment.place), ("description", appointment.description)):
        if value:
            entry.add(name, value)
    calendar.add_component(entry)
    content: bytes = calendar.to_ical()
    return content


def method_of(content: str) -> str:
    """What a calendar file asks for."""
    return str(icalendar.Calendar.from_ical(content)["method"])
