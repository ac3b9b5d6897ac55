"""Taking a passkey away."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from madoguchi.web.account import sayings


class RemovePasskey(RemoveWebAuthnView):
    """allauth asks whether an authenticator app may go, but not whether a passkey may."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the last second factor of those who work in an organisation."""
        if not get_adapter().can_delete_authenticator(self.get_object()):
            words = sayings.SECOND_FACTOR_ERRORS["cannot_delete_authenticator"]
            messages.error(self.request, str(words))
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        response: HttpResponse = super().form_valid(form)
        return response


remove = RemovePasskey.as_view()
