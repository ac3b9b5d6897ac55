"""Fields that the staff forms share: days as a browser's calendar asks for them, and files."""

import secrets
from typing import Any, cast

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.errors import AlreadySent, FileRefused
from madoguchi.consultations.files import clean_name
from madoguchi.consultations.operations.attaching import MOST_BYTES, MOST_FILES, Upload
from madoguchi.foundation.errors import DomainError


def day_field(**options: Any) -> forms.DateField:
    """A day; browsers without a calendar take 2026-11-30."""
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("日付を選んでください。"),
            "invalid": _("日付を選び直してください。例：2026-11-30"),
        },
        **options,
    )


def time_field(**options: Any) -> forms.TimeField:
    """A time of day; browsers without a clock take 14:30."""
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={
            "required": _("時刻を選んでください。"),
            "invalid": _("時刻を選び直してください。例：14:30"),
        },
        **options,
    )


def number_field(
    *, label: Any, unit: Any, most: int, least: int = 1, missing: Any = "", **options: Any
) -> forms.IntegerField:
    """A whole number of so many units; what is wrong with one says what to type instead."""
    told = {"least": f"{least:,}", "most": f"{most:,}", "unit": unit}
    between = format_lazy(_("{least}{unit}から{most}{unit}までの数を入れてください。"), **told)
    no_number = format_lazy(_("数字だけで入れてください。{least}{unit}から{most}{unit}までです。"), **told)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages={
            "required": missing or between,
            "invalid": no_number,
            "min_value": between,
            "max_value": between,
        },
        **options,
    )


def minutes_field(**options: Any) -> forms.IntegerField:
    """How long a talk took; nobody talks for longer than a day."""
    return number_field(label=_("時間（分）"), unit=_("分"), most=24 * 60, **options)


def new_once() -> str:
    """What tells a form that was sent twice from two forms."""
    return secrets.token_urlsafe(18)


def uploads(request: HttpRequest, name: str = "files") -> list[Upload]:
    """The files of a form. Raises FileRefused before anything too big is read into memory."""
    sent = request.FILES.getlist(name)
    if len(sent) > MOST_FILES:
        raise FileRefused.too_many(MOST_FILES)
    for file in sent:
        if (file.size or 0) > MOST_BYTES:
            raise FileRefused.too_big(clean_name(file.name or ""), MOST_BYTES)
    return [Upload(file.name or "", file.read()) for file in sent]


class SentOnce(forms.Form):
    """A form that makes something: it carries a key, so that sending it twice makes one thing."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:
            self.initial.setdefault("once", new_once())

    def clean_once(self) -> str:
        """The key; a form without one gets its own and is told apart by nothing."""
        return self.cleaned_data["once"] or new_once()

    def refuse(self, error: DomainError, at: str | None = None) -> None:
        """Say why at its field; another thing than was sent before gets a key of its own."""
        if isinstance(error, AlreadySent):
            data = cast("QueryDict", self.data).copy()
            data["once"] = new_once()
            self.data = data
        self.add_error(at, str(error))
