"""指導実績: an adviser's month on the screen and as a file."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.consultations.models import ReportTemplate
from madoguchi.consultations.operations import reporting
from madoguchi.consultations.queries import monthly as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.sheet_templates import MOST_BYTES, TemplateRefused
from madoguchi.web.shared.asked import first_of_month
from madoguchi.web.shared.hats import worn_by

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Asked:
    adviser: User
    first: date
    last: date


@requires("cases.write")
@require_safe
def monthly(request: HttpRequest) -> HttpResponse:
    """The month of an adviser: one's own, or for a manager that of anybody in the organisation."""
    hat = worn_by(request)
    asked = _asked(request, hat)
    context = {
        "asked": asked,
        "month": queries.month_of(adviser_id=asked.adviser.pk, hat=hat, first=asked.first, last=asked.last),
        "colleagues": _colleagues(hat),
        "before": asked.first - timedelta(days=1),
        "after": asked.last + timedelta(days=1),
        "template": ReportTemplate.objects.filter(organisation=hat.organisation_id).only("file_name").first(),
        "may_keep_template": hat.may("cases.manage"),
    }
    return render(request, "desk/monthly.html", context)


@requires("cases.write")
@require_safe
def xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    hat = worn_by(request)
    asked = _asked(request, hat)
    month = queries.month_of(adviser_id=asked.adviser.pk, hat=hat, first=asked.first, last=asked.last)
    content = reporting.monthly_file(
        month=month, adviser=asked.adviser, first=asked.first, hat=hat, at=clock.now()
    )
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="monthly-{asked.first:%Y-%m}.xlsx"'
    return response


@requires("cases.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest) -> HttpResponse:
    """The organisation's own workbook: what may stand in it, and a new one."""
    hat = worn_by(request)
    error = ""
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            if sent is None or (sent.size or 0) > MOST_BYTES:
                raise TemplateRefused(gettext("1MBまでの .xlsx ファイルを選んでください。"))
            content = sent.read()
            unknown = reporting.unknown_places(content)
            reporting.keep_template(file_name=sent.name or "", content=content, hat=hat, at=clock.now())
        except TemplateRefused as refused:
            error = str(refused)
        else:
            messages.success(request, gettext("様式を登録しました。"))
            if unknown:
                names = "、".join(sorted(unknown))
                messages.warning(request, gettext("知らない差し込みの名前があります：%s") % names)
            return redirect("desk:monthly")
    context = {
        "error": error,
        "head_places": reporting.HEAD_PLACES,
        "columns": reporting.columns(),
        "kept": ReportTemplate.objects.filter(organisation=hat.organisation_id).defer("content").first(),
    }
    return render(request, "desk/monthly_template.html", context, status=422 if error else 200)


def _asked(request: HttpRequest, hat: Hat) -> _Asked:
    """The month and the adviser of the address; 404 for somebody else's unless a manager asks."""
    first = first_of_month(request.GET.get("month", "")) or clock.today().replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    wanted = request.GET.get("adviser", "")
    if wanted in ("", str(hat.user_id)):
        return _Asked(User.objects.get(pk=hat.user_id), first, last)
    for colleague in _colleagues(hat):
        if str(colleague.pk) == wanted:
            return _Asked(colleague, first, last)
    raise Http404


def _colleagues(hat: Hat) -> list[User]:
    """Whose months the hat may see besides the own one: everybody who ever worked there, for managers."""
    if not hat.may("cases.manage"):
        return []
    ids = Membership.objects.filter(organisation=hat.organisation_id).values("user")
    return list(User.objects.filter(pk__in=ids).order_by("display_name", "pk"))
