"""Stopping mail that nobody needs to get on, from the link in it; without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.mail import stops
from madoguchi.mail.operations import sending


@public
@never_cache
# Exempt: mail programs send "List-Unsubscribe=One-Click" by themselves (RFC 8058). The signed token in the
# address is the right to do so, and all that it can do is this.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and stop; or begin again."""
    way = stops.read(token)
    if way is None:
        raise Http404
    is_stopped = False
    if request.method == "POST":
        is_stopped = "resume" not in request.POST
        (sending.stop if is_stopped else sending.resume)(way=way, at=clock.now())
    context = {"series": way.series.label, "was_sent": request.method == "POST", "is_stopped": is_stopped}
    return render(request, "portal/mail_stop.html", context)
