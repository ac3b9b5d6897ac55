"""What was typed when the session had ended: to look at, and to send on with one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.operations import kept_forms
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.kept_forms import FIELD, key_cookie

# Words somebody typed, in contrast to numbers and names of choices.
_SHORTEST_TEXT = 12


@requires("own.use")
@require_safe
def kept(request: HttpRequest, number: int) -> HttpResponse:
    """Show a kept form to the person who typed it, in the browser it was typed in, and to nobody else."""
    key = request.COOKIES.get(key_cookie(), "")
    found = kept_forms.opened(number, user_id=worn_by(request).user_id, key=key, at=clock.actual_now())
    if found is None:
        return redirect("account_home")
    typed, kept_at = found
    told = [value for _, value in typed.fields if value.strip()]
    context = {
        "typed": typed,
        "number": number,
        "kept_at": kept_at,
        "field": FIELD,
        "texts": [value for value in told if _is_text(value)],
        "others": [value for value in told if not _is_text(value)],
    }
    return render(request, "account/kept_form.html", context)


@requires("own.use")
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """Throw a kept form away."""
    kept_forms.forget(number, user_id=worn_by(request).user_id)
    return redirect("account_home")


def _is_text(value: str) -> bool:
    return len(value) >= _SHORTEST_TEXT or not value.isascii()
