"""The receipt of a request and how it stands: by its link, or signed in."""

import secrets
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import inviting, reading, request_links, requester
from madoguchi.consultations.operations.requester import Requester
from madoguchi.consultations.queries.appointments import of_business
from madoguchi.consultations.queries.request_state import RequestState, request_state
from madoguchi.foundation import audit, clock
from madoguchi.foundation.access import public, requires
from madoguchi.foundation.errors import DomainError
from madoguchi.mail.invitations import Method
from madoguchi.web.portal.shapes import consult as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.fit_sheet import qr
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.same_origin import is_same_origin

INVALID = 422
# So long a text is a letter, not an addition; the field says so.
LONGEST_WORDS = 4000


def _by_link(secret: str) -> Case:
    try:
        return request_links.follow_state_link(secret=secret, at=clock.now())
    except Case.DoesNotExist:
        raise Http404 from None


def _own(request: HttpRequest, key: str) -> Case:
    try:
        return reading.read_own_case(key=key, hat=worn_by(request), at=clock.now(), what="state")
    except Case.DoesNotExist:
        raise Http404 from None


@public
@require_safe
@never_cache
def receipt(request: HttpRequest, secret: str) -> HttpResponse:
    """The number, who has it, until when an answer is promised; to print, with the link as a QR code."""
    case = _by_link(secret)
    state = request_state(case, on=clock.today())
    state_url = request.build_absolute_uri(reverse("portal:consult_state", args=[secret]))
    context = {
        "trail": trail(("", gettext("相談を受け付けました"))),
        "state": state,
        "place": shapes.place(state.lead),
        "next_thing": shapes.next_thing(state, today=clock.today()),
        "state_url": state_url,
        "qr": qr(state_url),
    }
    return render(request, "portal/consult_receipt.html", context)


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """How a request stands, for whoever holds its link; a form sent from here does one thing to it."""
    case = _by_link(secret)
    who = Requester(audit.ANONYMOUS, case.contact_name or gettext("相談した方"))
    return _page(request, case, who, address=reverse("portal:consult_state", args=[secret]))


@csrf_exempt
@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, key: str) -> HttpResponse:
    """The same for who asked, or acts for the business, signed in."""
    case, hat = _own(request, key), worn_by(request)
    who = Requester(hat.as_actor(), hat.label, hat.user_id)
    return _page(request, case, who, address=reverse("portal:consult_own", args=[key]))


@public
@require_safe
@never_cache
def appointment_by_link(_request: HttpRequest, secret: str, pk: int) -> HttpResponse:
    """An appointment for the calendar of whoever holds the link."""
    return _calendar_file(_by_link(secret), pk)


@requires("own.use")
@require_safe
def own_appointment(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The same for who asked, or acts for the business, signed in."""
    return _calendar_file(_own(request, key), pk)


def _calendar_file(case: Case, pk: int) -> HttpResponse:
    found = next((each for each in of_business(case, on=clock.today()) if each.pk == pk), None)
    if found is None:
        raise Http404
    content = inviting.calendar_file(found, method=Method.PUBLISH, at=clock.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@requires("own.use")
@require_safe
def all_own(request: HttpRequest) -> HttpResponse:
    """The requests of a person and of the businesses they act for, the newest first."""
    cases = Case.objects.of_person(worn_by(request)).order_by("-opened_at", "-pk")[:200]
    context = {
        "trail": trail(("", gettext("わたしの相談"))),
        "rows": [(case, shapes.headline(case)) for case in cases],
    }
    return render(request, "portal/consult_all.html", context)


def _page(request: HttpRequest, case: Case, who: Requester, *, address: str) -> HttpResponse:
    if request.method == "POST":
        return _act(request, case, who, address=address)
    return _show(request, case, address=address)


def _show(
    request: HttpRequest, case: Case, *, address: str, error: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    today = clock.today()
    state: RequestState = request_state(case, on=today)
    context = {
        "trail": trail(("", gettext("相談の状況"))),
        "state": state,
        "headline": shapes.headline(case),
        "next_thing": shapes.next_thing(state, today=today),
        "places": [shapes.place(part) for part in state.parts],
        "introduced": [shapes.introduced(row, today=today) for row in state.introductions],
        "appointments": [shapes.appointment_line(each, today=today) for each in state.appointments],
        "address": address,
        "once": secrets.token_urlsafe(16),
        "error": error,
        "done": _done(request.GET.get("done", "")) if not error else "",
        "typed": typed,
        "longest": LONGEST_WORDS,
        "asks": request.GET.get("ask", "") if request.GET.get("ask") in _ASKED_FIRST else "",
    }
    return render(request, "portal/consult_state.html", context, status=status)


# What cannot be undone asks once more on a page of its own address.
_ASKED_FIRST = ("withdraw", "withdraw_consent")


def _act(request: HttpRequest, case: Case, who: Requester, *, address: str) -> HttpResponse:
    """Do what the pressed button says; what was typed comes back when it cannot be done."""
    typed = request.POST.get("body", "")[: LONGEST_WORDS * 2]
    if not is_same_origin(request):
        if not typed:
            raise PermissionDenied
        sentence = gettext("このページから送られたことを確かめられませんでした。もう一度送ってください。")
        return _show(request, case, address=address, error=sentence, typed=typed, status=INVALID)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act(request, case, who)
    except DomainError as error:
        return _show(request, case, address=address, error=str(error), typed=typed, status=INVALID)
    return HttpResponseRedirect(f"{address}?done={request.POST['act']}")


def _nudge(request: HttpRequest, case: Case, who: Requester) -> None:
    part = whole(request.POST.get("part", "")) if "part" in request.POST else None
    requester.nudge(case=case, on=clock.today(), requester=who, at=clock.now(), part=part)


def _tick(request: HttpRequest, case: Case, who: Requester) -> None:
    task_id = whole(request.POST.get("task", ""))
    requester.tick(case=case, task_id=task_id, requester=who, at=clock.now())


def _add(request: HttpRequest, case: Case, who: Requester) -> None:
    body = request.POST.get("body", "")
    if len(body) > LONGEST_WORDS:
        raise DomainError(gettext("長すぎます。%(most)d字までにしてください。") % {"most": LONGEST_WORDS})
    once = request.POST.get("once", "")[:64]
    requester.add_words(case=case, body=body, requester=who, at=clock.now(), once=once or None)


def _withdraw(_request: HttpRequest, case: Case, who: Requester) -> None:
    requester.withdraw(case=case, requester=who, at=clock.now())


def _withdraw_consent(_request: HttpRequest, case: Case, who: Requester) -> None:
    requester.withdraw_consent(case=case, requester=who, at=clock.now())


_ACTS: dict[str, Callable[[HttpRequest, Case, Requester], None]] = {
    "nudge": _nudge,
    "tick": _tick,
    "add": _add,
    "withdraw": _withdraw,
    "withdraw_consent": _withdraw_consent,
}


def _done(act: str) -> str:
    """What to say after something was done."""
    return {
        "nudge": gettext("窓口に、お返事をうながしました。"),
        "tick": gettext("「できた」と伝えました。"),
        "add": gettext("書き足したことを、窓口に伝えました。"),
        "withdraw": gettext("相談を取り下げました。"),
        "withdraw_consent": gettext("ほかの機関に伝えるのをやめました。"),
    }.get(act, "")
