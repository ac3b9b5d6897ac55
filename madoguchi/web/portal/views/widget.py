"""The widget: a page without scripts that any site may frame, and the code to put it there."""

from dataclasses import replace

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from madoguchi.catalogue.queries import vocabulary
from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.search.results import Sort
from madoguchi.web.portal.shapes import area as shapes
from madoguchi.web.portal.shapes import search
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import kept

SHOWN = 10
_FACETS = ("area", "kind", "purpose", "industry", "organisation")


# The only page that others may frame: it takes no form, sets no cookie and runs no script.
@csp_replace({"frame-ancestors": ["*"], "script-src": ["'none'"], "form-action": ["'none'"]})
@xframe_options_exempt
@public
@require_safe
def widget(request: HttpRequest) -> HttpResponse:
    """The programmes whose reception is not over, the nearest deadline first; narrowed by facets."""
    now = kept.state()
    shown = shapes.widget(_asked(request), institutions.region(), now=now, most=SHOWN)
    return render(request, "portal/widget.html", {"widget": shown})


def _asked(request: HttpRequest) -> Asked:
    given = ask.read({name: request.GET.getlist(name) for name in _FACETS}, today=clock.today())
    filters = {**given.filters, "type": ("programme",), "status": shapes.NOT_OVER}
    return replace(given, filters=filters, sort=Sort.DEADLINE)


@public
@require_safe
def script(_request: HttpRequest) -> HttpResponse:
    """Lead to the web component, whose own address changes with its content."""
    return HttpResponseRedirect(static("shared/js/widget.js"))


@public
@require_safe
def code(request: HttpRequest) -> HttpResponse:
    """Choose a municipality and a kind, and copy the code."""
    chosen = {name: request.GET.get(name, "") for name in ("area", "kind")}
    asked = ask.read({name: [value] for name, value in chosen.items()}, today=clock.today())
    known = {name: values[0] for name, values in asked.filters.items()}
    region = institutions.region()
    address = request.build_absolute_uri(search.with_conditions(reverse("portal:widget"), asked))
    context = {
        "trail": trail(("", gettext("支援の一覧を、あなたのページに"))),
        "fields": [
            ("area", gettext("市町村"), shapes.choices(region), known.get("area", "")),
            (
                "kind",
                gettext("種類"),
                [(term.code, term.label) for term in vocabulary("kinds").values()],
                known.get("kind", ""),
            ),
        ],
        "known": known,
        "address": address,
        "script": request.build_absolute_uri(reverse("portal:widget_script")),
        "name": shapes.widget_heading(asked),
    }
    return render(request, "portal/widget_code.html", context)
