"""The calendar: a month of one's own tasks, follow-ups and talks, or for managers of everybody's.

A feed holds one's own with numbers only.
"""

from calendar import monthrange
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.consultations.errors import LinkEnded
from madoguchi.consultations.models import CalendarFeed
from madoguchi.consultations.operations import calendars
from madoguchi.consultations.queries import absences, trays
from madoguchi.consultations.queries import calendar as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import public, requires
from madoguchi.web.desk.forms.absences import OwnAbsenceForm
from madoguchi.web.desk.shapes import calendar as shapes
from madoguchi.web.desk.shapes import tray as tray_shapes
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.shared import wording
from madoguchi.web.shared.asked import first_of_month
from madoguchi.web.shared.hats import worn_by

_FEED_BACK, _FEED_AHEAD = timedelta(days=31), timedelta(days=366)
# Where the new address waits until the next page shows it, once.
_SHOWN_ONCE = "calendar_feed"


@requires("cases.read")
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, day by day; only days with something are listed."""
    hat, today = worn_by(request), clock.today()
    first = first_of_month(request.GET.get("month", "")) or today.replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    of_team = request.GET.get("whose") == "team"
    if of_team and not hat.may("cases.manage"):
        raise PermissionDenied
    secret = request.session.pop(_SHOWN_ONCE, "")
    context = {
        "trail": to_cases(("", gettext("予定"))),
        "side": tray_shapes.side(trays.counts(hat, on=today), None),
        "heading": wording.month_full(first),
        "sheets": _sheets(hat, first, last, of_team=of_team),
        "of_team": of_team,
        "may_see_team": hat.may("cases.manage"),
        "month": first.strftime("%Y-%m"),
        "previous": (first - timedelta(days=1)).strftime("%Y-%m"),
        "following": (last + timedelta(days=1)).strftime("%Y-%m"),
        "away": absences.own(hat, on=today),
        "away_form": OwnAbsenceForm(),
        "has_feed": CalendarFeed.objects.filter(membership=hat.membership_id).exists(),
        "feed_url": request.build_absolute_uri(reverse("desk:calendar_feed", args=[secret]))
        if secret
        else "",
    }
    return render(request, "desk/calendar.html", context)


def _sheets(hat: Hat, first: date, last: date, *, of_team: bool) -> list[shapes.Sheet]:
    if not of_team:
        days = shapes.days(queries.entries(hat, first=first, last=last), on=clock.today())
        return [shapes.Sheet("", days)] if days else []
    entries = queries.entries_of_all(hat, first=first, last=last)
    people = User.objects.in_bulk({entry.adviser_id for entry in entries})
    return shapes.sheets(entries, people, on=clock.today())


@requires("cases.read")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Make a new secret address, or take it away; the one before opens nothing any more."""
    hat = worn_by(request)
    if "end" in request.POST:
        calendars.end_feed(hat=hat, at=clock.now())
    else:
        request.session[_SHOWN_ONCE] = calendars.renew_feed(hat=hat, at=clock.now())
    return redirect(f"{reverse('desk:calendar')}#feed")


@public
@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar for a program that holds the secret: days and numbers of cases, no names, no content."""
    try:
        hat = calendars.hat_behind(secret, at=clock.actual_now())
    except LinkEnded:
        raise Http404 from None
    today = clock.today()
    entries = queries.entries(hat, first=today - _FEED_BACK, last=today + _FEED_AHEAD)
    content = shapes.feed(entries, stamped_at=clock.now(), host=request.get_host())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
