"""Going to a provider and coming back."""

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from madoguchi.web.account.oidc.client import Client


@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider, by a page: the policy lets a form of ours lead to no other site."""
    response = _run(OAuth2LoginView, request, provider_id)
    if not isinstance(response, HttpResponseRedirect):
        return response
    return render(request, "account/leaving.html", {"address": response.url})


@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider says of who came."""
    return _run(OAuth2CallbackView, request, provider_id)


def _run(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(Client(request, provider_id))(request)  # type: ignore[attr-defined]
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OAuth2Error, RequestException):
        # The provider is away, or describes itself as somebody else.
        return render(request, "socialaccount/authentication_error.html", status=502)
    return response
