"""相談の記録を直す: the facts of a talk that counts, its case, and why they change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import Consultation
from madoguchi.web.desk.forms.record import TalkFields


class WhyForm(forms.Form):
    """Why a talk is corrected, taken back or counted again."""

    why = forms.CharField(
        label=_("直す理由"),
        max_length=200,
        help_text=_("この案件を見る人が読めます。例：時間をまちがえて入れた"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("直す理由を、ひとこと書いてください。")},
    )


class TalkForm(TalkFields, WhyForm):
    """A talk as it should have been written down."""

    case_number = forms.CharField(
        label=_("正しい案件の番号"),
        max_length=12,
        required=False,
        help_text=_("違う案件に書いたときだけ入れます。書いた文とファイルも移ります。例：2026-0412"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("channel", "held_on", "held_at", "minutes", "people", "place", "case_number", "why")

    def __init__(self, *args: Any, talk: Consultation, **options: Any) -> None:
        names = ("channel", "held_on", "held_at", "minutes", "people", "place")
        super().__init__(*args, **{"initial": {name: getattr(talk, name) for name in names}, **options})
        channel, held_on = self.fields["channel"], self.fields["held_on"]
        assert isinstance(channel, forms.ChoiceField)  # noqa: S101
        channel.choices = Channel.choices
        channel.required = held_on.required = True

    @property
    def facts(self) -> list[forms.BoundField]:
        """What stands side by side."""
        return [self[name] for name in ("channel", "held_on", "held_at", "minutes", "people", "place")]
