"""費用と組み合わせ of わが社に合う支援: what the costs bring, kept with the other answers in the browser."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from madoguchi.eligibility.grants import rows_told
from madoguchi.eligibility.rules.values import MOST_COSTS
from madoguchi.foundation.access import public
from madoguchi.web.portal import fit_cookie
from madoguchi.web.portal.shapes import fit_costs, fit_profile
from madoguchi.web.portal.views.fit import INVALID, Visit, back_of, then_of, visit_of, way, with_then
from madoguchi.web.shared.same_origin import is_same_origin

_MORE = "more"


# The site's forms hold no token (pages are cached for everybody); is_same_origin stands in for it.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def costs(request: HttpRequest) -> HttpResponse:
    """The costs row by row, and the best lawful combination of the programmes that fit."""
    visit = visit_of(request)
    kinds = visit.book.cost_kinds
    rows = fit_costs.rows_of(rows_told(visit.profile.told))
    is_sent = request.method == "POST"
    error_count, wants_more = 0, _MORE in request.POST
    if is_sent:
        sent = fit_costs.read(request.POST.dict(), kinds)
        rows, error_count = fit_costs.with_room(sent.rows, more=3 if wants_more else 1), sent.error_count
        if not error_count and not wants_more and (kept := _kept(request, visit, sent.plain)):
            return kept
    plan = visit.plan(visit.matches())
    context = {
        "trail": way(("", gettext("費用と組み合わせ"))),
        "rows": rows,
        "most": MOST_COSTS,
        "kinds": kinds,
        "plan": fit_costs.box(plan) if plan and not is_sent else None,
        "error_count": 0 if wants_more else error_count,
        "is_full": is_sent and not error_count and not wants_more,
        "then": then_of(request),
        "back": back_of(visit, then_of(request)),
    }
    is_wrong = is_sent and not wants_more
    return render(request, "portal/fit_costs.html", context, status=INVALID if is_wrong else 200)


def _kept(request: HttpRequest, visit: Visit, plain: list[dict[str, Any]]) -> HttpResponse | None:
    """Keep the rows in place of a whole cost told before; None when there is no room."""
    if not is_same_origin(request):
        raise PermissionDenied
    answers = {key: told for key, told in visit.profile.answers.items() if key not in ("costs", "cost_yen")}
    if plain:
        answers["costs"] = plain
    profile = fit_profile.read(answers, visit.dictionary)
    if not fit_cookie.fits(profile.answers):
        return None
    address = with_then(reverse("portal:fit_costs"), then_of(request))
    response = HttpResponseRedirect(f"{address}#result")
    fit_cookie.keep(response, profile.answers)
    return response
