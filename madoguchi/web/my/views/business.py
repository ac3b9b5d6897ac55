"""One's own business: registering it, seeing and correcting its record."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.models import User
from madoguchi.businesses import queries, rules
from madoguchi.businesses.choices import MemberRole, Source
from madoguchi.businesses.errors import ChangedMeanwhile, FieldsInvalid
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.register import change, register
from madoguchi.businesses.registers import looking_up
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.shared import business_filling, business_record
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.business_form import BusinessForm, differences, shown
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.own_business import own

INVALID = 422


@requires("own.use")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The businesses one acts for."""
    hat = worn_by(request)
    mine = Business.objects.of_person(hat.user_id, at=hat.at).order_by("name", "pk")
    return render(request, "my/businesses.html", {"businesses": queries.rows_of(mine)})


@requires("own.use")
@require_safe
def business(request: HttpRequest, key: str) -> HttpResponse:
    """What is on record of one's own business, who said it, and which organisations may see it."""
    shown_business, member = own(request, key)
    sees_figures = rules.may_see(rules.FIGURES, role=member.role, scopes=member.scopes)
    context = {
        "business": shown_business,
        "lines": business_record.field_lines(shown_business, queries.origins_of(shown_business)),
        "figures": business_record.figures_table(shown_business) if sees_figures else None,
        "holders": queries.holders_of(shown_business),
        "member": member,
        "may_change": rules.may_change_profile(role=member.role),
        "may_manage": rules.may_manage_members(role=member.role),
    }
    return render(request, "my/business.html", context)


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register one's own business; founders too."""
    if request.method != "POST":
        return _form_page(request, BusinessForm())
    if "fill" in request.POST:
        filled = business_filling.fill(request.POST.dict())
        return _form_page(request, filled.form, notice=filled.notice)
    form = BusinessForm(request.POST)
    if form.is_valid():
        user, typed = cast("User", request.user), form.typed()
        try:
            made = register(
                values=typed,
                source=Source.OWNER,
                sources=form.sources(typed),
                at=clock.now(),
                by=user.as_actor(),
                owner=user,
            )
            messages.success(request, gettext("登録しました。"))
            return redirect("my:business", made.key)
        except FieldsInvalid as error:
            form.name_mistakes(error.wrong)
        except DomainError as error:
            return _form_page(request, form, notice=str(error), status=INVALID)
    return _form_page(request, form, status=INVALID)


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Correct the record of one's own business, if nobody else did since it was shown."""
    mine, member = own(request, key)
    if not rules.may_change_profile(role=member.role):
        raise Http404
    if request.method != "POST":
        initial = shown(mine)
        # A number that a desk has not confirmed yet is the owner's own to correct.
        number = mine.corporate_number or mine.claimed_number
        return _form_page(request, BusinessForm(initial={**initial, "corporate_number": number}), mine)
    if "fill" in request.POST:
        filled = business_filling.fill(request.POST.dict())
        return _form_page(request, filled.form, mine, notice=filled.notice)
    form = BusinessForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, mine, status=INVALID)
    typed = form.typed()
    if mine.corporate_number:
        typed.pop("corporate_number")  # confirmed: a desk changes it
    source = Source.DELEGATE if member.role == MemberRole.DELEGATE else Source.OWNER
    try:
        change(
            business=mine,
            values=typed,
            seen_version=whole(form.cleaned_data["version"]),
            source=source,
            sources=form.sources(typed),
            at=clock.now(),
            by=worn_by(request).as_actor(),
        )
    except FieldsInvalid as error:
        form.name_mistakes(error.wrong)
        return _form_page(request, form, mine, status=INVALID)
    except ChangedMeanwhile as error:
        mine.refresh_from_db()
        again = BusinessForm({**request.POST.dict(), "version": str(mine.version)})
        more = {"conflict": str(error), "differences": differences(mine, form)}
        return _form_page(request, again, mine, status=409, **more)
    messages.success(request, gettext("保存しました。"))
    return redirect("my:business", mine.key)


def _form_page(
    request: HttpRequest, form: BusinessForm, mine: Business | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "business": mine,
        "notice": "",
        "conflict": "",
        "differences": [],
        "has_register": looking_up.is_configured(),
        "back_url": reverse("my:business", args=[mine.key]) if mine else reverse("my:businesses"),
        **more,
    }
    return render(request, "my/business_form.html", context, status=status)
