"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from madoguchi.api.app import urls as api_urls
from madoguchi.foundation.access import public

handler400 = "madoguchi.web.shared.views.bad_request"
handler403 = "madoguchi.web.shared.views.permission_denied"
handler404 = "madoguchi.web.shared.views.page_not_found"
handler500 = "madoguchi.web.shared.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("madoguchi.web.portal.urls")),
    path("account/", include("madoguchi.web.account.urls")),
    path("demo/", include("madoguchi.web.account.demo_urls")),
    path("my/", include("madoguchi.web.my.urls")),
    path("desk/", include("madoguchi.web.desk.urls")),
    path("api/v1/", api_urls()),
    # Exempt: it only sets the language cookie, and a token would make every page a visitor's own.
    path("language/", public(csrf_exempt(set_language)), name="set_language"),
]
