"""Days on which a desk takes nothing, or one is away."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.institutions.models import Desk
from madoguchi.web.desk.forms.fields import day_field


class OwnAbsenceForm(forms.Form):
    """From when until when."""

    begins_on = day_field(label=_("はじめの日"))
    ends_on = day_field(label=_("終わりの日"))


class DeskAbsenceForm(OwnAbsenceForm):
    """Which desk of the organisation, who takes it instead, and why."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=100,
        help_text=_("届いた先の人に見えます。例：夏休み、改装"),
        error_messages={"required": _("理由を書いてください。")},
    )
    field_order = ("desk", "begins_on", "ends_on", "instead", "reason")

    def __init__(self, *args: Any, own: Sequence[Desk], others: Sequence[Desk], **options: Any) -> None:
        super().__init__(*args, **options)
        self._desks = {desk.slug: desk for desk in [*own, *others]}
        self.fields["desk"] = forms.ChoiceField(
            label=_("休む窓口"),
            choices=[(desk.slug, desk.name) for desk in own],
            error_messages={"required": _("窓口を選んでください。")},
        )
        self.fields["instead"] = forms.ChoiceField(
            label=_("代わりに受ける窓口"),
            choices=[("", gettext("総合の窓口")), *((desk.slug, desk.name) for desk in [*own, *others])],
            required=False,
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """A desk does not stand in for itself."""
        told = super().clean() or {}
        if told.get("instead") and told.get("instead") == told.get("desk"):
            self.add_error("instead", _("休む窓口とは別の窓口を選んでください。"))
        return told

    def told(self) -> dict[str, Any]:
        """What is entered, with the desks themselves."""
        told = self.cleaned_data
        return told | {"desk": self._desks[told["desk"]], "instead": self._desks.get(told["instead"])}
