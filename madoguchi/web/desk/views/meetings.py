"""ケース会議: the list, one meeting, writing and changing its minutes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.consultations.models import Meeting
from madoguchi.consultations.operations import meetings as operations
from madoguchi.consultations.operations.meetings import Minutes
from madoguchi.consultations.queries import meetings as queries
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.web.desk.forms.meeting import Decisions, MeetingForm, decided
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.crumbs import to_cases
from madoguchi.web.desk.views.case import INVALID
from madoguchi.web.desk.views.notes import CONFLICT, version_of
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE = 30


@requires("cases.read")
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings of the organisation."""
    hat = worn_by(request)
    context = {
        "trail": to_cases(("", gettext("ケース会議"))),
        "page": page_of(queries.meetings_of(hat), request.GET.get("page"), size=PAGE_SIZE),
    }
    return render(request, "desk/meetings.html", context)


@requires("cases.read")
@require_safe
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """One meeting, with its decisions about the cases that the reader may see."""
    found, hat = _found(request, key), worn_by(request)
    decisions = operations.read_decisions(meeting=found, hat=hat, at=clock.now())
    context = {
        "trail": to_cases((reverse("desk:meetings"), gettext("ケース会議")), ("", found.held_on.isoformat())),
        "meeting": found,
        "decisions": [
            (reverse("desk:case", args=[row.case.key]), row.case, labels.who(row.case), row.decision)
            for row in decisions
        ],
    }
    return render(request, "desk/meeting.html", context)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, key: str = "") -> HttpResponse:
    """Write new minutes, or change those with this key."""
    found, hat = (_found(request, key) if key else None), worn_by(request)
    if request.method != "POST":
        return _show(request, found, _begin(request, found), _lines(request, found))
    form, lines = MeetingForm(request.POST), Decisions(request.POST, prefix="d")
    if not (form.is_valid() and lines.is_valid()):
        return _show(request, found, form, lines, status=INVALID)
    numbers = [line.cleaned_data.get("number", "") for line in lines]
    decisions = decided(lines, queries.cases_by_number(numbers, hat))
    if any(line.errors for line in lines):
        return _show(request, found, form, lines, status=INVALID)
    told = Minutes(decisions=decisions, **form.cleaned_data)
    try:
        if found is None:
            found = operations.keep_meeting(told=told, hat=hat, at=clock.now())
        else:
            operations.change_meeting(
                meeting=found, told=told, version=version_of(request), hat=hat, at=clock.now()
            )
    except Conflict:
        return _show(request, found, form, lines, status=CONFLICT)
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, found, form, lines, status=INVALID)
    messages.success(request, gettext("会議の記録を残しました。"))
    return redirect("desk:meeting", found.key)


def _found(request: HttpRequest, key: str) -> Meeting:
    found = queries.meetings_of(worn_by(request)).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _begin(request: HttpRequest, found: Meeting | None) -> MeetingForm:
    if found is None:
        return MeetingForm(initial={"held_on": clock.today(), "attendees": worn_by(request).label})
    return MeetingForm(
        initial={"held_on": found.held_on, "attendees": found.attendees, "minutes": found.minutes}
    )


def _lines(request: HttpRequest, found: Meeting | None) -> Any:
    rows = operations.read_decisions(meeting=found, hat=worn_by(request), at=clock.now()) if found else []
    initial = [{"number": row.case.number, "decision": row.decision} for row in rows]
    return Decisions(prefix="d", initial=initial)


def _show(
    request: HttpRequest, found: Meeting | None, form: MeetingForm, lines: Any, *, status: int = 200
) -> HttpResponse:
    if status == CONFLICT and found is not None:
        found.refresh_from_db()
    heading = gettext("会議の記録を直す") if found else gettext("会議を記録する")
    context = {
        "trail": to_cases((reverse("desk:meetings"), gettext("ケース会議")), ("", heading)),
        "heading": heading,
        "meeting": found,
        "form": form,
        "lines": lines,
        "is_conflict": status == CONFLICT,
    }
    return render(request, "desk/meeting_form.html", context, status=status)
