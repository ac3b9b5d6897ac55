"""An operator session: a reason, an hour, and its end."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.operations import operators
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.account.views.second_factor import own_path
from madoguchi.web.shared.hats import worn_by


class ReasonForm(forms.Form):
    """Why the operator comes now."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        help_text=gettext_lazy("例：索引の作り直し。相談の内容や個人の名前は書かないでください。"),
    )


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the reason and begin."""
    hat = worn_by(request)
    if hat.role != Role.OPERATOR:
        return redirect("account_home")
    form = ReasonForm(request.POST or None)
    if not form.is_valid():
        return render(request, "account/operator.html", {"form": form, "hat": hat})
    operators.begin(hat=hat, reason=form.cleaned_data["reason"], at=clock.actual_now())
    return redirect(own_path(request.GET.get("next", "")) or "desk:home")


@requires("own.use")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End it before its time."""
    operators.end(hat=worn_by(request), at=clock.actual_now())
    return redirect("account_home")
