"""窓口の休み: days on which desks of the organisation take nothing, and one's own days away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.consultations.models import DeskAbsence
from madoguchi.consultations.operations import absences as operations
from madoguchi.consultations.queries import absences as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.institutions import queries as institutions
from madoguchi.web.desk.forms.absences import DeskAbsenceForm, OwnAbsenceForm
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.desk.views.case import INVALID
from madoguchi.web.shared.hats import worn_by


@requires("cases.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """The days of the organisation's desks: to look at, to enter, to take back."""
    hat, today = worn_by(request), clock.today()
    if "remove" in request.POST:
        return _remove(request)
    desks = list(institutions.desks(on=today))
    form = DeskAbsenceForm(
        request.POST if request.method == "POST" else None,
        own=[desk for desk in desks if desk.organisation_id == hat.organisation_id],
        others=[desk for desk in desks if desk.organisation_id != hat.organisation_id],
    )
    if form.is_valid():
        try:
            operations.enter_for_desk(**form.told(), hat=hat, at=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("休みを入れました。"))
            return redirect("desk:absences")
    context = {
        "trail": to_cases(
            (reverse("desk:routing"), gettext("振り分けの決まり")), ("", gettext("窓口の休み"))
        ),
        "form": form,
        "rows": queries.of_desks(hat, on=today),
        "away": queries.of_colleagues(hat, on=today, at=hat.at),
    }
    return render(request, "desk/absences.html", context, status=INVALID if form.errors else 200)


def _remove(request: HttpRequest) -> HttpResponse:
    found = DeskAbsence.objects.visible_to(worn_by(request)).filter(pk=_number(request)).first()
    if found is None:
        raise Http404
    operations.remove_for_desk(absence=found, hat=worn_by(request), at=clock.now())
    messages.success(request, gettext("休みを取り消しました。"))
    return redirect("desk:absences")


@requires("cases.write")
@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """Enter days on which one is away, or take them back."""
    hat, back = worn_by(request), f"{reverse('desk:calendar')}#away"
    if "remove" in request.POST:
        operations.remove_own(pk=_number(request), hat=hat, at=clock.now())
        messages.success(request, gettext("休みを取り消しました。"))
        return redirect(back)
    form = OwnAbsenceForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("休みの、はじめの日と終わりの日を選んでください。"))
        return redirect(back)
    try:
        operations.enter_own(**form.cleaned_data, hat=hat, at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("休みを入れました。"))
    return redirect(back)


def _number(request: HttpRequest) -> int:
    raw = request.POST["remove"]
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0
