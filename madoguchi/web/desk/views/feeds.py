"""配信からの制度: what feeds brought, value by value beside its source."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.feeds import queries
from madoguchi.feeds.models import FeedItem, Reading
from madoguchi.feeds.operations.deciding import decide
from madoguchi.feeds.operations.moving import move
from madoguchi.feeds.states import ItemState, ReadingState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.web.desk.shapes import feeds as shapes
from madoguchi.web.desk.views.notes import version_of
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE = 30
INVALID, CONFLICT = 422, 409
_ACTS = {
    "confirm": ReadingState.CONFIRMED,
    "correct": ReadingState.CORRECTED,
    "reject": ReadingState.REJECTED,
    "reopen": ReadingState.OPEN,
}
_MOVES = {"hide": ItemState.HIDDEN, "show": ItemState.SHOWN, "adopt": ItemState.ADOPTED}


@requires("feeds.review")
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The items, those that changed last first; `show` keeps one state or those with open values."""
    show = request.GET.get("show", "")
    rows = queries.counted(queries.visible_to(worn_by(request)), show=show)
    page = page_of(rows, request.GET.get("page"), size=PAGE_SIZE)
    context = {
        "trail": shapes.trail(),
        "page": page,
        "rows": [shapes.row(each) for each in page.rows],
        "show": show,
        "choices": shapes.choices(),
        "runs": [shapes.run(each) for each in queries.last_runs()],
    }
    return render(request, "desk/feeds.html", context)


@requires("feeds.review")
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: its values, its text; hide it, show it, answer for it."""
    found = _item_or_404(request, pk)
    if request.method != "POST":
        return _show(request, found)
    to = _MOVES.get(request.POST.get("act", ""))
    if to is None:
        raise Http404
    try:
        move(item=found, to=to, hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("変えました。"))
    return redirect("desk:feed_item", pk)


@requires("feeds.review")
@require_POST
def reading(request: HttpRequest, pk: int, reading: int) -> HttpResponse:
    """Confirm, correct, reject or reopen a value as it was seen."""
    found = _item_or_404(request, pk)
    one = found.readings.filter(pk=reading).first()
    to = _ACTS.get(request.POST.get("act", ""))
    if one is None or to is None:
        raise Http404
    typed = request.POST.get("value", "")[:500]
    try:
        decide(
            reading=one, to=to, version=version_of(request), hat=worn_by(request), at=clock.now(), typed=typed
        )
    except DomainError as error:
        status = CONFLICT if isinstance(error, Conflict) else INVALID
        return _show(request, _item_or_404(request, pk), refused=(one, typed, str(error)), status=status)
    return redirect(f"{reverse('desk:feed_item', args=[pk])}#r{one.pk}")


def _item_or_404(request: HttpRequest, pk: int) -> FeedItem:
    found = queries.visible_to(worn_by(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    request: HttpRequest,
    found: FeedItem,
    *,
    refused: tuple[Reading, str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "trail": shapes.trail(found.title),
        "item": found,
        "state": shapes.STATE_WORDS[ItemState(found.state)],
        "source": shapes.source(found),
        "lines": [shapes.line(each, refused) for each in found.readings.all()],
        "text": shapes.text(found),
        "moves": shapes.moves(found),
        "is_refused": refused is not None,
        "is_settled": found.state == ItemState.ADOPTED,
    }
    return render(request, "desk/feed_item.html", context, status=status)
