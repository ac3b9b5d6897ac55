"""Appointments for tests: tomorrow at two in the afternoon, at the shop of the business."""

from datetime import datetime, timedelta
from itertools import count

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import PlaceKind
from madoguchi.consultations.models import Appointment, Case
from madoguchi.consultations.operations import appointing
from madoguchi.consultations.operations.appointing import Arrangement
from tests.consultations.cases import AT, the_involvement, the_person

STARTS_AT = AT + timedelta(days=1, hours=2)
_numbers = count(1)


def told(hat: Hat, **changes) -> Arrangement:
    given = {
        "adviser": the_person(hat),
        "starts_at": STARTS_AT,
        "ends_at": STARTS_AT + timedelta(hours=1),
        "place_kind": PlaceKind.VISIT,
        "place": "みほん町1-2",
        "note": "決算書をお持ちください",
    }
    return Arrangement(**(given | changes))


def an_appointment(case: Case, hat: Hat, *, at: datetime = AT, **changes) -> Appointment:
    return appointing.make(case=case, told=told(hat, **changes), hat=hat, at=at)


def a_passed_appointment(case: Case, hat: Hat, *, starts_at: datetime, **changes) -> Appointment:
    """One that was made before its time."""
    given = {
        "case": case,
        "involvement": the_involvement(case, hat),
        "adviser": the_person(hat),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "place_kind": PlaceKind.VISIT,
        "place": "みほん町1-2",
        "uid": f"{next(_numbers)}@example.jp",
        "made_at": starts_at,
    }
    return Appointment.objects.create(**(given | changes))
