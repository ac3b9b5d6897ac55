"""What belongs to a business: officers, contacts, sites, approvals; and the figures of its years."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import ChangedMeanwhile, FieldsInvalid, PeriodTaken
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.businesses.operations.details import put_figures, remove_figures, replace_rows
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.desk.shapes import businesses as shapes
from madoguchi.web.desk.views.businesses import business_of
from madoguchi.web.shared import figures_form, rows_form
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@dataclass(frozen=True)
class _Refused:
    """Why a form was not saved: mistakes at fields, or that somebody else was faster."""

    wrong: dict[str, str] = field(default_factory=dict)
    conflict: str = ""

    @property
    def status(self) -> int:
        """Of the page that shows the form again."""
        return 409 if self.conflict else INVALID if self.wrong else 200


def _attempt(save: Callable[[], object]) -> _Refused | None:
    """Save; None when that was done, else why not."""
    try:
        save()
    except FieldsInvalid as error:
        return _Refused({name: str(sentence) for name, sentence in error.wrong.items()})
    except PeriodTaken as error:
        return _Refused({"ends_on": str(error)})
    except ChangedMeanwhile as error:
        return _Refused(conflict=str(error))
    return None


@requires("businesses.write")
@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """Change the officers, contacts, sites or approvals of a business."""
    hat = worn_by(request)
    business = business_of(hat, key)
    if kind not in shapes.PART_WORDS:
        raise Http404
    if request.method != "POST":
        return _rows_page(request, business, kind, rows_form.stored(business, kind))
    typed, wrong = rows_form.read(request.POST, kind)
    if wrong or "more" in request.POST:
        return _rows_page(
            request, business, kind, rows_form.typed(request.POST, kind, wrong), _Refused(wrong)
        )

    def save() -> None:
        replace_rows(
            business=business,
            kind=kind,
            typed=typed,
            seen_version=whole(request.POST.get("version", "")),
            source=Source.STAFF,
            at=clock.now(),
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
        )

    refused = _attempt(save)
    if refused is None:
        shapes.say(request, "saved")
        return HttpResponseRedirect(reverse("desk:business", args=[key]) + f"#{kind}")
    business.refresh_from_db()
    return _rows_page(request, business, kind, rows_form.typed(request.POST, kind, refused.wrong), refused)


def _rows_page(
    request: HttpRequest,
    business: Business,
    kind: str,
    found: list[rows_form.FormRow],
    refused: _Refused | None = None,
) -> HttpResponse:
    refused = refused or _Refused()
    is_again = request.method == "POST" and not refused.conflict
    context = {
        "business": business,
        "kind": kind,
        "title": shapes.PART_WORDS[kind],
        "rows": found,
        "version": request.POST.get("version", "") if is_again else business.version,
        "conflict": refused.conflict,
        "now": next(part for part in shapes.parts(business) if part.kind == kind),
        "mistakes": [box for row in found for box in row.boxes if box.error],
        "back_url": reverse("desk:business", args=[business.key]),
    }
    return render(request, "desk/business_rows.html", context, status=refused.status)


@requires("businesses.write")
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest, key: str, ends_on: str = "") -> HttpResponse:
    """Add the figures of a year, change them, or take them away."""
    hat = worn_by(request)
    business = business_of(hat, key)
    seen = business.figures.filter(ends_on=_day(ends_on)).first() if ends_on else None
    if ends_on and seen is None:
        raise Http404
    if request.method != "POST":
        return _figures_page(request, business, seen, figures_form.shown(seen))
    said = request.POST.dict()
    read, wrong = figures_form.read(said)
    is_removal = "remove" in said and seen is not None
    if wrong and not is_removal:
        return _figures_page(request, business, seen, said, _Refused(wrong))
    if seen is not None:
        seen.version = whole(said.get("version", ""))

    def save() -> None:
        stamp: dict[str, Any] = {
            "at": clock.now(),
            "by": hat.as_actor(),
            "organisation_id": hat.organisation_id,
        }
        if is_removal and seen is not None:
            remove_figures(seen=seen, **stamp)
        else:
            put_figures(business=business, seen=seen, source=Source.STAFF, **read, **stamp)

    refused = _attempt(save)
    if refused is None:
        shapes.say(request, "removed" if is_removal else "saved")
        return HttpResponseRedirect(reverse("desk:business", args=[key]) + "#figures")
    return _figures_page(request, business, seen, said, refused)


def _figures_page(
    request: HttpRequest,
    business: Business,
    seen: YearlyFigures | None,
    said: Mapping[str, str],
    refused: _Refused | None = None,
) -> HttpResponse:
    now, refused = None, refused or _Refused()
    if refused.conflict and seen is not None:
        seen = business.figures.filter(pk=seen.pk).first()
        now = figures_form.shown(seen)
        said = {**said, "version": now.get("version", "")}
    context = {
        "business": business,
        "form": figures_form.form(said, refused.wrong, now=now),
        "is_new": seen is None,
        "conflict": refused.conflict,
        "back_url": reverse("desk:business", args=[business.key]) + "#figures",
    }
    return render(request, "desk/business_figures.html", context, status=refused.status)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
