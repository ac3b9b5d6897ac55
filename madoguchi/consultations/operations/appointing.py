"""約束: the time at which an adviser meets a business, made, moved and cancelled."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.errors import AppointmentEndsFirst, AppointmentPast, NotAllowed, NotAMember
from madoguchi.consultations.kinds import PlaceKind
from madoguchi.consultations.models import Appointment, Case, Involvement
from madoguchi.consultations.operations import days, inviting
from madoguchi.consultations.operations.acting import require_work, say
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.rules import NOT_YOUR_ORGANISATION
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.keys import new_key


@dataclass(frozen=True)
class Arrangement:
    """What is agreed: who of the own organisation meets the business, when and where."""

    adviser: User
    starts_at: datetime
    ends_at: datetime
    place_kind: PlaceKind
    place: str = ""
    note: str = ""


def make(*, case: Case, told: Arrangement, hat: Hat, at: datetime, once: str | None = None) -> Appointment:
    """Make an appointment and tell both sides; the same `once` gives the one made before.

    Raises NotAllowed, NotAMember, AppointmentPast, DayTooFar, AppointmentEndsFirst.
    """
    involvement = require_work(case, hat)
    _check(case, told, hat=hat, at=at)
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                case=case,
                involvement=involvement,
                uid=f"{new_key()}@{settings.MAIL_DOMAIN}",
                made_at=at,
                once=once,
                **_columns(told),
            )
            say("appointment_made", case, hat=hat, at=at, appointment=appointment.pk)
            inviting.tell(appointment, at=at)
    except IntegrityError:
        made = Appointment.objects.filter(once=once, case=case).first() if once else None
        if made is None:
            raise
        return made
    return appointment


def move(*, appointment: Appointment, told: Arrangement, sequence: int, hat: Hat, at: datetime) -> None:
    """Change an appointment and tell both sides; an adviser who no longer comes is told, too.

    `sequence` is the one the person saw. Raises NotAllowed, NotAMember, AppointmentPast,
    DayTooFar, AppointmentEndsFirst, and Conflict when somebody changed or cancelled it meanwhile.
    """
    case, before = appointment.case, appointment.adviser
    _require_own(appointment, hat)
    _check(case, told, hat=hat, at=at)
    with transaction.atomic():
        _set(appointment, sequence, **_columns(told))
        say("appointment_moved", case, hat=hat, at=at, appointment=appointment.pk)
        inviting.tell(appointment, at=at)
        if before != told.adviser:
            inviting.tell_adviser(appointment, before, is_off=True, at=at)


def cancel(*, appointment: Appointment, sequence: int, hat: Hat, at: datetime) -> None:
    """Cancel an appointment, and tell both sides if it was still to come.

    Raises NotAllowed, and Conflict when somebody changed or cancelled it meanwhile.
    """
    _require_own(appointment, hat)
    with transaction.atomic():
        _set(appointment, sequence, cancelled_at=at)
        say("appointment_cancelled", appointment.case, hat=hat, at=at, appointment=appointment.pk)
        if appointment.ends_at > at:
            inviting.tell(appointment, at=at)


def pass_on(involvement: Involvement, *, came_from: User, to: User, hat: Hat, at: datetime) -> None:
    """Let a colleague meet the business in the place of whoever had the case, at the same time and place.

    In the transaction of the handover. Appointments of others of the organisation stay theirs.
    """
    ahead = Appointment.objects.filter(
        involvement=involvement, adviser=came_from, cancelled_at=None, starts_at__gt=at
    )
    rows = ahead.select_related("case__requester", "involvement__organisation", "adviser")
    for appointment in rows.order_by("starts_at", "pk"):
        _set(appointment, appointment.sequence, adviser=to)
        say("appointment_moved", appointment.case, hat=hat, at=at, appointment=appointment.pk)
        inviting.tell_passed_on(appointment, came_from, at=at)


def _set(appointment: Appointment, sequence: int, **columns: object) -> None:
    """Compare and set. Raises Conflict."""
    seen = Appointment.objects.filter(pk=appointment.pk, sequence=sequence, cancelled_at=None)
    if seen.update(sequence=F("sequence") + 1, **columns) != 1:
        raise Conflict
    appointment.refresh_from_db()


def _require_own(appointment: Appointment, hat: Hat) -> None:
    if require_work(appointment.case, hat) != appointment.involvement:
        raise NotAllowed(_(NOT_YOUR_ORGANISATION))


def _check(case: Case, told: Arrangement, *, hat: Hat, at: datetime) -> None:
    if told.ends_at <= told.starts_at:
        raise AppointmentEndsFirst
    if told.starts_at <= at:
        raise AppointmentPast
    days.require_ahead(timezone.localdate(told.starts_at), on=timezone.localdate(at))
    if told.adviser not in colleagues.who_can_meet(case, organisation_id=hat.organisation_id, at=hat.at):
        raise NotAMember


def _columns(told: Arrangement) -> dict[str, object]:
    return {
        "adviser": told.adviser,
        "starts_at": told.starts_at,
        "ends_at": told.ends_at,
        "place_kind": told.place_kind,
        "place": told.place.strip(),
        "note": told.note.strip(),
    }
