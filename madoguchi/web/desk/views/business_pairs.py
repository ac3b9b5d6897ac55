"""Records that may be one business: looked at, joined, told apart, parted again."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.businesses import queries, rules
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations import merging
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.journeys import merging as journey
from madoguchi.web.desk.shapes import businesses as shapes
from madoguchi.web.desk.shapes.comparison import compared
from madoguchi.web.desk.views.businesses import business_of
from madoguchi.web.shared.hats import worn_by


@requires("businesses.merge")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs on the books that may be one business, the surest first."""
    pairs = shapes.pair_cards(queries.duplicates(worn_by(request)))
    return render(request, "desk/business_duplicates.html", {"pairs": pairs})


@requires("businesses.merge")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """Two records side by side; the first stays and takes over what is ticked."""
    hat = worn_by(request)
    keep, drop = business_of(hat, key), business_of(hat, other)
    if keep.pk == drop.pk:
        raise Http404
    error = ""
    if request.method == "POST":
        take = [name for name in request.POST.getlist("take") if name in merging.CAN_BE_TAKEN]
        try:
            journey.merge(keep=keep, drop=drop, take=take, hat=hat, at=clock.actual_now())
            shapes.say(request, "merged")
            return redirect("desk:business", keep.key)
        except DomainError as refused:
            error = str(refused)
    score = rules.compare(queries.likeness_of(keep), queries.likeness_of(drop))
    context = {
        "keep": keep,
        "drop": drop,
        "rows": compared(keep, drop),
        "clues": shapes.clues(score),
        "error": error,
        "swapped_url": reverse("desk:business_merge", args=[drop.key, keep.key]),
    }
    return render(request, "desk/business_merge.html", context, status=409 if error else 200)


@requires("businesses.merge")
@require_POST
def apart(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """Note that two records are two businesses."""
    hat = worn_by(request)
    one, second = business_of(hat, key), business_of(hat, other)
    if one.pk == second.pk:
        raise Http404
    merging.tell_apart(
        one=one, other=second, at=clock.actual_now(), by=hat.as_actor(), organisation_id=hat.organisation_id
    )
    shapes.say(request, "apart")
    return redirect("desk:business_duplicates")


@requires("businesses.merge")
@require_POST
def unmerge(request: HttpRequest, key: str, other: str) -> HttpResponse:
    """Part a merged record from the one it was merged into."""
    hat = worn_by(request)
    keep = business_of(hat, key)
    drop = Business.objects.visible_to(hat).filter(key=other, merged_into=keep).first()
    if drop is None:
        raise Http404
    try:
        journey.unmerge(drop=drop, hat=hat, at=clock.actual_now())
        shapes.say(request, "parted")
    except DomainError as error:
        shapes.tell(request, error)
    return HttpResponseRedirect(reverse("desk:business", args=[keep.key]))
