"""Forms for mail about what is new."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.alerts.kinds import Rhythm


class AddressForm(forms.Form):
    """An address that mail goes to."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("メールアドレス"),
        max_length=254,
        error_messages={
            "required": _("メールアドレスを入れてください。"),
            "invalid": _("メールアドレスの形を確かめてください。例：hanako@example.jp"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*args, **named)


class AskForm(AddressForm):
    """Where to, and how often."""

    rhythm = forms.ChoiceField(
        label=_("届く回数"),
        choices=Rhythm.choices,
        initial=Rhythm.WEEKLY,
        widget=forms.RadioSelect,
        error_messages={"required": _("どちらかを選んでください。")},
    )
