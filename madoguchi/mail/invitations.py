"""An appointment as iCalendar (RFC 5545, RFC 5546), to be attached to a mail."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import icalendar


class Method(StrEnum):
    """What the recipient's calendar is asked to do."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Appointment:
    """Who meets when and where. `uid` stays the same for ever, `sequence` grows with every change."""

    uid: str
    sequence: int
    summary: str
    starts_at: datetime
    ends_at: datetime
    organiser: str
    attendee: str
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
    attendee = icalendar.vCalAddress(f"mailto:{appointment.attendee}")
    attendee.params["RSVP"] = icalendar.vText("FALSE" if method == Method.CANCEL else "TRUE")
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
