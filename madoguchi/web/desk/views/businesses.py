"""Businesses on the books: finding one while typing, and the record of one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.businesses import queries
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.custody import release_custody
from madoguchi.businesses.operations.members import confirm, end_membership
from madoguchi.consultations.queries import history
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_number, page_of
from madoguchi.web.desk.shapes import businesses as shapes
from madoguchi.web.desk.shapes import history as history_shapes
from madoguchi.web.shared import business_record
from madoguchi.web.shared.hats import worn_by

_A_PAGE = 50
_FOUND = 30
_CASES = 20


def business_of(hat: Hat, key: str) -> Business:
    """The visible business of a key; whether it is another's or nobody's, 404."""
    business = Business.objects.visible_to(hat).filter(key=key).first()
    if business is None:
        raise Http404
    return business


@requires("businesses.read")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The books: what is typed finds, page by page without it; with htmx the list alone."""
    hat, query = worn_by(request), request.GET.get("q", "").strip()
    context: dict[str, object] = {
        "query": query,
        "page": None,
        "most": _FOUND,
        "may_write": hat.may("businesses.write"),
        "may_merge": hat.may("businesses.merge"),
    }
    if query:
        context["found"] = queries.search(hat, query, limit=_FOUND)
    else:
        page = page_of(queries.newest_on_books(hat), request.GET.get("page"), size=_A_PAGE)
        context |= {"page": page, "found": queries.rows_of_books(page.rows)}
    is_part = bool(getattr(request, "htmx", False))
    response = render(
        request, "desk/parts/business_found.html" if is_part else "desk/businesses.html", context
    )
    response["Vary"] = "HX-Request"
    return response


@requires("businesses.read")
@require_safe
def business(request: HttpRequest, key: str) -> HttpResponse:
    """Everything known of one business, and who said it."""
    hat = worn_by(request)
    shown = business_of(hat, key)
    standing = queries.seen_as(hat, shown)
    if standing.pk != shown.pk:
        return redirect("desk:business", standing.key)
    page = page_number(request.GET.get("page"))
    past = history.of_business(shown.pk, hat, size=_CASES, page=page)
    context = {
        "business": shown,
        "hat": hat,
        "history": history_shapes.lines(past.cases, on=clock.today()),
        "page": page,
        "earlier": page + 1 if past.has_earlier else None,
        "lines": business_record.field_lines(shown, queries.origins_of(shown)),
        "figures": business_record.figures_table(shown),
        "parts": shapes.parts(shown),
        "members": shapes.members(shown, at=hat.at),
        "custody": queries.custody_of(shown, hat.organisation_id),
        "merged": shapes.merged_into(shown, hat) if hat.may("businesses.merge") else [],
        "may_write": hat.may("businesses.write"),
        "may_merge": hat.may("businesses.merge"),
        "may_erase": hat.may("businesses.erase"),
    }
    return render(request, "desk/business.html", context)


@requires("businesses.write")
@require_POST
def member(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Confirm that somebody is who they say, or end their acting for the business."""
    hat = worn_by(request)
    shown = business_of(hat, key)
    row = shown.members.filter(pk=number).first()
    if row is None or hat.organisation_id is None:
        raise Http404
    act = confirm if request.POST.get("do") == "confirm" else end_membership
    try:
        act(member=row, at=clock.actual_now(), by=hat.as_actor(), organisation_id=hat.organisation_id)
    except DomainError as error:
        shapes.tell(request, error)
    return HttpResponseRedirect(reverse("desk:business", args=[key]) + "#members")


@requires("businesses.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then take the business off the books of the organisation."""
    hat = worn_by(request)
    shown = business_of(hat, key)
    custody = queries.custody_of(shown, hat.organisation_id)
    if custody is None:
        raise Http404
    if request.method != "POST":
        return render(request, "desk/business_release.html", {"business": shown, "custody": custody})
    release_custody(custody=custody, at=clock.actual_now(), by=hat.as_actor())
    shapes.say(request, "released")
    return redirect("desk:businesses")
