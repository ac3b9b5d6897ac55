"""Appointments in words: on the page of a case, among what is to be done today, and as an address line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel, PlaceKind
from madoguchi.consultations.models import Appointment, Case
from madoguchi.web.desk.shapes import labels
from madoguchi.web.shared import wording

CHANNELS = {
    PlaceKind.DESK: Channel.DESK,
    PlaceKind.VISIT: Channel.VISIT,
    PlaceKind.TELEPHONE: Channel.TELEPHONE,
    PlaceKind.ONLINE: Channel.WEB,
}
_SECONDS = 60


@dataclass(frozen=True)
class Agreed:
    """One appointment of a case; without addresses it is another organisation's."""

    day: date
    hours: str
    how: str
    place: str
    who: str
    note: str
    change_url: str = ""
    cancel_url: str = ""


@dataclass(frozen=True)
class Passed:
    """One whose time has come, and the form that begins with it."""

    when: str
    url: str


@dataclass(frozen=True)
class Today:
    """One appointment of this day."""

    hours: str
    how: str
    place: str
    case: str
    url: str


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """14:00〜15:00, in Tokyo."""
    return f"{timezone.localtime(starts_at):%H:%M}〜{timezone.localtime(ends_at):%H:%M}"


def agreed(appointments: Iterable[Appointment], *, hat: Hat, can_work: bool) -> list[Agreed]:
    """What is agreed with the business; own ones can be changed."""
    return [_agreed(each, hat, can_work) for each in appointments]


def _agreed(appointment: Appointment, hat: Hat, can_work: bool) -> Agreed:
    involvement = appointment.involvement
    is_own = can_work and involvement.organisation_id == hat.organisation_id
    address = [appointment.case.key, appointment.pk]
    others = involvement.organisation_id != hat.organisation_id and involvement.organisation
    return Agreed(
        day=timezone.localdate(appointment.starts_at),
        hours=hours(appointment.starts_at, appointment.ends_at),
        how=str(PlaceKind(appointment.place_kind).label),
        place=appointment.place,
        who="　".join(
            part for part in (others.name if others else "", appointment.adviser.display_name) if part
        ),
        note=appointment.note,
        change_url=reverse("desk:appointment_change", args=address) if is_own else "",
        cancel_url=reverse("desk:appointment_cancel", args=address) if is_own else "",
    )


def passed(case: Case, appointments: Iterable[Appointment], *, on: date) -> list[Passed]:
    """Those of which nothing is recorded yet."""
    page = reverse("desk:case", args=[case.key])
    return [
        Passed(
            when=f"{wording.day(each.starts_at, today=on)} {hours(each.starts_at, each.ends_at)}",
            url=f"{page}?appointment={each.pk}#record",
        )
        for each in appointments
    ]


def beginning_of_record(appointment: Appointment) -> dict[str, object]:
    """What the form of a talk begins with, from its appointment."""
    starts_at = timezone.localtime(appointment.starts_at)
    return {
        "channel": CHANNELS[PlaceKind(appointment.place_kind)],
        "held_on": starts_at.date(),
        "held_at": starts_at.time(),
        "minutes": int((appointment.ends_at - appointment.starts_at).total_seconds()) // _SECONDS,
        "place": appointment.place[:100],
    }


def of_today(appointments: Iterable[Appointment]) -> list[Today]:
    """The day's appointments in order."""
    return [
        Today(
            hours=hours(each.starts_at, each.ends_at),
            how=str(PlaceKind(each.place_kind).label),
            place=each.place,
            case=f"{labels.who(each.case)}　{each.case.title}",
            url=reverse("desk:case", args=[each.case.key]),
        )
        for each in appointments
    ]


def overlap_words(others: Iterable[Appointment], *, on: date) -> str:
    """A warning that names the times alone; empty without any."""
    times = "、".join(
        f"{wording.day(each.starts_at, today=on)} {hours(each.starts_at, each.ends_at)}" for each in others
    )
    return gettext("担当の方に、重なる約束があります：%(times)s") % {"times": times} if times else ""
