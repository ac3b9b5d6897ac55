"""The mails of an appointment, each with the calendar file that puts it into a calendar or takes it out.

Called by operations in their transaction. They are needed to get on, so no series stops them. Of a secret
case they tell when and how one meets; neither place nor note nor organisation, which could name its topic.
"""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext

from madoguchi.accounts.models import User
from madoguchi.consultations.kinds import PlaceKind
from madoguchi.consultations.letters import day_words
from madoguchi.consultations.models import Appointment
from madoguchi.consultations.models.plans import AppointmentQuerySet
from madoguchi.consultations.operations import telling
from madoguchi.consultations.queries import colleagues
from madoguchi.foundation import clock
from madoguchi.mail import invitations
from madoguchi.mail.addresses import absolute
from madoguchi.mail.invitations import Method
from madoguchi.mail.letters import Action, Letter
from madoguchi.mail.operations import sending


def tell(appointment: Appointment, *, at: datetime) -> None:
    """Tell the business and the adviser how an appointment stands now: made, moved or cancelled."""
    case = appointment.case
    is_off = appointment.cancelled_at is not None
    if address := telling.address_of(case):
        _send(appointment, address, case.requester, language=case.language, is_off=is_off, at=at)
    tell_adviser(appointment, appointment.adviser, is_off=is_off, at=at)


def tell_passed_on(appointment: Appointment, before: User, *, at: datetime) -> None:
    """Tell the business that another adviser comes at the same time, and both advisers."""
    case = appointment.case
    if address := telling.address_of(case):
        _send(
            appointment,
            address,
            case.requester,
            language=case.language,
            is_off=False,
            at=at,
            is_passed_on=True,
        )
    tell_adviser(appointment, appointment.adviser, is_off=False, at=at)
    tell_adviser(appointment, before, is_off=True, at=at)


def tell_adviser(appointment: Appointment, adviser: User, *, is_off: bool, at: datetime) -> None:
    """Tell an adviser, as long as they work there; what the case is about is on its page alone."""
    organisation_id = appointment.involvement.organisation_id
    there = colleagues.working(organisation_id=organisation_id, at=clock.actual_now())
    if there.filter(user=adviser).exists():
        _send(appointment, adviser.email, adviser, language="", is_off=is_off, at=at, is_for_staff=True)


def call_off(appointments: AppointmentQuerySet, *, at: datetime) -> None:
    """Cancel what is still to come, because the work on a case ends; the caller records that."""
    ahead = appointments.filter(cancelled_at=None, ends_at__gt=at)
    for appointment in ahead.select_related("case__requester", "involvement", "adviser").order_by("pk"):
        still_there = Appointment.objects.filter(pk=appointment.pk, cancelled_at=None)
        if still_there.update(cancelled_at=at, sequence=F("sequence") + 1):
            appointment.refresh_from_db(fields=["starts_at", "ends_at", "cancelled_at", "sequence"])
            tell(appointment, at=at)


def calendar_file(
    appointment: Appointment,
    *,
    method: Method,
    at: datetime,
    attendee: str = "",
    is_for_staff: bool = False,
) -> bytes:
    """The appointment as iCalendar, in the language of now."""
    is_secret = appointment.case.is_secret
    return invitations.invitation(
        invitations.Appointment(
            uid=appointment.uid,
            sequence=appointment.sequence,
            summary=_summary(appointment, is_for_staff=is_for_staff),
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            organiser=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
            attendee=attendee,
            place="" if is_secret else appointment.place,
            description="" if is_secret else appointment.note,
        ),
        method=method,
        at=at,
    )


def _summary(appointment: Appointment, *, is_for_staff: bool) -> str:
    case = appointment.case
    if case.is_secret:
        return gettext("約束（%(number)s）") % {"number": case.number}
    kind = PlaceKind(appointment.place_kind).label
    return gettext("相談の約束（%(what)s）") % {"what": f"{case.number}　{kind}" if is_for_staff else kind}


def _send(
    appointment: Appointment,
    to: str,
    user: User | None,
    *,
    language: str,
    is_off: bool,
    at: datetime,
    is_for_staff: bool = False,
    is_passed_on: bool = False,
) -> None:
    language = user.language if user else language
    method = Method.CANCEL if is_off else Method.REQUEST
    with translation.override(language):
        file = calendar_file(appointment, method=method, at=at, attendee=to, is_for_staff=is_for_staff)
    sending.send(
        to=to,
        user_id=user.pk if user else None,
        language=language,
        kind=f"consultations.appointment_{'cancelled' if is_off else 'made'}",
        write=lambda: _letter(
            appointment, is_off=is_off, is_for_staff=is_for_staff, is_passed_on=is_passed_on
        ),
        subject_type="consultations.case",
        subject_id=appointment.case_id,
        dedupe=f"appointment:{appointment.pk}:{appointment.sequence}:{method}:{is_for_staff}",
        invitation=file,
    )


def _letter(appointment: Appointment, *, is_off: bool, is_for_staff: bool, is_passed_on: bool) -> Letter:
    case = appointment.case
    if is_passed_on:
        subject, words = (
            gettext("お会いする担当が変わりました（%(number)s）"),
            gettext("担当が変わりました。お約束の日時と場所は、変わりません。"),
        )
    elif is_off:
        subject, words = (
            gettext("約束を取りやめました（%(number)s）"),
            gettext("次の約束は、取りやめになりました。"),
        )
    elif appointment.sequence:
        subject, words = (
            gettext("約束が変わりました（%(number)s）"),
            gettext("約束が、次のように変わりました。"),
        )
    else:
        subject, words = gettext("約束のお知らせ（%(number)s）"), gettext("次のとおり、お約束しました。")
    return Letter(
        subject=subject % {"number": case.number},
        paragraphs=[words],
        facts=_facts(appointment),
        action=Action(gettext("案件を開く"), absolute(telling.case_path(case)))
        if is_for_staff
        else telling.state_page(case),
        closing=[]
        if is_for_staff or is_off
        else [gettext("ご都合が悪くなったときは、担当にお電話ください。このメールへの返信は読めません。")],
    )


def _facts(appointment: Appointment) -> list[tuple[str, str]]:
    begins, ends = timezone.localtime(appointment.starts_at), timezone.localtime(appointment.ends_at)
    organisation = appointment.involvement.organisation
    facts = [
        (gettext("いつ"), f"{day_words(begins.date())} {begins:%H:%M}〜{ends:%H:%M}"),
        (gettext("どうやって"), str(PlaceKind(appointment.place_kind).label)),
    ]
    if not appointment.case.is_secret:
        facts += [
            (gettext("場所"), appointment.place),
            (gettext("だれと"), organisation.name if organisation else ""),
            (gettext("お伝えすること"), appointment.note),
        ]
    return [(word, value) for word, value in facts if value]
