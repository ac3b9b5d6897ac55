"""Similar past cases, and the programmes that they were told of."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.consultations.queries import similar as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.desk.shapes import case_page as case_shapes
from madoguchi.web.desk.shapes import similar as shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import read_or_404
from madoguchi.web.shared.hats import worn_by

SHOWN, _COUNTED, _LONGEST = 10, 40, 100


@requires("cases.read")
@require_safe
def similar(request: HttpRequest, key: str) -> HttpResponse:
    """Past cases like this one; with words, those in which the words stand."""
    case, hat = read_or_404(request, key), worn_by(request)
    words = request.GET.get("q", "").strip()[:_LONGEST]
    if words:
        found = queries.holding(words, hat, limit=_COUNTED)
    else:
        found = queries.similar_to(case, hat, limit=_COUNTED)
    context = {
        "trail": to_case(case, ("", gettext("似た案件"))),
        "case": case,
        "head": case_shapes.head(case, on=clock.today()),
        "words": words,
        "found": shapes.rows(found[:SHOWN]),
        "helped": queries.helped([each.case.pk for each in found]),
    }
    return render(request, "desk/similar.html", context)
