"""The header of the staff pages."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.foundation import clock
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.desk import nav
from madoguchi.web.shared import wording
from madoguchi.web.shared.frame import mark
from madoguchi.web.shared.hats import worn_by

register = template.Library()


@register.inclusion_tag("desk/parts/autosave.html", takes_context=True)
def autosave(context: dict[str, Any]) -> dict[str, Any]:
    """The script that keeps what is typed, its words, and whose it is: a mark, not a row number."""
    hat = worn_by(context["request"])
    owner = salted_hmac("madoguchi.desk.autosave", str(hat.user_id)).hexdigest()[:16]
    return {"owner": owner, "url": reverse("desk:draft", args=["FORM"])}


@register.simple_tag
def fiscal_year_of(start_year: int) -> str:
    """令和5年度"""
    return wording.fiscal_year(start_year)


@register.simple_tag
def year_ahead(start_year: int) -> str:
    """That a report's year is not over yet on the day that the site believes in; empty where it is."""
    year = FiscalYear(start_year)
    if clock.today() > year.ends_on:
        return ""
    said = gettext("%(year)sは、まだ終わっていません（終わる日は%(day)sです）。") % {
        "year": wording.fiscal_year(start_year),
        "day": wording.day_full(year.ends_on),
    }
    return said + gettext("デモでは、先の年度の入力を見られるようにしてあります。") if settings.DEMO else said


@register.inclusion_tag("desk/header.html", takes_context=True)
def staff_header(context: dict[str, Any]) -> dict[str, Any]:
    """The header: where one can go, as whom one acts, and the way out."""
    request: HttpRequest = context["request"]
    hat = worn_by(request)
    links = nav.links(hat)
    # Of the addresses that this one stands below, the nearest.
    here = max((link.url for link in links if request.path.startswith(link.url)), key=len, default="")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "region": context["region"],
        "nav": [(link, mark(request.path, link.url) if link.url == here else "") for link in links],
        "hat": hat,
        "hats": getattr(request, "hats", ()),
    }


@register.simple_tag(takes_context=True)
def seen_version(context: dict[str, Any], version: int) -> SafeString:
    """The hidden field with the version that the person has seen.

    A page that refuses what was sent keeps the version that was sent: the one of now would let the next
    attempt pass over what somebody else saved meanwhile. Only a page of a conflict has shown that.
    """
    sent = context["request"].POST.get("version", "")
    seen = sent if sent.isdecimal() and not context.get("is_conflict") else version
    return format_html('<input type="hidden" name="version" value="{}">', seen)
