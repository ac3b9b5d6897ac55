"""As whom one acts."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import SESSION_KEY


@requires("own.use")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Put on the hat of one of one's own running memberships; 404 for any other."""
    try:
        wanted = int(request.POST.get("membership", ""))
    except ValueError as error:
        raise BadRequest from error
    own: tuple[Hat, ...] = getattr(request, "hats", ())
    if wanted not in {hat.membership_id for hat in own}:
        raise Http404
    request.session[SESSION_KEY] = wanted
    return redirect("desk:home")
