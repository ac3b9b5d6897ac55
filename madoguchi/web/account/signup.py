"""What we ask of somebody who signs up beside what allauth asks. Imported by allauth's own forms."""

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DisplayName(forms.Form):
    """The name that others see."""

    display_name = forms.CharField(
        label=_("お名前"),
        max_length=100,
        help_text=_("窓口の人に見える名前です。あとから変えられます。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("display_name", "email", "password1")

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Nothing more to do: the adapter has made the person."""
