"""Appointments: what is still to come in a case, whose time has passed, and what one adviser has."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Appointment, Case, Consultation
from madoguchi.consultations.models.plans import AppointmentQuerySet
from madoguchi.consultations.queries import trays

_MOST = 200
# So long an appointment that has passed asks for its record.
_ASKED_FOR = timedelta(days=31)


def ahead(case: Case, *, at: datetime) -> list[Appointment]:
    """What is agreed and not over, the nearest first."""
    rows = Appointment.objects.standing().filter(case=case, ends_at__gt=at)
    rows = rows.select_related("involvement__organisation", "adviser", "case")
    return list(rows.order_by("starts_at", "pk")[:_MOST])


def unrecorded(case: Case, hat: Hat, *, at: datetime) -> list[Appointment]:
    """The organisation's own ones that have begun, on days of which it has recorded no talk."""
    talks = Consultation.objects.filter(
        case=case, organisation=hat.organisation_id, held_on=OuterRef("starts_at__date")
    )
    rows = Appointment.objects.standing().filter(
        case=case,
        involvement__organisation=hat.organisation_id,
        starts_at__range=(at - _ASKED_FOR, at),
    )
    return list(rows.exclude(Exists(talks)).order_by("starts_at", "pk")[:_MOST])


def own(case: Case, hat: Hat, pk: int) -> Appointment | None:
    """One that the hat's organisation may change; None for a cancelled one, for those of others, for none."""
    rows = Appointment.objects.standing().filter(case=case, involvement__organisation=hat.organisation_id)
    rows = rows.select_related("case__requester", "involvement__organisation", "adviser")
    return rows.filter(pk=pk).order_by("pk").first()


def at_same_time(appointment: Appointment) -> list[Appointment]:
    """The adviser's other appointments that overlap with this one, whatever they are about."""
    rows = Appointment.objects.standing().filter(
        adviser=appointment.adviser_id, starts_at__lt=appointment.ends_at, ends_at__gt=appointment.starts_at
    )
    return list(rows.exclude(pk=appointment.pk).order_by("starts_at", "pk")[:_MOST])


def of_all(hat: Hat, *, first: date, last: date) -> AppointmentQuerySet:
    """Those of the organisation between two days, in cases that the hat may see, in order."""
    begins, ends = _begin_of(first), _begin_of(last + timedelta(days=1))
    rows = Appointment.objects.standing().filter(
        involvement__in=trays.seen_by(hat), starts_at__gte=begins, starts_at__lt=ends
    )
    return rows.select_related("case__business").order_by("starts_at", "pk")


def of_adviser(hat: Hat, *, first: date, last: date) -> AppointmentQuerySet:
    """The person's own between two days."""
    return of_all(hat, first=first, last=last).filter(adviser=hat.user_id)


def of_business(case: Case, *, on: date) -> list[Appointment]:
    """What the business is shown: from the day on, by whoever it is."""
    rows = Appointment.objects.standing().filter(case=case, starts_at__gte=_begin_of(on))
    rows = rows.select_related("involvement__organisation", "case")
    return list(rows.order_by("starts_at", "pk")[:_MOST])


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
