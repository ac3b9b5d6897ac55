"""Closing the report of a year: the deadline, the lock, making it public; then the next year."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.results.models import Project
from madoguchi.results.operations import telling, years
from madoguchi.results.queries.owing import year_after
from madoguchi.results.states import ReturnState, YearState
from madoguchi.web.desk.forms.fields import day_field
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.views.report import INVALID, Desk
from madoguchi.web.desk.views.report_review import secretariat_or_404


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, year: int) -> HttpResponse:
    """The next step of the year, with what stands in its way."""
    desk = secretariat_or_404(request, year)
    said = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(request, desk))
        except DomainError as error:
            said = str(error)
        else:
            if request.POST["act"] == "next":
                return redirect("desk:report_units", year + 1)
            return redirect("desk:report_close", year)
    waiting = desk.year.returns.exclude(state=ReturnState.ACCEPTED).count()
    desk.year.refresh_from_db()
    context = {
        "trail": shapes.to_report(desk.year, ("", gettext("締め切りと公表"))),
        "year": desk.year,
        "state": shapes.year_words(YearState(desk.year.state)),
        "waiting": waiting,
        "said": said,
        "projects": Project.objects.filter(rows__listing__fiscal_year=year).distinct().count(),
        "next": year_after(desk.year),
        "next_deadline": request.POST.get("next_deadline", ""),
    }
    return render(request, "desk/report_close.html", context, status=INVALID if said else 200)


def _act(request: HttpRequest, desk: Desk) -> str:
    """Do what was pressed; returns what to say."""
    act, at = request.POST.get("act", ""), clock.now()
    if act == "deadline":
        telling.set_deadline(year=desk.year, on=_day(request.POST.get("deadline", "")), hat=desk.hat, at=at)
        return gettext("締切を決めました。")
    if act == "lock":
        years.lock(year=desk.year, hat=desk.hat, at=at)
        return gettext("締め切りました。もうだれも直せません。")
    if act == "reopen":
        years.unlock(year=desk.year, hat=desk.hat, at=at)
        return gettext("もう一度開けました。")
    if act == "publish":
        years.publish(year=desk.year, hat=desk.hat, at=at)
        return gettext("公表しました。これからは、理由をつけた訂正だけができます。")
    if act == "next":
        if "confirmed" not in request.POST:
            raise DomainError(gettext("引き継ぐものを見て、「確かめました」に印をつけてください。"))
        deadline = _day(request.POST.get("next_deadline", ""))
        begun = years.open_next(year=desk.year, hat=desk.hat, at=at, deadline_on=deadline)
        count = begun.returns.count()
        words = ngettext(
            "入力をはじめました。%(count)sの部署が書きます。",
            "入力をはじめました。%(count)sの部署が書きます。",
            count,
        )
        return words % {"count": count}
    raise Http404


def _day(text: str) -> date | None:
    """The day that was chosen; None for none. Raises a DomainError for what is no day."""
    field = day_field(required=False)
    try:
        day: date | None = field.clean(text)
    except ValidationError as error:
        raise DomainError(str(error.messages[0])) from None
    return day
