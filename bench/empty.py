"""An empty Django view as a WSGI application of its own: what server and Django cost without any page.

BENCH_EMPTY=project puts the site's middleware around it.
BENCH_BYTES is how much it answers.
"""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse  # noqa: TID251 (a view)
from django.urls import path

if os.environ.get("BENCH_EMPTY") == "project":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    settings.ROOT_URLCONF = __name__
else:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="none", MIDDLEWARE=[])
    django.setup()


_BODY = b"hello".ljust(int(os.environ.get("BENCH_BYTES", "5")))


def hello(_request: HttpRequest) -> HttpResponse:
    """Answer the same bytes always."""
    return HttpResponse(_BODY)


urlpatterns = [path("", hello)]
application = get_wsgi_application()
