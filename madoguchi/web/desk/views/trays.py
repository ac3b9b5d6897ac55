"""The trays: what an adviser has before them all day, as wide rows or as dense lines."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.consultations.queries import appointments, trays
from madoguchi.consultations.queries.trays import Stand, Tray
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.desk.shapes import appointments as appointment_shapes
from madoguchi.web.desk.shapes import narrowing as narrowing_shapes
from madoguchi.web.desk.shapes import tray as shapes
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE, DENSE_PAGE_SIZE = 20, 50
COOKIE = "desk_view"
DENSE, WIDE = "dense", "wide"
_COOKIE_SECONDS = 60 * 60 * 24 * 365


@requires("cases.read")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Everything of the organisation."""
    return show(request, Tray.ALL)


@requires("cases.read")
@require_safe
def tray(request: HttpRequest, name: str) -> HttpResponse:
    """One tray by its name in the address."""
    if name not in Tray.values:
        raise Http404
    return show(request, Tray(name))


@dataclass(frozen=True)
class _Look:
    is_dense: bool
    is_chosen: bool

    @property
    def page_size(self) -> int:
        return DENSE_PAGE_SIZE if self.is_dense else PAGE_SIZE


def show(request: HttpRequest, current: Tray) -> HttpResponse:
    """A tray with the others at its side."""
    hat, today, look = worn_by(request), clock.today(), _look(request)
    chosen = narrowing_shapes.read(request.GET, hat, at=hat.at) if current is Tray.ALL else None
    rows = trays.narrowed(hat, chosen.narrowing) if chosen else trays.lying_in(current, hat, on=today)
    page = trays.page_of_rows(rows, request.GET.get("page"), size=look.page_size)
    context = {
        "tray": current,
        "side": shapes.side(trays.counts(hat, on=today), current),
        "page": page,
        "rows": shapes.rows(page.rows, on=today),
        "appointments": appointment_shapes.of_today(appointments.of_adviser(hat, first=today, last=today))
        if current is Tray.TODAY
        else [],
        "filters": chosen,
        "is_filtered": chosen is not None and chosen.is_set,
        "shows_adviser": current in (Tray.ALL, Tray.NEW, Tray.HELD),
        "is_dense": look.is_dense,
        "hint": _all_hint(chosen.narrowing.stand) if chosen else _hint(current),
        "today": today,
    }
    response = render(request, "desk/tray.html", context)
    if look.is_chosen:
        response.set_cookie(
            COOKIE,
            DENSE if look.is_dense else WIDE,
            max_age=_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _look(request: HttpRequest) -> _Look:
    """How the rows are to look: as the address says, else as the browser remembers."""
    wanted = request.GET.get("view", "")
    if wanted in (DENSE, WIDE):
        return _Look(wanted == DENSE, is_chosen=True)
    return _Look(request.COOKIES.get(COOKIE) == DENSE, is_chosen=False)


def _all_hint(stand: Stand) -> str:
    """Which of all cases stand in the list, and how to come to the others."""
    if stand is Stand.RUNNING:
        return gettext(
            "所属が関わる案件のうち、動いているものです。終わった案件は、状態を「すべて」にすると出ます。"
        )
    return gettext("所属が関わる案件です。期限の近い順です。")


def _hint(tray: Tray) -> str:
    """What lies in a tray, in one sentence."""
    return {
        Tray.TODAY: gettext("期限が今日までのものと、次にすることが決まっていないものです。"),
        Tray.NEW: gettext("まだだれも引き受けていない相談です。届いた順に並べています。"),
        Tray.MINE: gettext("あなたが担当しています。期限の近い順です。"),
        Tray.WAITING: gettext("事業者か、ほかの機関が動く番です。"),
        Tray.LATE: gettext("期限を過ぎています。終えるか、期限を決め直してください。"),
        Tray.UNTAKEN: gettext(
            "断られて、ほかに受ける窓口がありません。引き受けて、合う機関をさがしてください。"
        ),
        Tray.HELD: gettext(
            "機械の書き込みかもしれないので、止めています。本当の相談なら、受け付けてください。"
        ),
    }[tray]
