"""Keeping what somebody is typing: asked for by a script while they type, and by a button without one."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from madoguchi.consultations.operations import drafts
from madoguchi.consultations.operations.drafts import DraftRefused
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.shared import wording
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.kept_forms import keeps_nothing

INVALID = 422
# What goes along with every form and is nobody's typing.
_LEFT_OUT = frozenset({"csrfmiddlewaretoken", "kept_form", "go"})


@keeps_nothing
@requires("cases.write")
@require_POST
def keep(request: HttpRequest, form: str) -> JsonResponse:
    """Keep what was typed into a form; tells when, for people and for the script."""
    content = {
        name: values[0] if len(values) == 1 else values
        for name, values in request.POST.lists()
        if name not in _LEFT_OUT
    }
    now = clock.actual_now()
    try:
        drafts.keep(form=form, content=content, hat=worn_by(request), at=now)
    except DraftRefused as error:
        return JsonResponse({"said": str(error)}, status=INVALID)
    said = gettext("%(time)sに保存しました") % {"time": wording.time_of_day(now)}
    return JsonResponse({"said": said, "saved": int(now.timestamp() * 1000)})


@keeps_nothing
@requires("cases.write")
@require_POST
def forget_intake(request: HttpRequest) -> HttpResponse:
    """Throw away what was typed into the intake, and begin anew."""
    drafts.forget(form=drafts.INTAKE, hat=worn_by(request))
    return HttpResponseRedirect(reverse("desk:intake") + "?new=1")
