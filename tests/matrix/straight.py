"""Ask a view itself, past the middleware: what lets every pair of organisations be tried in a minute.

The whole way in is tried for one pair by `test_matrix`, where a page that refuses is drawn in full and
compared with that of an object that does not exist. Here such a page stands as its status alone.
"""

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from allauth.core.context import request_context
from django.contrib.messages.storage.fallback import FallbackStorage  # noqa: TID251 (a test of pages)
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpResponseBase  # noqa: TID251 (a test of pages)
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django_htmx.middleware import HtmxDetails

from madoguchi.accounts import hats
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.foundation import clock
from tests.matrix.world import client_of

_FACTORY = RequestFactory()
_XLSX = "openxmlformats"


@dataclass(frozen=True)
class Answer:
    """What a view said, all of it as text."""

    status: int
    text: str = ""


@dataclass
class Asker:
    """A person who is signed in under one hat, with all that sensitive acts ask for."""

    user: User
    hat: Hat | None
    all_hats: tuple[Hat, ...]
    kept: dict[str, Any] = field(default_factory=dict)

    def ask(self, method: str, url: str, fields: dict[str, str] | None = None) -> Answer:
        """What the view of this address answers; everything it changed is taken back."""
        with transaction.atomic():
            try:
                return self._ask(method, url, fields)
            finally:
                transaction.set_rollback(True)

    def _ask(self, method: str, url: str, fields: dict[str, str] | None) -> Answer:
        try:
            found = resolve(url.partition("?")[0])
            request = self._request(method, url, fields)
            request.resolver_match = found
            with request_context(request):  # what allauth's own middleware would open
                response = found.func(request, *found.args, **found.kwargs)
                if hasattr(response, "render"):
                    response.render()
        except (Http404, Resolver404):
            return Answer(404)
        except PermissionDenied:
            return Answer(403)
        except (BadRequest, SuspiciousOperation):
            return Answer(400)
        except Exception as error:
            return Answer(500, repr(error))
        return Answer(response.status_code, text_of(response))

    def _request(self, method: str, url: str, fields: dict[str, str] | None) -> Any:
        request: Any = getattr(_FACTORY, method)(url, fields) if fields else getattr(_FACTORY, method)(url)
        request.user, request.hat, request.hats = self.user, self.hat, self.all_hats
        request.session = _Session()
        request.session._session_cache = dict(self.kept)
        request.htmx = HtmxDetails(request)
        request._dont_enforce_csrf_checks = True
        request.csp_nonce = "nonce"
        request._messages = FallbackStorage(request)
        return request


def asker_of(user: User, membership: Membership | None = None) -> Asker:
    """A person in the hat of a membership, with what signing in left in their session."""
    at = clock.actual_now()
    all_hats = hats.hats_of(user, at=at)
    hat = hats.worn(user, all_hats, chosen=membership.pk if membership else None, at=at)
    return Asker(user, hat, all_hats, dict(client_of(user, membership).session))


def text_of(response: HttpResponseBase) -> str:
    """Body and headers as text; a spreadsheet is unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    for close in response._resource_closers:
        close()
    headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name != "Expires")
    if _XLSX in response.get("Content-Type", "") and body:
        with zipfile.ZipFile(BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    return f"{body.decode('utf-8', 'replace')}\n{headers}"


class _Session(SessionBase):
    """A session that is forgotten with its request."""

    def exists(self, session_key: str) -> bool:
        return False

    def create(self) -> None:
        self._session_key = "x" * 32

    def save(self, must_create: bool = False) -> None:
        pass

    def delete(self, session_key: str | None = None) -> None:
        pass

    def load(self) -> dict[str, Any]:
        return {}
