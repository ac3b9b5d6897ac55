"""The rows of a programme's form: frames, windows, contacts, conditions and the rest, one small form each.

A row is read over what stood in its place before (`was`): what the form does not show stays."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.japan import rates, yen
from madoguchi.japan.contact import parse_phone
from madoguchi.web.desk.forms.fields import day_field, time_field

_RANGE = "〜"
_LONG = {"rows": 2}


def short_text(label: Any, most: int, **options: Any) -> forms.CharField:
    """A short text."""
    return forms.CharField(label=label, max_length=most, required=False, **options)


def long_text(label: Any, most: int = 4000, **options: Any) -> forms.CharField:
    """A long text."""
    return short_text(label, most, widget=forms.Textarea(attrs=_LONG), **options)


class Row(forms.Form):
    """One row: `was` is its place in what was saved, empty for a new one."""

    was = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the document as its fields show it."""
        return {name: row.get(name, "") for name in cls.base_fields}

    def told(self) -> dict[str, Any]:
        """What the fields say, in the words of the document."""
        return {name: self.cleaned_data[name] for name in self.base_fields if name != "was"}

    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not any(value for name, value in self.cleaned_data.items() if name != "was")

    def over(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The row with what was typed, over what stood there; empty values are left out."""
        row = {**before, **self.told()}
        return {name: value for name, value in row.items() if value not in (None, "", [], {})}


def _refuse(form: forms.Form, name: str, error: ValueError) -> None:
    form.add_error(name, str(error))


class FrameRow(Row):
    """What a frame gives: a rate with a cap, or a fixed amount."""

    name = short_text(_("枠・コースの名前"), 120, help_text=_("一つだけなら、空のままで大丈夫です。"))
    rate = short_text(_("補助率"), 30, help_text=_("例：2/3、50%"))
    cap = short_text(_("上限の金額"), 40, help_text=_("例：300万円、3,000千円"))
    amount = short_text(_("決まった金額（定額のとき）"), 40, help_text=_("例：10万円"))
    target = short_text(_("この枠の対象"), 300)
    note = short_text(_("この枠の補足"), 500)

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        told = super().shown(row)
        between = row.get("rate_range")
        told["rate"] = f"{between['low']}{_RANGE}{between['high']}" if between else row.get("rate", "")
        for name, key in (("cap", "cap_yen"), ("amount", "amount_yen")):
            told[name] = yen.in_man(row[key]) if row.get(key) is not None else ""
        return told

    def clean(self) -> dict[str, Any]:
        for name in ("cap", "amount"):
            try:
                typed = self.cleaned_data.get(name, "")
                self.cleaned_data[name] = yen.parse_yen(typed) if typed else None
            except ValueError as error:
                _refuse(self, name, error)
        try:
            ends = [part for part in self.cleaned_data.get("rate", "").split(_RANGE) if part.strip()]
            self.cleaned_data["rate"] = [_as_rate(part) for part in ends]
        except ValueError as error:
            _refuse(self, "rate", error)
        return self.cleaned_data

    def is_blank(self) -> bool:
        return super().is_blank() and self.cleaned_data["cap"] is None and self.cleaned_data["amount"] is None

    def told(self) -> dict[str, Any]:
        told, ends = super().told(), self.cleaned_data["rate"]
        return {
            **{name: told[name] for name in ("name", "target", "note")},
            "rate": ends[0] if len(ends) == 1 else None,
            "rate_range": {"low": ends[0], "high": ends[-1]} if len(ends) > 1 else None,
            "cap_yen": told["cap"],
            "amount_yen": told["amount"],
        }

    def over(self, before: Mapping[str, Any]) -> dict[str, Any]:
        row = super().over(before)
        if "cap_yen" not in row:
            row.pop("cap_low_yen", None)
        return row


def _as_rate(typed: str) -> str:
    rate = rates.parse_rate(typed.strip())
    return f"{rate.numerator}/{rate.denominator}"


class WindowRow(Row):
    """A reception window in days; an hour is told where it matters."""

    opens_on = day_field(label=_("受付の始まり"), required=False)
    closes_on = day_field(label=_("締切の日"), required=False)
    closes_time = time_field(
        label=_("締切の時刻"), required=False, help_text=_("空なら、その日の終わりまで受け付けます。")
    )
    note = short_text(_("補足（例：第1回）"), 200)

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        told = {"note": row.get("note", "")}
        if opens := row.get("opens_at"):
            told["opens_on"] = datetime.fromisoformat(opens).date().isoformat()
        if closes := row.get("closes_at"):
            moment = datetime.fromisoformat(closes)
            # Midnight is the end of the day before.
            is_end = moment.time() == time(0)
            told["closes_on"] = (moment.date() - timedelta(days=is_end)).isoformat()
            told["closes_time"] = "" if is_end else f"{moment:%H:%M}"
        return told

    def clean(self) -> dict[str, Any]:
        opens, closes = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("締切は、始まりより後の日にしてください。"))
        if self.cleaned_data.get("closes_time") and not closes:
            self.add_error("closes_on", _("締切の日も選んでください。"))
        return self.cleaned_data

    def told(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "opens_at": _opening(typed["opens_on"]),
            "closes_at": _closing(typed["closes_on"], typed["closes_time"]),
            "note": typed["note"],
        }

    def over(self, before: Mapping[str, Any]) -> dict[str, Any]:
        row = super().over(before)
        was = before.get("opens_at", "")
        if row.get("opens_at", "")[:10] == was[:10]:
            row |= {"opens_at": was} if was else {}
        return row


def _opening(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00" if day else None


def _closing(day: date | None, hour: time | None) -> str | None:
    if day is None:
        return None
    return f"{day.isoformat()}T{hour:%H:%M}" if hour else f"{(day + timedelta(days=1)).isoformat()}T00:00"


class ContactRow(Row):
    """Whom to ask: a unit or desk of the institution, or words."""

    whom = forms.ChoiceField(label=_("どこの連絡先か"), required=False)
    label = short_text(_("担当の名前（例：商工係）"), 200)
    telephone = short_text(_("電話番号"), 30, help_text=_("例：0178-00-0000"))
    extension = short_text(_("内線"), 10)
    url = short_text(_("問い合わせのページ"), 200)

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        kinds = (kind for kind in ("unit", "desk", "organisation") if row.get(kind))
        return {**super().shown(row), "whom": next((f"{kind}:{row[kind]}" for kind in kinds), "")}

    def clean_telephone(self) -> str:
        """The number with its hyphens, as it is printed."""
        if not (typed := self.cleaned_data["telephone"]):
            return ""
        try:
            written = parse_phone(typed).written
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if "-" not in written:
            raise forms.ValidationError(_("市外局番のあとに「-」を入れてください。例：0178-00-0000"))
        return written

    def is_blank(self) -> bool:
        typed = self.cleaned_data
        return not any(typed[name] for name in ("whom", "label", "telephone", "extension", "url"))

    def told(self) -> dict[str, Any]:
        told = super().told()
        kind, _colon, slug = told.pop("whom").partition(":")
        holders = dict.fromkeys(("unit", "desk", "organisation"))
        return {**told, **holders, **({kind: slug} if kind else {})}


class PointRow(Row):
    """A condition, a benefit, something to know."""

    text = long_text(_("文"))
    detail = long_text(_("補足"))

    def over(self, before: Mapping[str, Any]) -> dict[str, Any]:
        row = super().over(before)
        if row.get("text") != before.get("text"):
            row.pop("source", None)  # The document does not say it in these words.
        return row


class StepRow(Row):
    """One step of a procedure."""

    title = short_text(_("すること"), 200)
    text = long_text(_("説明"))
    when = short_text(_("いつ"), 200)


class DocumentRow(Row):
    """A paper to hand in."""

    name = short_text(_("書類の名前"), 200)
    note = short_text(_("補足"), 300)


class LinkRow(Row):
    """An outside page."""

    label = short_text(_("ページの名前"), 200)
    url = short_text(_("アドレス"), 500, help_text=_("https:// から書いてください。"))


# In the order of the form; those that a visitor asks for first stand open.
ROWS: dict[str, type[Row]] = {
    "frames": FrameRow,
    "windows": WindowRow,
    "contacts": ContactRow,
    "requirements": PointRow,
    "benefits": PointRow,
    "steps": StepRow,
    "documents": DocumentRow,
    "links": LinkRow,
    "notes": PointRow,
}
