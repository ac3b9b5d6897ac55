"""事業者のページを渡す: the way to the page on which a business follows its case, by mail or on paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.kinds import LinkPurpose, PageMeans
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import business_page
from madoguchi.consultations.operations.request_links import KEPT
from madoguchi.consultations.operations.telling import address_of
from madoguchi.consultations.queries import first_response
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.mail.addresses import absolute
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import read_or_404, standing
from madoguchi.web.portal.shapes import consult as consult_shapes
from madoguchi.web.portal.shapes.fit_sheet import qr
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, key: str) -> HttpResponse:
    """Choose how; a mail leads back to the case, paper to the sheet that is to be printed."""
    case = read_or_404(request, key)
    if request.method != "POST":
        context = {
            "trail": to_case(case, ("", gettext("事業者のページを渡す"))),
            "case": case,
            "head": shapes.head(case, on=clock.today()),
            "address": address_of(case),
            "is_given": case.links.filter(purpose=LinkPurpose.REQUEST_STATE).exists(),
            "why_not": standing(request, case).why_not,
        }
        return render(request, "desk/business_page.html", context)
    means = request.POST.get("means", "")
    if means == "none":
        return _take_back(request, case)
    if means not in PageMeans.values:
        raise Http404
    try:
        path = business_page.give(case=case, means=PageMeans(means), hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("desk:business_page", case.key)
    if means == PageMeans.PAPER:
        return _sheet(request, case, absolute(path))
    messages.success(request, gettext("事業者のページへのリンクを、メールで送りました。"))
    return redirect("desk:case", case.key)


def _take_back(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        business_page.take_back(case=case, hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, gettext("渡したリンクを使えなくしました。渡しなおすと、新しいリンクになります。")
        )
    return redirect("desk:business_page", case.key)


def _sheet(request: HttpRequest, case: Case, url: str) -> HttpResponse:
    """Of a secret case nothing but the number and the way to the page: paper is seen by others."""
    today = clock.today()
    rows = [] if case.is_secret else first_response.introduced_of(case)
    context = {
        "case": case,
        "url": url,
        "qr": qr(url),
        "today": today,
        "until": today + KEPT,
        "introduced": [consult_shapes.introduced(row, today=today) for row in rows],
        "organisation": "" if case.is_secret else worn_by(request).organisation_name,
    }
    return render(request, "desk/business_page_sheet.html", context)
