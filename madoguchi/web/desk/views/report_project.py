"""The page of one project in a report: filled in, kept while it is typed, read back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.operations import drafts
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.reporting import sources
from madoguchi.reporting.sources import Measured
from madoguchi.results import rules, values
from madoguchi.results.cells import read_cell
from madoguchi.results.errors import YearClosed
from madoguchi.results.models import Project, ReportYear
from madoguchi.results.operations import filling
from madoguchi.results.operations.acting import place_of_project
from madoguchi.results.operations.filling import ChangedMeanwhile, FieldsWrong
from madoguchi.results.queries import owing
from madoguchi.results.queries.owing import OwedProject
from madoguchi.results.queries.standing import standing
from madoguchi.results.queries.visible import projects_visible_to
from madoguchi.results.states import ReturnState, YearState
from madoguchi.web.desk import sent
from madoguchi.web.desk.forms.report import (
    Cell,
    CellFields,
    ProjectForm,
    again,
    cells_of,
    thousands,
    with_draft,
)
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.shapes.case_page import saved_words
from madoguchi.web.shared.hats import worn_by

INVALID = 422
CONFLICT = 409


@dataclass(frozen=True)
class _Row:
    """One line of the page: its fields, how it was read, last year's, and what the records count."""

    cell: Cell
    fields: CellFields | None
    now: str
    reading: str
    odd: list[str]
    last: str
    measured: Measured | None
    rows_url: str
    theirs: str | None


@dataclass(frozen=True)
class _Found:
    """A project that the hat may open, with its report; `why_not` says why it may not be written."""

    hat: Hat
    year: ReportYear
    owed: OwedProject
    why_not: str

    @property
    def project(self) -> Project:
        """The project."""
        return self.owed.project

    @property
    def draft(self) -> str:
        """The name under which what is typed is kept."""
        return f"report:{self.project.pk}"

    @property
    def measured(self) -> dict[str, Measured]:
        """What the records count of its figures."""
        keys = {field.row.indicator.measure for field in self.owed.fields} - {""}
        return sources.measured(keys, fiscal_year=self.project.fiscal_year)


def _find(hat: Hat, slug: str) -> _Found:
    """The project. Http404 for one that the hat may not open."""
    project = projects_visible_to(hat).filter(slug=slug).order_by("pk").first()
    if project is None:
        raise Http404
    place = place_of_project(project)
    year = place.newest
    owed = next((each for each in owing.of_projects(year, [project.pk])), None) if year else None
    if year is None or owed is None:
        raise Http404
    owners = {field.row.indicator.owner_id for field in owed.fields}
    units = place.units | {owner for owner in owners if owner is not None}
    refused = rules.can_write(standing(hat, year, units))
    why_not = gettext(refused) if refused else ""
    if not why_not and year.state != YearState.OPEN:
        why_not = str(YearClosed())
    return _Found(hat, year, owed, why_not)


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of a project; what somebody else saved meanwhile stands beside what was typed."""
    found = _find(worn_by(request), slug)
    if found.why_not:
        if request.method == "POST":
            messages.warning(request, found.why_not)
        return _page(request, found, None, status=INVALID if request.method == "POST" else 200)
    if request.method != "POST":
        draft = drafts.kept(form=found.draft, hat=found.hat)
        initial = with_draft(found.owed, draft.content if draft else None)
        return _page(request, found, ProjectForm(owed=found.owed, initial=initial), draft=draft)
    form = ProjectForm(_data(request, found), owed=found.owed)
    if not form.is_valid():
        return _page(request, found, form, status=INVALID)
    return _save(request, found, form)


def _data(request: HttpRequest, found: _Found) -> dict[str, Any]:
    """What was sent; with "take over", the figure of the records in its field."""
    data: dict[str, Any] = request.POST.dict()
    for cell in cells_of(found.owed):
        if data.get("take") == cell.name:
            figure = found.measured.get(cell.field.row.indicator.measure)
            if figure:
                data[cell.names.raw] = figure.raw
                data[cell.names.evidence] = sources.evidence(figure.label)
    return data


def _save(request: HttpRequest, found: _Found, form: ProjectForm) -> HttpResponse:
    slug, hat = found.project.slug, found.hat
    try:
        changed = filling.fill(project=found.project, filling=form.filling(), hat=hat, at=clock.now())
    except ChangedMeanwhile as error:
        now = _find(hat, slug)
        renewed = ProjectForm(again(form, now.owed), owed=now.owed)
        return _page(request, now, renewed, status=CONFLICT, conflicts=error.names)
    except FieldsWrong as error:
        for name, sentence in error.wrong.items():
            form.add_error(name, str(sentence))
        return _page(request, found, form, status=INVALID)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, found, form, status=INVALID)
    drafts.forget(form=found.draft, hat=hat)
    messages.success(
        request, gettext("保存しました。") if changed else gettext("変わったところはありません。")
    )
    return sent.tell(redirect("desk:report_project", slug), form.cleaned_data["once"])


def _page(
    request: HttpRequest,
    found: _Found,
    form: ProjectForm | None,
    *,
    status: int = 200,
    draft: Any = None,
    conflicts: frozenset[str] = frozenset(),
) -> HttpResponse:
    measured = found.measured
    context = {
        "trail": shapes.to_report(found.year, ("", found.project.name)),
        "project": found.project,
        "year": found.year,
        "narrative": found.owed.narrative,
        "form": form,
        "rows": [_row(found.owed, cell, form, measured, conflicts) for cell in cells_of(found.owed)],
        "why_not": found.why_not,
        "returned": _returned(found),
        "cost": thousands(found.project.cost_yen),
        "theirs": _theirs(found.owed, conflicts),
        "is_conflict": status == CONFLICT,
        "draft_name": found.draft,
        "is_refused": status != 200,
        "saved": saved_words(draft.saved_at if draft else None),
        "saved_ms": int(draft.saved_at.timestamp() * 1000) if draft else 0,
    }
    return render(request, "desk/report_project.html", context, status=status)


def _row(
    owed: OwedProject,
    cell: Cell,
    form: ProjectForm | None,
    measured: dict[str, Measured],
    conflicts: frozenset[str],
) -> _Row:
    figure = measured.get(cell.field.row.indicator.measure) if cell.year is not None else None
    raw = cell.kept.raw if cell.kept else ""
    last = cell.field.before if cell.year is not None else None
    reading, odd = _understood(owed, cell, form)
    return _Row(
        cell=cell,
        fields=form.cells[cell.name] if form else None,
        now=raw,
        reading=reading,
        odd=odd,
        last=last.raw if last else "",
        measured=figure,
        rows_url=shapes.rows_url(figure) if figure else "",
        theirs=raw if cell.name in conflicts else None,
    )


def _understood(owed: OwedProject, cell: Cell, form: ProjectForm | None) -> tuple[str, list[str]]:
    """How a cell is read and what looks odd about it: as it was typed, or without a form as it is kept."""
    typed = str(form[cell.name].value() or "") if form else None
    if typed is None or (cell.kept and typed == cell.kept.raw):
        now = values.cell_of(cell.kept) if cell.kept else None
    else:
        now = read_cell(typed) if typed.strip() else None
    if now is None:
        return "", []
    text = "\n".join(str(form[name].value() or "") for name in ("overview", "achievements")) if form else None
    found = owing.doubts_about(owed, cell.field, now, is_undated=cell.year is None, text=text)
    return shapes.in_words(now), shapes.odd_words(found)


def _theirs(owed: OwedProject, conflicts: frozenset[str]) -> dict[str, str]:
    """What somebody else saved of the texts and the cost, by the names of the fields."""
    narrative, target = owed.narrative, owed.project
    kept = {
        "overview": narrative.overview if narrative else "",
        "achievements": narrative.achievements if narrative else "",
        "cost": f"{thousands(target.cost_yen)}（{target.get_cost_basis_display()}）",
    }
    return {name: text for name, text in kept.items() if name in conflicts}


def _returned(found: _Found) -> list[str]:
    """Why the units of this project got it back."""
    units = [unit.pk for unit in found.project.units.all()]
    rows = found.year.returns.filter(unit__in=units, state=ReturnState.RETURNED).exclude(note="")
    return list(rows.order_by("pk").values_list("note", flat=True))


@requires("results.write")
@require_safe
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """How what is being typed into a cell is understood, and what looks odd about it."""
    found = _find(worn_by(request), slug)
    wanted = request.GET.get("cell", "")
    cell = next((each for each in cells_of(found.owed) if each.name == wanted), None)
    if cell is None:
        raise Http404
    raw = request.GET.get(wanted, "")[:600].strip()
    if not raw:
        return render(request, "desk/parts/report_reading.html", {"reading": "", "odd": []})
    now = read_cell(raw)
    odd = owing.doubts_about(found.owed, cell.field, now, is_undated=cell.year is None)
    context = {"reading": shapes.in_words(now), "odd": shapes.odd_words(odd)}
    return render(request, "desk/parts/report_reading.html", context)
