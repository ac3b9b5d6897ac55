"""A referral for somebody without an account: the cover, what was asked, and the answer.

Opening is a POST: programs that follow the links of a mail to look for viruses open nothing, and leave no
record of a reading. A wrong link, an expired one and a good one have the same cover. The address is the key:
the site's referrer policy (same-origin) tells it to nobody else.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.errors import LinkInvalid
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.operations import linking
from madoguchi.consultations.queries import referral_page
from madoguchi.consultations.states import MOVES, InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.web.account.limits import too_often
from madoguchi.web.portal.shapes import referral as shapes
from madoguchi.web.shared.referral_words import OutsideAnswerForm

GONE, INVALID, CONFLICT = 404, 422, 409
LIMIT = "referral_link"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, secret: str) -> HttpResponse:
    """The cover; by its button the content, and from there the answer."""
    if request.method != "POST":
        return _render(request, {"part": "cover"})
    if refused := too_often(request, LIMIT):
        return refused
    try:
        link = linking.open_link(secret=secret, at=clock.now())
    except LinkInvalid as error:
        return _render(request, {"part": "gone", "why": str(error)}, status=GONE)
    involvement = link.involvement
    assert involvement is not None  # noqa: S101 (open_link gives none without)
    if request.POST.get("what") == "answer":
        return _answer(request, secret, involvement)
    return _show(request, involvement)


def _answer(request: HttpRequest, secret: str, involvement: Involvement) -> HttpResponse:
    state = InvolvementState(involvement.state)
    if not MOVES[state] or state == InvolvementState.FINISHED:
        return _show(request, involvement, status=CONFLICT)
    form = OutsideAnswerForm(request.POST, state=state)
    if not form.is_valid():
        return _show(request, involvement, form, status=INVALID)
    try:
        answered = linking.answer_link(secret=secret, answer=form.told(), at=clock.now())
    except Conflict:
        involvement.refresh_from_db()
        return _show(request, involvement, status=CONFLICT)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, involvement, form, status=INVALID)
    return _show(request, answered, said=gettext("お返事を受け取りました。ありがとうございました。"))


def _show(
    request: HttpRequest,
    involvement: Involvement,
    form: OutsideAnswerForm | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    found = referral_page.introduced(involvement)
    if form is None and found.is_open:
        form = OutsideAnswerForm(
            state=InvolvementState(involvement.state), initial={"name": involvement.answered_by_name}
        )
    context = {
        "part": "content",
        "page": shapes.page(found, on=clock.today()),
        "form": form if found.is_open else None,
        "said": said,
        "is_conflict": status == CONFLICT,
    }
    return _render(request, context, status=status)


def _render(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "portal/referral.html", context, status=status)
