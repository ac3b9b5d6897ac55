"""The first page of those who work in an organisation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import worn_by


@requires("own.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """As whom one acts here; who acts for no organisation has an account page only."""
    hat = worn_by(request)
    if not hat.is_staff:
        return redirect("account_home")
    return render(request, "desk/home.html", {"hat": hat})
