"""Open data: what everybody may take along, and how to ask for it by program."""

import io

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.opendata import files, records
from madoguchi.opendata.models import Kind
from madoguchi.web.portal.shapes import open_data as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import kept

# Each reads all records of its kind: made once for what is published, not for each who asks.
_FILES: kept.Kept[files.File | None] = kept.Kept(len(files.names()) + 1)


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What there is to take along, in which columns, under which licence, and the API in five minutes."""
    some = records.public(Kind.PROGRAMME).values_list("slug", flat=True).first() or "example"
    examples = [
        (example.what, example.path.format(programme=some, today=clock.today().isoformat()))
        for example in shapes.EXAMPLES
    ]
    context = {
        "trail": trail(("", gettext("オープンデータ"))),
        "datasets": shapes.offered(files.counts()),
        "licence": institutions.region(),
        "changed_at": files.changed_at(),
        "examples": examples,
        "site_url": settings.SITE_URL,
        "per_minute": settings.API_PER_MINUTE,
        "pack": files.PACK,
    }
    return render(request, "portal/open_data.html", context)


@public
@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file; streamed, so that the pages kept in memory have no room for it."""
    found = _FILES.get(kept.state(), name, lambda: files.made(name))
    if found is None:
        raise Http404
    tag = f'"{found.tag}"'
    response: HttpResponseBase = get_conditional_response(request, tag) or FileResponse(
        io.BytesIO(found.content),
        content_type=found.content_type,
        as_attachment=not name.endswith(".json"),
        filename=name,
    )
    response["ETag"] = tag
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response
