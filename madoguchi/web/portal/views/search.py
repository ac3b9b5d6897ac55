"""Search results."""

from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue.models import Term
from madoguchi.catalogue.queries import vocabulary
from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.search.results import Reason, SearchResult, Sort
from madoguchi.web.portal.shapes import hits
from madoguchi.web.portal.shapes import search as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import counting, kept, wording
from madoguchi.web.shared.context import region_record
from madoguchi.web.shared.fragments import conditions

NEAREST_SHOWN = 5
_THEMES: kept.Kept[list[Term]] = kept.Kept(8)


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; htmx gets the part below the search box alone."""
    now = kept.state()
    asked, result = _answered(ask.read(dict(request.GET.lists()), today=clock.today()))
    if asked.text:
        area = result.understood.place.code if result.understood.place else ""
        counting.note_search(request, counting.Search(asked.text, result.total, area))
    nearest = result.nearest
    region = region_record(now)
    form = partial(
        conditions.form,
        shapes.groups(asked, result, region, now),
        action=reverse("portal:search"),
        sent_along=shapes.sent_along(asked),
    )
    context = {
        "asked": asked,
        "trail": trail(("", gettext("支援をさがす"))),
        "kept": [pair for pair in asked.parameters() if pair[0] not in ("q", "page")],
        "heading": _heading(asked),
        "page": shapes.page(asked, result),
        "hits": hits.items(result.hits, on=asked.on, region=region, now=now),
        "live_form": form(live=True),
        "plain_form": form(live=False),
        "conditions": shapes.conditions(asked, region),
        "clear_url": shapes.url_of(Asked(on=asked.on, text=asked.text)),
        "orders": shapes.orders(asked),
        "understood": result.understood,
        "year_read": wording.fiscal_year(result.understood.fiscal_year)
        if result.understood.fiscal_year
        else "",
        "to_drop": shapes.conditions(asked, region, nearest.without) if nearest else [],
        "place_to_drop": shapes.without_place(asked, result),
        "nearest": hits.items(nearest.hits[:NEAREST_SHOWN], on=asked.on, region=region, now=now)
        if nearest
        else "",
        "nearest_says": _nearest_says(result),
        "fallback_urls": [ask.url_of_hit(hit) for hit in nearest.fallback] if nearest else [],
        # Where nothing is near, the everyday problems are the way on.
        "themes": _THEMES.get(now, "", _themes) if nearest and not nearest.hits else [],
        "search_url": reverse("portal:search"),
        "alerts_url": shapes.with_conditions(reverse("portal:alerts_search"), asked),
        "feed_url": shapes.with_conditions(reverse("portal:search_feed"), asked),
    }
    wants_part = request.headers.get("HX-Request") == "true"
    response = render(request, "portal/parts/found.html" if wants_part else "portal/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answered(asked: Asked) -> tuple[Asked, SearchResult]:
    """The answer; without words the newest come first, and beyond the end stands the last page."""
    if not asked.text and asked.sort is Sort.RELEVANCE:
        asked = replace(asked, sort=Sort.NEWEST)
    result = ask.answer(asked)
    if result.total and not result.hits:
        asked = replace(asked, page=-(-result.total // ask.PAGE_SIZE))
        result = ask.answer(asked)
    return asked, result


def _themes() -> list[Term]:
    return list(vocabulary("purposes").values())


def _heading(asked: Asked) -> str:
    if asked.text:
        return gettext("「%(text)s」の検索結果") % {"text": asked.text}
    return gettext("支援をさがす")


def _nearest_says(result: SearchResult) -> str:
    says = {
        Reason.FILTERS: gettext("条件を外すと、次のものがあります。"),
        Reason.PLACE: gettext("場所をかぎらなければ、次のものがあります。"),
        Reason.WORDS: gettext("言葉の一部が合うものです。"),
        Reason.FALLBACK: "",
    }
    return says[result.nearest.reason] if result.nearest else ""
