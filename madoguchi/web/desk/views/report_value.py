"""One figure of a report: who changed it when and from what, and its correction once it is public."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.results import rules, values
from madoguchi.results.cells import read_cell
from madoguchi.results.models import IndicatorValue, Project, ReportYear
from madoguchi.results.operations.acting import place_of_value
from madoguchi.results.operations.values import correct_value
from madoguchi.results.queries import owing
from madoguchi.results.queries.standing import is_secretariat
from madoguchi.results.queries.visible import projects_visible_to, values_visible_to
from madoguchi.results.states import YearState
from madoguchi.web.desk.forms.report import CorrectionForm
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.views.notes import version_of
from madoguchi.web.shared.hats import worn_by

INVALID = 422
CONFLICT = 409


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def value(request: HttpRequest, pk: int) -> HttpResponse:
    """The history of a figure; the secretariat of a published report corrects it with a reason."""
    hat = worn_by(request)
    found = values_visible_to(hat).select_related("indicator").filter(pk=pk).order_by("pk").first()
    if found is None:
        raise Http404
    place = place_of_value(found.indicator, found.fiscal_year)
    may_correct = is_secretariat(hat, place.newest) and place.is_in(YearState.PUBLISHED)
    if request.method == "POST" and not may_correct:
        raise Http404
    project, form, status = _project(found, hat, place.years), _form(request, found), 200
    odd: Sequence[rules.Doubt] = ()
    if form.is_bound and form.is_valid():
        odd = _doubts(found, form.cleaned_data["raw"], project, place.years)
        status = _correct(request, found, form, is_odd=bool(odd))
        if status == 200:
            return redirect("desk:report_value", pk)
        found.refresh_from_db()
    elif form.is_bound:
        status = INVALID
    typed = form["raw"].value() or ""
    context = {
        "trail": _trail(project, place.years),
        "typed": typed,
        "typed_reading": shapes.in_words(read_cell(typed)) if form.is_bound and typed.strip() else "",
        "odd": shapes.odd_words(odd),
        "value": found,
        "reading": shapes.in_words(values.cell_of(found)),
        "changes": list(found.changes.order_by("-version", "pk")),
        "may_correct": may_correct,
        "form": form,
        "is_conflict": status == CONFLICT,
    }
    return render(request, "desk/report_value.html", context, status=status)


def _form(request: HttpRequest, found: IndicatorValue) -> CorrectionForm:
    if request.method == "POST":
        return CorrectionForm(request.POST)
    return CorrectionForm(initial={"raw": found.raw, "note": found.note})


def _doubts(
    found: IndicatorValue, raw: str, project: Project | None, reports: Sequence[ReportYear]
) -> tuple[rules.Doubt, ...]:
    """What looks odd about the value to be, as in the work of the year."""
    now = read_cell(raw)
    if now.raw == found.raw:
        # Only the sentence beside it changes: the value was looked at when it was made public.
        return ()
    year = next((each for each in reports if project and each.fiscal_year == project.fiscal_year), None)
    owed = next(iter(owing.of_projects(year, [project.pk])), None) if year and project else None
    fields = owed.fields if owed else ()
    field = next((each for each in fields if each.row.indicator_id == found.indicator_id), None)
    if owed is None or field is None or found.fiscal_year not in (owed.project.fiscal_year, None):
        return rules.doubts(None, now)
    return owing.doubts_about(owed, field, now, is_undated=found.fiscal_year is None)


def _correct(request: HttpRequest, found: IndicatorValue, form: CorrectionForm, *, is_odd: bool) -> int:
    """Correct it; returns the status of what came of it. An odd value is confirmed first, that very one."""
    told = form.cleaned_data
    if is_odd and request.POST.get("confirmed", "").strip() != told["raw"]:
        form.add_error(
            "raw", gettext("気になるところがあります。合っていれば、「確かめました」に印をつけてください。")
        )
        return INVALID
    try:
        correct_value(
            value=found,
            raw=told["raw"],
            note=told["note"],
            reason=told["reason"],
            version=version_of(request),
            hat=worn_by(request),
            at=clock.now(),
        )
    except Conflict:
        return CONFLICT
    except DomainError as error:
        form.add_error(None, str(error))
        return INVALID
    messages.success(request, gettext("訂正しました。前の値と理由も残っています。"))
    return 200


def _project(value: IndicatorValue, hat: Hat, reports: Sequence[ReportYear]) -> Project | None:
    """The project of the figure's own year, else of the newest report, that the hat may open."""
    years = [year.fiscal_year for year in reports]
    tables = projects_visible_to(hat).filter(indicator_rows__indicator=value.indicator_id)
    found = list(tables.filter(fiscal_year__in=years).order_by("-fiscal_year", "pk"))
    own = [project for project in found if project.fiscal_year == value.fiscal_year]
    return next(iter(own or found), None)


def _trail(project: Project | None, reports: Sequence[ReportYear]) -> list[Any]:
    """The way to the history of a figure of this project."""
    if project is None:
        return []
    year = next(each for each in reports if each.fiscal_year == project.fiscal_year)
    address = reverse("desk:report_project", args=[project.slug])
    return shapes.to_report(year, (address, project.name), ("", gettext("数字の履歴")))
