"""For the secretariat: every unit with what it owes, reminders, and the review of what a unit handed in."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.results import values
from madoguchi.results.models import UnitReturn
from madoguchi.results.operations import returns, telling
from madoguchi.results.states import ReturnState, YearState
from madoguchi.web.desk.forms.report import ReturnForm, cells_of, thousands
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.shapes.report import ProjectLine, UnitLine
from madoguchi.web.desk.views.notes import version_of
from madoguchi.web.desk.views.report import INVALID, Desk, desk_or_404, line_or_404, other_years
from madoguchi.web.shared.asked import whole

CONFLICT = 409


def secretariat_or_404(request: HttpRequest, year: int) -> Desk:
    """The secretariat's desk. Http404 for everybody else."""
    desk = desk_or_404(request, year)
    if not desk.is_secretariat:
        raise Http404
    return desk


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest, year: int) -> HttpResponse:
    """The units by how far they are; reminders with one press, for one unit or for all that still owe."""
    desk = secretariat_or_404(request, year)
    if request.method == "POST":
        _remind(request, desk)
        return redirect("desk:report_units", year)
    lines = shapes.unit_lines(desk.year)
    counts = {state: sum(line.state == state for line in lines) for state in ReturnState}
    waiting = counts[ReturnState.OWED] + counts[ReturnState.RETURNED]
    context = {
        "trail": shapes.to_report(desk.year, ("", gettext("部署の一覧"))),
        "year": desk.year,
        "state": shapes.year_words(YearState(desk.year.state)),
        "is_open": desk.is_open,
        "is_late": shapes.is_late(desk.year, on=clock.today()),
        "lines": lines,
        "counts": [(shapes.chip_of(state), count) for state, count in counts.items()],
        "waiting": waiting,
        "other_years": other_years(desk),
        "has_own": any(line.unit.pk in desk.own for line in lines),
    }
    return render(request, "desk/report_units.html", context)


def _remind(request: HttpRequest, desk: Desk) -> None:
    one = whole(request.POST.get("unit", ""))
    try:
        told = telling.remind(
            year=desk.year,
            hat=desk.hat,
            on=clock.today(),
            at=clock.now(),
            units=[one] if one else None,
        )
    except DomainError as error:
        messages.warning(request, str(error))
        return
    if not told:
        messages.warning(request, gettext("知らせる相手がいません。部署の人が、まだ利用者になっていません。"))
        return
    words = ngettext("%(count)s人にメールで知らせました。", "%(count)s人にメールで知らせました。", told)
    messages.success(request, words % {"count": told})


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """What a unit handed in beside the year before; accepted, or returned with a reason."""
    desk = secretariat_or_404(request, year)
    line = line_or_404(desk, unit)
    form, status = ReturnForm(request.POST or None), 200
    if request.method == "POST":
        status = _review(request, desk, line, form)
        if status == 200:
            return redirect("desk:report_units", year)
        if status == CONFLICT:
            line = line_or_404(desk, unit)
    trail = shapes.to_report(
        desk.year,
        (reverse("desk:report_units", args=[year]), gettext("部署の一覧")),
        ("", line.unit.name),
    )
    context = {
        "trail": trail,
        "year": desk.year,
        "line": line,
        "projects": [_side_by_side(each) for each in line.projects],
        "form": form,
        "is_conflict": status == CONFLICT,
        "may_accept": desk.is_open and line.state == ReturnState.HANDED_IN,
        "may_return": desk.is_open and line.state in (ReturnState.HANDED_IN, ReturnState.ACCEPTED),
    }
    return render(request, "desk/report_unit.html", context, status=status)


def _review(request: HttpRequest, desk: Desk, line: UnitLine, form: ReturnForm) -> int:
    """Do what was pressed; returns the status of what came of it."""
    if not form.is_valid():
        return INVALID
    is_back = request.POST.get("act") == "return"
    try:
        if not is_as_seen(line.row, version_of(request)):
            raise Conflict
        said = _give_back(desk, line, form.cleaned_data["note"]) if is_back else _accept(desk, line)
    except Conflict:
        return CONFLICT
    except DomainError as error:
        form.add_error("note" if is_back else None, str(error))
        return INVALID
    messages.success(request, said)
    return 200


def is_as_seen(row: UnitReturn, version: int) -> bool:
    """Whether a unit's part has not moved since somebody opened its page."""
    return row.version == version


def _accept(desk: Desk, line: UnitLine) -> str:
    returns.accept(unit_return=line.row, hat=desk.hat, at=clock.now())
    return gettext("受け付けました。")


def _give_back(desk: Desk, line: UnitLine, note: str) -> str:
    with transaction.atomic():
        returns.give_back(unit_return=line.row, note=note, hat=desk.hat, at=clock.now())
        told = telling.returned(line.row, access_at=desk.hat.at)
    if told:
        return gettext("部署に戻しました。メールで知らせました。")
    return gettext("部署に戻しました。知らせる相手がいないので、電話などで伝えてください。")


def _side_by_side(line: ProjectLine) -> dict[str, object]:
    """A project with its cells as they stand beside the year before."""
    narrative = line.owed.narrative
    return {
        "line": line,
        "project": line.project,
        "overview": narrative.overview if narrative else "",
        "achievements": narrative.achievements if narrative else "",
        "cost": thousands(line.project.cost_yen),
        "rows": [
            {
                "cell": cell,
                "last": cell.field.before.raw if cell.year and cell.field.before else "",
                "reading": shapes.in_words(values.cell_of(cell.kept)) if cell.kept else "",
                "odd": shapes.odd_words(cell.field.doubts) if cell.year else [],
            }
            for cell in cells_of(line.owed)
        ],
    }
