"""The region's looks: its colours and pictures, as the pack brought them."""

from pathlib import PurePosixPath

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.institutions.models import ThemeFile

_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
# An address with ?v= changes with the file, so it may be kept for good; a bare one is asked for again.
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "public, no-cache"


@public
@require_safe
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one file of the theme; 404 for a name the pack does not have."""
    content_type = _TYPES.get(PurePosixPath(name).suffix)
    file = ThemeFile.objects.filter(name=name).first() if content_type else None
    if file is None:
        raise Http404
    response = HttpResponse(file.content, content_type=content_type)
    response["ETag"] = f'"{file.content_hash}"'
    response["Cache-Control"] = _FOR_GOOD if request.GET.get("v") == file.content_hash[:12] else _ASK_AGAIN
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
