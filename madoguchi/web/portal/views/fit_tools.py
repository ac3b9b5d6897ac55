"""The calculators of わが社に合う支援; what is typed is kept with the other answers in the browser."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.computed import PlanGrowth, SalesDrop
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.foundation.access import public
from madoguchi.web.portal import fit_cookie
from madoguchi.web.portal.shapes import fit_periods, fit_profile, fit_question, fit_tools, fit_typed
from madoguchi.web.portal.views.fit import INVALID, Visit, back_of, then_of, visit_of, way, with_then
from madoguchi.web.shared.same_origin import is_same_origin

_SERIES = ("sales_monthly", "sales_yearly")


# The site's forms hold no token (pages are cached for everybody); is_same_origin stands in for it.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def plan(request: HttpRequest) -> HttpResponse:
    """How far a plan grows, against the rates that the programmes state for each length."""
    visit = visit_of(request)
    found = _matches_with(visit, PlanGrowth)
    facts = fit_tools.plan_facts(visit.dictionary, [leaf for _, inside in found for leaf in inside])
    wrong: dict[str, str] = {}
    typed = _typed(visit, facts)
    if request.method == "POST":
        typed = request.POST.dict()
        told, wrong = fit_tools.read_numbers(facts, typed)
        told["plan_years"] = _chosen(typed.get("plan_years", ""))
        research = {"yes": True, "no": False}.get(typed.get("plan_has_research", ""))
        if not wrong and (kept := _kept(request, visit, {**told, "plan_has_research": research}, "plan")):
            return kept
    context = {
        "trail": way(("", gettext("計画ののび率"))),
        "rows": fit_tools.part_rows(facts, typed, wrong),
        "years": [(str(years), typed.get("plan_years") == str(years)) for years in fit_tools.YEARS],
        "research": typed.get("plan_has_research", ""),
        "pages": fit_tools.plan_pages(found, visit.profile.facts),
        "has_figures": any(fact.key in visit.profile.facts for fact in facts),
        "error_count": len(wrong),
        "is_full": request.method == "POST" and not wrong,
        "then": then_of(request),
        "back": back_of(visit, then_of(request)),
    }
    status = INVALID if request.method == "POST" else 200
    return render(request, "portal/fit_plan.html", context, status=status)


def _typed(visit: Visit, facts: Any) -> dict[str, str]:
    answers = visit.profile.answers
    typed = fit_tools.typed_of(facts, visit.profile)
    research = {True: "yes", False: "no", None: ""}[answers.get("plan_has_research")]
    return {**typed, "plan_years": str(answers.get("plan_years") or ""), "plan_has_research": research}


def _chosen(text: str) -> int | None:
    return next((years for years in fit_tools.YEARS if text == str(years)), None)


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sales_drop(request: HttpRequest) -> HttpResponse:
    """Whether sales fell as far as the benefits in reach ask for."""
    visit = visit_of(request)
    found = _matches_with(visit, SalesDrop)
    inside = [leaf for _, leaves in found for leaf in leaves]
    periods = {
        key: fit_periods.periods(fact, inside, on=visit.on)
        for key in _SERIES
        if (fact := visit.dictionary.get(key))
    }
    typed = _typed_sales(visit)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        typed = {period: request.POST.get(period, "") for group in periods.values() for period in group}
        wrong = fit_typed.figures(typed)[1]
        told = {
            key: fit_typed.figures({period: typed[period] for period in group})[0] or None
            for key, group in periods.items()
        }
        if not wrong and (kept := _kept(request, visit, told, "sales_drop")):
            return kept
    context = {
        "trail": way(("", gettext("売上の減り方"))),
        "rows": fit_question.grid(typed, wrong, periods["sales_monthly"]),
        "years": fit_question.grid(typed, wrong, periods["sales_yearly"]),
        # Figures that contradict each other are no facts, but named here.
        "pages": fit_tools.drop_pages(found, visit.profile.told),
        "has_figures": any(key in visit.profile.told for key in _SERIES),
        "error_count": len(wrong),
        "is_full": request.method == "POST" and not wrong,
        "then": then_of(request),
        "back": back_of(visit, then_of(request)),
    }
    status = INVALID if request.method == "POST" else 200
    return render(request, "portal/fit_sales_drop.html", context, status=status)


def _typed_sales(visit: Visit) -> dict[str, str]:
    told: dict[str, int] = {}
    for key in _SERIES:
        told |= visit.profile.answers.get(key) or {}
    return {period: fit_typed.as_typed_money(amount) for period, amount in told.items()}


def _matches_with(visit: Visit, kind: type[Leaf]) -> list[tuple[Match, list[Any]]]:
    """The programmes in reach with such a calculation, as they stand for the visitor."""
    inside = dict(fit_tools.entries_with(visit.book, kind, on=visit.on))
    return [(match, inside[match.entry]) for match in visit.matches() if match.entry in inside]


def _kept(request: HttpRequest, visit: Visit, told: Mapping[str, Any], page: str) -> HttpResponse | None:
    """Keep what was told with the other answers, without what was emptied; None when there is no room."""
    if not is_same_origin(request):
        raise PermissionDenied
    merged = {**visit.profile.answers, **told}
    answers = {key: plain for key, plain in merged.items() if plain is not None or key not in told}
    profile = fit_profile.read(answers, visit.dictionary)
    if not fit_cookie.fits(profile.answers):
        return None
    address = with_then(reverse(f"portal:fit_{page}"), then_of(request))
    response = HttpResponseRedirect(f"{address}#result")
    fit_cookie.keep(response, profile.answers)
    return response
