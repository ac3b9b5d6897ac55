"""As whom one acts."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.operations import operators
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import SESSION_KEY, worn_by


@requires("own.use")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Put on the hat of one of one's own running memberships; 404 for any other.

    An operator session ends when its hat is taken off.
    """
    try:
        wanted = int(request.POST.get("membership", ""))
    except ValueError as error:
        raise BadRequest from error
    own: tuple[Hat, ...] = getattr(request, "hats", ())
    chosen = next((hat for hat in own if hat.membership_id == wanted), None)
    if chosen is None:
        raise Http404
    if worn_by(request).role == Role.OPERATOR:
        operators.end(hat=worn_by(request), at=clock.actual_now())
    request.session[SESSION_KEY] = wanted
    return redirect("account_operator" if chosen.role == Role.OPERATOR else "desk:home")
