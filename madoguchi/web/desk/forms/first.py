"""The first response: the situation sheet, what is introduced, what is not needed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.operations.responding import Sheet
from madoguchi.japan.digits import half_width
from madoguchi.web.desk.forms.fields import SentOnce
from madoguchi.web.portal.shapes import fit_typed

YEN = "円"
_LONGEST = 4000
_TEXTS = ("strengths", "problems", "wishes")


class MoneyField(forms.CharField):
    """Yen, typed in units of ten thousand as people say them: 8,640 or 8640万円 or -120."""

    def clean(self, value: Any) -> Any:
        """Read whole yen; None for nothing."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            return fit_typed.money(text, signed=True)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class CountField(forms.CharField):
    """A whole number of people or other things."""

    def clean(self, value: Any) -> Any:
        """Read a whole number; None for nothing."""
        text = half_width(str(super().clean(value))).strip()
        if not text:
            return None
        try:
            return fit_typed.count(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class SituationForm(forms.Form):
    """経営状況: the figures of the region's sheet, and three texts."""

    strengths = forms.CharField(
        label=_("強み"), max_length=_LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    problems = forms.CharField(
        label=_("困っていること・課題"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wishes = forms.CharField(
        label=_("どうなりたいか"),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, asked: Sequence[Mapping[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._asked = list(asked)
        for each in self._asked:
            self.fields[f"f_{each['key']}"] = _figure(each)

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        """The fields of the figures, in the order of the sheet."""
        return [self[f"f_{each['key']}"] for each in self._asked]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """The fields of the texts."""
        return [self[name] for name in _TEXTS]

    def sheet(self) -> Sheet:
        """What the form says; a figure that was left empty is not told."""
        told = self.cleaned_data
        figures = {each["key"]: told[f"f_{each['key']}"] for each in self._asked}
        return Sheet(
            figures={key: value for key, value in figures.items() if value is not None},
            **{name: told[name] for name in _TEXTS},
        )


def _figure(asked: Mapping[str, str]) -> forms.Field:
    is_money = asked["unit"] == YEN
    unit = gettext("万円") if is_money else asked["unit"]
    label = f"{asked['label']}（{unit}）" if unit else asked["label"]
    options: dict[str, Any] = {
        "label": label,
        "help_text": asked["help"],
        "required": False,
        "max_length": 30,
        "widget": forms.TextInput(attrs={"inputmode": "text" if is_money else "numeric"}),
    }
    return MoneyField(**options) if is_money else CountField(**options)


def initial_of(
    figures: Mapping[str, int], asked: Sequence[Mapping[str, str]], texts: Mapping[str, str]
) -> dict[str, str]:
    """What a sheet begins with."""
    found = dict(texts)
    for each in asked:
        value = figures.get(each["key"])
        if value is not None:
            typed = fit_typed.as_typed_money(value) if each["unit"] == YEN else str(value)
            found[f"f_{each['key']}"] = typed
    return found


class IntroduceForm(SentOnce):
    """Words to go with what is introduced."""

    remark = forms.CharField(
        label=_("事業者へのひとこと"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("選んだ窓口や支援の一覧は、共有の記録として事業者に届きます。"),
    )


class NotNeededForm(forms.Form):
    """Why a part of the first response is not needed."""

    why = forms.CharField(
        label=_("必要ない理由"), max_length=200, error_messages={"required": _("理由を書いてください。")}
    )
