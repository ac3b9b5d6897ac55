"""Registering a business and changing its record; nothing typed is lost."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.businesses import fields, queries
from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import (
    AlreadyOnBooks,
    ChangedMeanwhile,
    FieldsInvalid,
    RegisteredElsewhere,
)
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.custody import share_custody
from madoguchi.businesses.operations.register import change, register
from madoguchi.businesses.registers import looking_up
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.shapes import businesses as shapes
from madoguchi.web.desk.views.businesses import business_of
from madoguchi.web.shared import business_filling
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.business_form import BusinessForm, differences, shown
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@requires("businesses.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a business, after a look at those that may be the same."""
    hat = worn_by(request)
    if request.method != "POST":
        # What a search did not find is often the name of whom it is about.
        form = BusinessForm(initial={"name": request.GET.get("name", "")[:150]})
        return _new_page(request, form)
    if "fill" in request.POST:
        filled = business_filling.fill(request.POST.dict())
        return _new_page(request, filled.form, notice=filled.notice)
    form = BusinessForm(request.POST)
    draft = _draft(form)
    if draft is None:
        return _new_page(request, form, status=INVALID)
    alike = [] if "anyway" in request.POST else queries.alike(hat, draft)
    if alike:
        return _new_page(request, form, alike=shapes.alike_cards(alike), status=INVALID)
    return _register(request, form, hat)


def _draft(form: BusinessForm) -> Business | None:
    """The typed business, not saved; None with the mistakes at their fields."""
    if not form.is_valid():
        return None
    try:
        cleaned = fields.clean(form.typed())
        wrong = fields.contradictions(cleaned)
    except FieldsInvalid as error:
        wrong = error.wrong
    if wrong:
        form.name_mistakes(wrong)
        return None
    return fields.draft(cleaned)


def _register(request: HttpRequest, form: BusinessForm, hat: Hat) -> HttpResponse:
    typed = form.typed()
    try:
        made = register(
            values=typed,
            source=Source.STAFF,
            sources=form.sources(typed),
            at=clock.now(),
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
        )
    except AlreadyOnBooks as error:
        shapes.tell(request, error)
        return redirect("desk:business", error.key)
    except RegisteredElsewhere as error:
        form.name_mistakes({"corporate_number": error.sentence})
        return _new_page(request, form, is_elsewhere=True, status=INVALID)
    except FieldsInvalid as error:
        form.name_mistakes(error.wrong)
        return _new_page(request, form, status=INVALID)
    shapes.say(request, "registered")
    return redirect("desk:business", made.key)


def _new_page(request: HttpRequest, form: BusinessForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "alike": [],
        "notice": "",
        "is_elsewhere": False,
        "has_register": looking_up.is_configured(),
        **more,
    }
    return render(request, "desk/business_new.html", context, status=status)


@requires("businesses.write")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Put a business that others registered onto the books, with its consent."""
    hat = worn_by(request)
    typed = {
        name: (request.POST if request.method == "POST" else request.GET).get(name, "")
        for name in ("corporate_number", "name", "telephone", "consent_by", "consent_how")
    }
    error = ""
    if request.method == "POST" and hat.organisation_id is not None:
        try:
            business = share_custody(
                **typed, organisation_id=hat.organisation_id, at=clock.now(), by=hat.as_actor()
            )
            shapes.say(request, "shared")
            return redirect("desk:business", business.key)
        except DomainError as refused:
            error = str(refused)
    status = INVALID if error else 200
    return render(request, "desk/business_share.html", {"typed": typed, "error": error}, status=status)


@requires("businesses.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change the fields of a business, if nobody else did since they were shown."""
    hat = worn_by(request)
    business = business_of(hat, key)
    if business.merged_into_id is not None and queries.seen_as(hat, business).pk != business.pk:
        raise Http404
    if request.method != "POST":
        return _edit_page(request, business, BusinessForm(initial=shown(business)))
    if "fill" in request.POST:
        filled = business_filling.fill(request.POST.dict())
        return _edit_page(request, business, filled.form, notice=filled.notice)
    form = BusinessForm(request.POST)
    if _draft(form) is None:
        return _edit_page(request, business, form, status=INVALID)
    typed = form.typed()
    try:
        changed = change(
            business=business,
            values=typed,
            seen_version=whole(form.cleaned_data["version"]),
            source=Source.STAFF,
            sources=form.sources(typed),
            at=clock.now(),
            by=hat.as_actor(),
            organisation_id=hat.organisation_id,
        )
    except ChangedMeanwhile as error:
        return _conflict(request, business, form, error)
    except (AlreadyOnBooks, RegisteredElsewhere) as error:
        form.name_mistakes({"corporate_number": error.sentence})
        return _edit_page(request, business, form, status=INVALID)
    shapes.say(request, "saved" if changed else "same")
    return redirect("desk:business", business.key)


def _conflict(
    request: HttpRequest, business: Business, form: BusinessForm, error: ChangedMeanwhile
) -> HttpResponse:
    """Both side by side; saving once more is meant over what stands there now."""
    business.refresh_from_db()
    again = BusinessForm({**request.POST.dict(), "version": str(business.version)})
    more = {"conflict": str(error), "differences": differences(business, form)}
    return _edit_page(request, business, again, status=409, **more)


def _edit_page(
    request: HttpRequest, business: Business, form: BusinessForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "business": business,
        "notice": "",
        "conflict": "",
        "differences": [],
        "has_register": looking_up.is_configured(),
        "back_url": reverse("desk:business", args=[business.key]),
        **more,
    }
    return render(request, "desk/business_edit.html", context, status=status)
