"""A page for each municipality, and a sheet with its QR code to hang up or hand out."""

import segno
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.web.portal.shapes import area as shapes
from madoguchi.web.portal.shapes import linked_data
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import kept

SHOWN = 6


@public
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Every municipality under its 圏域."""
    context = {
        "trail": trail(("", gettext("市町村からさがす"))),
        "groups": shapes.by_group(institutions.region()),
    }
    return render(request, "portal/areas.html", context)


@public
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """What can be used in one municipality now: programmes, desks, dates; five digits lead on to six."""
    now = kept.state()
    region = institutions.region()
    found = shapes.area_of(region, code)
    if code != found.code:
        return HttpResponsePermanentRedirect(shapes.address(found))
    context = {
        "trail": trail((reverse("portal:areas"), gettext("市町村からさがす")), ("", found.name)),
        "area": found,
        "linked": linked_data.head(
            request,
            title=gettext("%(place)sで使える支援") % {"place": found.name},
            description=gettext("事業者が使える支援、相談窓口、セミナー・相談会をまとめています。"),
        ),
        "parts": shapes.parts(found, region, on=clock.today(), now=now, most=SHOWN),
    }
    return render(request, "portal/area.html", context)


@public
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """One page to print: the QR code of a municipality's page and the telephone number of the desk."""
    found = shapes.area_of(institutions.region(), code)
    address = request.build_absolute_uri(shapes.address(found))
    context = {
        "area": found,
        "address": address,
        "code": segno.make(address, error="m").svg_data_uri(scale=8, border=4),
    }
    return render(request, "portal/area_sheet.html", context)
