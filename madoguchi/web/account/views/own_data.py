"""Taking along what the site knows of oneself and of one's businesses."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.models import User
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.journeys import own_data
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.shared.hats import worn_by


@requires("own.use")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What can be taken along."""
    return render(request, "account/own_data.html", {"businesses": _own_businesses(worn_by(request).user_id)})


@requires("own.use")
@recently_confirmed
@require_POST
def person(request: HttpRequest) -> HttpResponse:
    """The file about oneself."""
    content = own_data.of_person(user=cast("User", request.user), hat=worn_by(request), at=clock.now())
    return _file(content, "my-data.zip")


@requires("own.use")
@recently_confirmed
@require_POST
def business(request: HttpRequest, key: str) -> HttpResponse:
    """The file about a business that one owns; 404 for any other."""
    hat = worn_by(request)
    found = next((each for each in _own_businesses(hat.user_id) if each.key == key), None)
    if found is None:
        raise Http404
    return _file(own_data.of_business(business=found, hat=hat, at=clock.now()), f"business-{found.key}.zip")


def _own_businesses(user_id: int) -> list[Business]:
    """The businesses that the person owns now: a delegate takes nothing along."""
    owned = BusinessMember.objects.filter(user=user_id, role=MemberRole.OWNER)
    owned = owned.running(at=clock.actual_now())
    return [member.business for member in owned.select_related("business").order_by("pk")]


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
