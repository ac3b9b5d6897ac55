"""この条件をメールで受け取る: asking, confirming, and one's own list; all without an account."""

from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.models import User
from madoguchi.alerts import describing, links, queries
from madoguchi.alerts.errors import QuestionTooLong, SubscriptionGone
from madoguchi.alerts.kinds import Kind, Rhythm
from madoguchi.alerts.operations import managing, subscribing
from madoguchi.alerts.operations.subscribing import Wish
from madoguchi.finding import ask as finding
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.mail.errors import AddressUnusable
from madoguchi.web.account import limits
from madoguchi.web.portal import favourite_cookie
from madoguchi.web.portal.forms.alerts import AddressForm, AskForm
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.views.fit import visit_of
from madoguchi.web.shared.same_origin import is_same_origin

INVALID, GONE = 422, 410
_FORM_METHODS = ["GET", "HEAD", "POST"]


# The site's forms hold no token (pages are cached for everybody); is_same_origin stands in for it.
@csrf_exempt
@public
@require_http_methods(_FORM_METHODS)
@never_cache
def ask(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Say what will be mailed, how often and how it is stopped; take the address.

    The answer is the same whatever is known of the address.
    """
    question = _question(request, kind)
    if not question and kind != Kind.SEARCH:
        return HttpResponseRedirect(_back_url(request, kind))
    form = AskForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    refused = ""
    if request.method == "POST" and form.is_valid():
        if (too_often := _counted(request)) is not None:
            return too_often
        wish = Wish(kind, question, Rhythm(form.cleaned_data["rhythm"]), get_language() or "ja")
        try:
            _ask(request, form.cleaned_data["email"], wish)
        except (QuestionTooLong, AddressUnusable) as error:
            refused = str(error)
        else:
            return HttpResponseRedirect(reverse("portal:alerts_sent"))
    context = {
        "trail": trail(("", gettext("メールで受け取る"))),
        "kind": kind,
        "about": describing.describe(kind, question),
        "answers": visit_of(request).telling_lines() if kind == Kind.FACTS else [],
        "form": form,
        "refused": refused,
        "back_url": _back_url(request, kind),
    }
    return render(
        request, "portal/alerts_ask.html", context, status=INVALID if form.errors or refused else 200
    )


def _question(request: HttpRequest, kind: Kind) -> Any:
    """What is asked for, in the form in which it is kept: of a search, what was understood of it."""
    if kind == Kind.FACTS:
        return {key: plain for key, plain in visit_of(request).profile.answers.items() if plain is not None}
    if kind == Kind.FAVOURITES:
        held = favourite_cookie.held(request).items
        return [item for item in held if item.split(":")[0] in ("programme", "event")]
    asked = finding.read(dict(request.GET.lists()), today=clock.today())
    return [[name, value] for name, value in asked.parameters() if name not in ("sort", "page")]


def _back_url(request: HttpRequest, kind: Kind) -> str:
    names = {Kind.SEARCH: "search", Kind.FACTS: "fit_results", Kind.FAVOURITES: "favourites"}
    query = request.META.get("QUERY_STRING", "") if kind == Kind.SEARCH else ""
    return reverse(f"portal:{names[kind]}") + (f"?{query}" if query else "")


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"email": request.user.email} if isinstance(request.user, User) else {}


def _counted(request: HttpRequest) -> HttpResponse | None:
    """Refuse a form of another site; what to answer a place that asks too often."""
    if not is_same_origin(request):
        raise PermissionDenied
    return limits.too_often(request, "alerts_place")


def _ask(request: HttpRequest, address: str, wish: Wish) -> None:
    if limits.may_still(request, "alerts_address", key=address.strip().lower()):
        subscribing.ask(address=address, wish=wish, at=clock.now(), actual=clock.actual_now())


@public
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, whatever the address."""
    return render(request, "portal/alerts_sent.html", {"trail": trail(("", gettext("メールで受け取る")))})


@csrf_exempt
@public
@require_http_methods(_FORM_METHODS)
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more and begin: programs that follow links in mail confirm nothing."""
    number = links.read_confirm(token)
    if number is None:
        raise Http404
    actual = clock.actual_now()
    try:
        if request.method == "POST":
            if not is_same_origin(request):
                raise PermissionDenied
            subscription = subscribing.confirm(subscription_id=number, at=clock.now(), actual=actual)
        else:
            subscription = subscribing.waiting(subscription_id=number, actual=actual)
    except SubscriptionGone:
        return render(request, "portal/alerts_gone.html", {"trail": trail(("", _title()))}, status=GONE)
    context = {
        "trail": trail(("", _title())),
        "about": describing.describe(subscription.kind, subscription.question),
        "rhythm": subscription.get_rhythm_display(),
        "is_confirmed": request.method == "POST",
        "manage_url": links.manage_path(subscription.recipient_hash, on=clock.today()),
    }
    return render(request, "portal/alerts_confirm.html", context)


def _title() -> str:
    return gettext("お知らせのメール")


@csrf_exempt
@public
@require_http_methods(_FORM_METHODS)
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """The subscriptions of the address that the link was mailed to: change, stop, stop all."""
    recipient = links.read_manage(token, on=clock.today())
    if recipient is None:
        return render(request, "portal/alerts_gone.html", {"trail": trail(("", _title()))}, status=GONE)
    if request.method == "POST":
        if not is_same_origin(request):
            raise PermissionDenied
        _act(request, recipient)
        return HttpResponseRedirect(f"{request.path}?done={_done(request)}")
    context = {
        "trail": trail(("", _title())),
        "subscriptions": [
            (each, describing.describe(each.kind, each.question)) for each in queries.own(recipient)
        ],
        "rhythms": Rhythm.choices,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/alerts_manage.html", context)


def _done(request: HttpRequest) -> str:
    return request.POST["action"]


def _act(request: HttpRequest, recipient: str) -> None:
    action, number = request.POST.get("action", ""), request.POST.get("number", "")
    at = clock.now()
    if action == "stop_all":
        managing.stop_all(recipient_hash=recipient, at=at)
        return
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise BadRequest
    if action == "stop":
        managing.stop(recipient_hash=recipient, subscription_id=int(number), at=at)
    elif action == "rhythm" and request.POST.get("rhythm") in Rhythm.values:
        rhythm = Rhythm(request.POST["rhythm"])
        managing.change_rhythm(recipient_hash=recipient, subscription_id=int(number), rhythm=rhythm, at=at)
    else:
        raise BadRequest


@csrf_exempt
@public
@require_http_methods(_FORM_METHODS)
@never_cache
def alerts(request: HttpRequest) -> HttpResponse:
    """What can be mailed, and the way back to one's own list for whoever lost the link."""
    form = AddressForm(request.POST if request.method == "POST" else None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        if (too_often := _counted(request)) is not None:
            return too_often
        address = form.cleaned_data["email"]
        if limits.may_still(request, "alerts_address", key=address.strip().lower()):
            managing.ask_for_list(address=address, language=get_language() or "ja", at=clock.now())
        return HttpResponseRedirect(reverse("portal:alerts_sent"))
    context = {"trail": trail(("", _title())), "form": form}
    return render(request, "portal/alerts.html", context, status=INVALID if form.errors else 200)
