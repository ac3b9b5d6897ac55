"""What somebody else saved of a case while one was correcting it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext

from madoguchi.web.desk.shapes.case_page import Fact


def differences(form: forms.Form, saved: Mapping[str, Any]) -> list[Fact]:
    """The fields in which what is saved now is not what was typed, with what is saved; after is_valid()."""
    return [
        Fact(str(form.fields[name].label), _in_words(form.fields[name], value))
        for name, value in saved.items()
        if (form.cleaned_data[name] or None) != (value or None)
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if isinstance(field, forms.ChoiceField):
        values = value if isinstance(value, list) else [value]
        value = "、".join(str(label) for code, label in _flat(field.choices) if code in values)
    return str(value) if value not in ("", None) else gettext("（なし）")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """The choices of a select, out of their groups."""
    return [
        pair for code, label in choices for pair in (label if isinstance(label, list) else [(code, label)])
    ]
