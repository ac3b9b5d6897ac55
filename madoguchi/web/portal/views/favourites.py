"""Favourites: a list to bring along, kept in the visitor's own browser."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.web.portal import favourite_cookie
from madoguchi.web.portal.shapes import favourites as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.views import feeds
from madoguchi.web.shared.same_origin import is_same_origin


@public
@require_safe
@never_cache
def favourites(request: HttpRequest) -> HttpResponse:
    """The list to read and to print; a cookie that cannot be trusted is replaced."""
    held = favourite_cookie.held(request)
    lines, gone = shapes.lines(held.items, at=clock.now(), absolute=request.build_absolute_uri)
    context = {
        "trail": trail(("", gettext("お気に入り"))),
        "lines": lines,
        "gone_count": len(gone),
        "is_broken": held.is_broken,
        "is_full": "full" in request.GET,
        "most": favourite_cookie.MOST,
        "today": clock.today(),
        "has_programmes": any(line.slug for line in lines),
        "has_news": any(line.item.startswith(("programme:", "event:")) for line in lines),
        "calendar_url": feeds.favourites_url(tuple(line.item for line in lines)),
    }
    response = render(request, "portal/favourites.html", context)
    if held.is_broken or gone:
        favourite_cookie.keep(response, tuple(line.item for line in lines))
    return response


# Pages are cached for everybody, so their forms hold no token; is_same_origin stands in for it.
@csrf_exempt
@public
@require_POST
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Add or remove one favourite and go on; 403 when another site sent the form."""
    if not is_same_origin(request):
        raise PermissionDenied
    action, item = request.POST.get("action", ""), request.POST.get("item", "")
    if action not in {"add", "remove"} or not favourite_cookie.is_item(item):
        raise BadRequest
    held = favourite_cookie.held(request).items
    changed = tuple(each for each in held if each != item)
    if action == "add":
        if not shapes.exists(item):
            raise Http404
        changed = held if item in held else (*held, item)
        if not favourite_cookie.fits(changed):
            return HttpResponseRedirect(f"{reverse('portal:favourites')}?full=1")
    response = HttpResponseRedirect(_next(request))
    favourite_cookie.keep(response, changed)
    return response


def _next(request: HttpRequest) -> str:
    """Where to go on: a path of this site from the form, else the list."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("portal:favourites")
