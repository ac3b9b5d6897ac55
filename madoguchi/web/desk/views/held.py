"""確認待ち: requests that were taken for spam; a person looks at each, releases it or puts it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import holding
from madoguchi.consultations.operations.reading import read_case
from madoguchi.consultations.queries import held as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE = 30


@requires("cases.write")
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """Those that wait for somebody to look, and those that were put away, by number and reason."""
    hat = worn_by(request)
    context = {
        "trail": to_cases(("", gettext("確認待ちの相談"))),
        "waiting": page_of(queries.waiting(hat), request.GET.get("page"), size=PAGE_SIZE),
        "discarded": list(queries.discarded(hat)[:PAGE_SIZE]),
    }
    return render(request, "desk/held.html", context)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """What was written and why it is held; released, it goes to the desk it was routed to."""
    hat, at = worn_by(request), clock.now()
    try:
        case = read_case(key=key, hat=hat, at=at, what="held")
    except Case.DoesNotExist:
        raise Http404 from None
    if not case.held_because:
        return redirect("desk:case", key)
    if request.method == "POST":
        return _judge(request, case)
    context = {"trail": to_cases(("", gettext("確認待ちの相談"))), "case": case}
    return render(request, "desk/held_one.html", context)


def _judge(request: HttpRequest, case: Case) -> HttpResponse:
    judge = {"release": holding.release, "discard": holding.discard}.get(request.POST.get("act", ""))
    if judge is None:
        raise Http404
    try:
        judge(case=case, hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("desk:held_one", case.key)
    if judge is holding.discard:
        messages.success(request, gettext("片づけました。下の一覧から、いつでも受け付け直せます。"))
        return redirect("desk:held")
    messages.success(request, gettext("受け付けました。「新しい相談」に入りました。"))
    return redirect("desk:case", case.key)
