"""One's name and the language of the screens."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.models import Language, User
from madoguchi.accounts.operations.profiles import change_profile
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires


class ProfileForm(forms.Form):
    """Name and language."""

    display_name = forms.CharField(
        label=gettext_lazy("お名前"),
        max_length=100,
        help_text=gettext_lazy("窓口の人や同じ機関の人に見える名前です。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("画面の言語"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


@requires("own.use")
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change them; the language is that of the screens from now on."""
    user = cast("User", request.user)
    initial = {"display_name": user.display_name, "language": user.language}
    form = ProfileForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "account/profile.html", {"form": form})
    language = Language(form.cleaned_data["language"])
    change_profile(user, display_name=form.cleaned_data["display_name"], language=language, at=clock.now())
    messages.success(request, gettext("保存しました。"))
    response = redirect("account_home")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language.value,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response
