"""The minutes of a meeting, with a line for each case."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.models import Case
from madoguchi.japan.digits import half_width
from madoguchi.web.desk.forms.fields import day_field


class MeetingForm(forms.Form):
    """When, who, what was said."""

    held_on = day_field(label=_("開いた日"))
    attendees = forms.CharField(label=_("出た人"), max_length=300, required=False)
    minutes = forms.CharField(
        label=_("話したこと"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("所属の全員に見えます。秘密厳守の案件のことは、下の案件ごとの欄に書いてください。"),
    )


class DecisionForm(forms.Form):
    """A case by its number, and what was decided about it."""

    number = forms.CharField(label=_("案件の番号"), max_length=20, required=False)
    decision = forms.CharField(
        label=_("決めたこと"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_number(self) -> str:
        """The number in half-width figures."""
        return half_width(self.cleaned_data["number"]).strip()

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        told = super().clean() or {}
        if told.get("decision") and not told.get("number") and "number" not in self.errors:
            self.add_error("number", _("どの案件のことか、番号を書いてください。"))
        if told.get("number") and not told.get("decision"):
            self.add_error("decision", _("決めたことを書いてください。"))
        return told


Decisions = forms.formset_factory(DecisionForm, extra=3, max_num=60, absolute_max=80)


def decided(formset: "forms.BaseFormSet[DecisionForm]", cases: Mapping[str, Case]) -> dict[Case, str]:
    """What was decided, by the cases that the numbers name; an unknown number is an error of its line."""
    found: dict[Case, str] = {}
    for form in formset:
        told = form.cleaned_data
        number = told.get("number")
        if not number:
            continue
        if number in cases:
            found[cases[number]] = told["decision"]
        else:
            form.add_error("number", _("この番号の案件は、みつかりませんでした。"))
    return found
