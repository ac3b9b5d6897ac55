"""Whether a form was sent by a page of ours: for forms on pages cached for everybody, which hold no token.

A browser says where a request comes from in Sec-Fetch-Site (Fetch Metadata); older ones in Origin or Referer.
A request that says nothing is refused.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_same_origin(request: HttpRequest) -> bool:
    """Tell whether the browser says that the request comes from this site, or from its own address bar."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if not told:
        return False
    try:
        sender = urlsplit(told)
    except ValueError:
        return False
    return (sender.scheme, sender.netloc) == (request.scheme, request.get_host())
