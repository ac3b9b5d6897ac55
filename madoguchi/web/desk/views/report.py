"""年次報告: what the own unit owes to the report of a year, and handing it in."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.results.models import ReportYear
from madoguchi.results.operations import returns
from madoguchi.results.queries.standing import is_secretariat, units_of
from madoguchi.results.states import YearState
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.shapes.report import UnitLine
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@dataclass(frozen=True)
class Desk:
    """A person at the report of a year: which units are theirs, and whether they keep it together."""

    hat: Hat
    year: ReportYear
    own: frozenset[int]
    is_secretariat: bool

    @property
    def is_open(self) -> bool:
        """Whether the report is being filled in."""
        return self.year.state == YearState.OPEN


def desk_or_404(request: HttpRequest, year: int) -> Desk:
    """The person's desk at the report of a year. Http404 for a year without one, and for who has no part."""
    found = ReportYear.objects.select_related("secretariat").filter(fiscal_year=year).first()
    if found is None:
        raise Http404
    hat = worn_by(request)
    desk = Desk(hat, found, units_of(hat), is_secretariat(hat, found))
    if not desk.is_secretariat and not found.returns.filter(unit__in=desk.own).exists():
        raise Http404
    return desk


def line_or_404(desk: Desk, slug: str) -> UnitLine:
    """What a unit owes: one's own, for the secretariat any. Http404 for every other."""
    among = desk.year.returns.filter(unit__slug=slug)
    if not desk.is_secretariat:
        among = among.filter(unit__in=desk.own)
    found = shapes.unit_lines(desk.year, list(among.values_list("unit_id", flat=True)))
    if not found:
        raise Http404
    return found[0]


def other_years(desk: Desk) -> list[int]:
    """The other years in whose report the person has a part, the newest first."""
    involved = set(ReportYear.objects.filter(returns__unit__in=desk.own).values_list("pk", flat=True))
    years = ReportYear.objects.select_related("secretariat").exclude(pk=desk.year.pk)
    return [
        row.fiscal_year
        for row in years.order_by("-fiscal_year", "pk")
        if row.pk in involved or is_secretariat(desk.hat, row)
    ]


@requires("results.write")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the report that is open, or the newest; the secretariat sees its units first."""
    newest = ReportYear.objects.select_related("secretariat").order_by("-fiscal_year", "pk")
    year = newest.filter(state=YearState.OPEN).first() or newest.first()
    if year is None:
        return render(request, "desk/report_none.html")
    hat = worn_by(request)
    if is_secretariat(hat, year):
        return redirect("desk:report_units", year.fiscal_year)
    return redirect("desk:report", year.fiscal_year)


@requires("results.write")
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """What the own unit and those below it owe, how much of it is filled, and what came back."""
    desk = desk_or_404(request, year)
    lines = shapes.unit_lines(desk.year, desk.own)
    context = {
        "trail": shapes.to_report(desk.year),
        "year": desk.year,
        "state": shapes.year_words(YearState(desk.year.state)),
        "is_open": desk.is_open,
        "is_late": shapes.is_late(desk.year, on=clock.today()),
        "is_secretariat": desk.is_secretariat,
        "lines": lines,
        "main": next((line.unit.pk for line in lines if line.is_with_unit), None),
        "other_years": other_years(desk),
    }
    return render(request, "desk/report.html", context)


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """What is still missing or odd; then hand it in."""
    desk = desk_or_404(request, year)
    line, said = line_or_404(desk, unit), ""
    if request.method == "POST":
        try:
            _hand_in(desk, line, is_confirmed="confirmed" in request.POST)
        except DomainError as error:
            said = str(error)
        else:
            messages.success(request, gettext("提出しました。とりまとめの部署が見ます。"))
            return redirect("desk:report", year)
    context = {
        "trail": shapes.to_report(desk.year, ("", gettext("提出する"))),
        "year": desk.year,
        "line": line,
        "odd": [
            (each, field, shapes.odd_words(field.doubts)) for each in line.projects for field in each.odd
        ],
        "is_open": desk.is_open,
        "said": said,
    }
    return render(request, "desk/report_hand_in.html", context, status=INVALID if said else 200)


def _hand_in(desk: Desk, line: UnitLine, *, is_confirmed: bool) -> None:
    """Hand it in. Raises a DomainError with what is in the way."""
    if line.empty:
        raise DomainError(gettext("まだ空の欄があります。測っていない数字には「－」を書いてください。"))
    if line.odd and not is_confirmed:
        raise DomainError(
            gettext("気になる数字があります。根拠を書くか、「どの数字も確かめました」に印をつけてください。")
        )
    returns.hand_in(unit_return=line.row, hat=desk.hat, at=clock.now())
