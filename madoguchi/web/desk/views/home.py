"""The first page of those who work in an organisation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from madoguchi.consultations.queries.trays import Tray
from madoguchi.foundation.access import requires
from madoguchi.web.desk.views import trays
from madoguchi.web.shared.hats import worn_by


@requires("own.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do today, or as whom one acts; who acts for nobody has an account page only."""
    hat = worn_by(request)
    if not hat.is_staff:
        return redirect("account_home")
    if hat.may("cases.read"):
        return trays.show(request, Tray.TODAY)
    if hat.may("cases.assigned"):
        return redirect("desk:assigned")
    return render(request, "desk/home.html", {"hat": hat})
