"""約束: made, changed, and cancelled after one more question."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.errors import AppointmentPast, DayRefused
from madoguchi.consultations.models import Appointment, Case
from madoguchi.consultations.operations import appointing
from madoguchi.consultations.queries import appointments, colleagues
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.web.desk.forms.appointment import AppointmentForm, initial_of
from madoguchi.web.desk.shapes import appointments as shapes
from madoguchi.web.desk.shapes import case_page
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, standing, visible_or_404
from madoguchi.web.desk.views.notes import CONFLICT
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Make an appointment."""
    case, hat = read_or_404(request, key), worn_by(request)
    if request.method != "POST":
        return _show(request, case, _form(request, case, {"adviser": str(hat.user_id)}))
    form = _form(request, case)
    if form.is_valid():
        try:
            made = appointing.make(
                case=case, told=form.told(), hat=hat, at=clock.now(), once=form.cleaned_data["once"]
            )
        except DomainError as error:
            form.add_error(_field_of(error), str(error))
        else:
            return _done(request, made, gettext("約束を残しました。"))
    return _show(request, case, form, status=INVALID)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Change an appointment; when somebody did meanwhile, the page says how it stands now."""
    case, hat = read_or_404(request, key), worn_by(request)
    appointment = _own_or_404(request, case, pk)
    if request.method != "POST":
        return _show(request, case, _form(request, case, initial_of(appointment)), appointment)
    form = _form(request, case)
    if not form.is_valid():
        return _show(request, case, form, appointment, status=INVALID)
    try:
        appointing.move(
            appointment=appointment, told=form.told(), sequence=_sequence(request), hat=hat, at=clock.now()
        )
    except Conflict as error:
        appointment.refresh_from_db()
        if appointment.cancelled_at is not None:
            messages.warning(request, gettext("この約束は、取りやめになっています。"))
            return redirect("desk:case", case.key)
        form.add_error(None, str(error))
        return _show(request, case, form, appointment, status=CONFLICT)
    except DomainError as error:
        form.add_error(_field_of(error), str(error))
        return _show(request, case, form, appointment, status=INVALID)
    return _done(request, appointment, gettext("約束を変えました。"))


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Ask once more, then cancel it."""
    hat = worn_by(request)
    if request.method == "POST":
        case = visible_or_404(request, key)
        try:
            appointing.cancel(
                appointment=_own_or_404(request, case, pk),
                sequence=_sequence(request),
                hat=hat,
                at=clock.now(),
            )
        except DomainError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, gettext("約束を取りやめました。"))
        return redirect("desk:case", case.key)
    case = read_or_404(request, key)
    appointment = _own_or_404(request, case, pk)
    context = {
        "trail": to_case(case, ("", gettext("約束を取りやめる"))),
        "case": case,
        "head": case_page.head(case, on=clock.today()),
        "appointment": appointment,
        "agreed": shapes.agreed([appointment], hat=hat, can_work=False)[0],
    }
    return render(request, "desk/appointment_cancel.html", context)


def _field_of(error: DomainError) -> str | None:
    return "day" if isinstance(error, DayRefused | AppointmentPast) else None


def _own_or_404(request: HttpRequest, case: Case, pk: int) -> Appointment:
    found = appointments.own(case, worn_by(request), pk)
    if found is None:
        raise Http404
    return found


def _sequence(request: HttpRequest) -> int:
    """The state of the appointment that the person saw; what cannot be read is none that anybody saw."""
    raw = request.POST.get("sequence", "")
    return int(raw) if raw.isdecimal() and len(raw) < 9 else -1


def _form(request: HttpRequest, case: Case, initial: dict[str, object] | None = None) -> AppointmentForm:
    hat = worn_by(request)
    people = colleagues.who_can_meet(case, organisation_id=hat.organisation_id, at=hat.at)
    return AppointmentForm(request.POST if initial is None else None, initial=initial, people=people)


def _show(
    request: HttpRequest,
    case: Case,
    form: AppointmentForm,
    appointment: Appointment | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    heading = gettext("約束を変える") if appointment else gettext("約束をする")
    context = {
        "trail": to_case(case, ("", heading)),
        "heading": heading,
        "case": case,
        "head": case_page.head(case, on=clock.today()),
        "form": form,
        "appointment": appointment,
        "now": shapes.agreed([appointment], hat=worn_by(request), can_work=False)[0]
        if appointment and status == CONFLICT
        else None,
        "why_not": standing(request, case).why_not,
    }
    return render(request, "desk/appointment.html", context, status=status)


def _done(request: HttpRequest, appointment: Appointment, words: str) -> HttpResponse:
    messages.success(request, words)
    if overlap := shapes.overlap_words(appointments.at_same_time(appointment), on=clock.today()):
        messages.warning(request, overlap)
    return redirect("desk:case", appointment.case.key)
