"""記録を書く: what was said, who may read it, whether it was a talk, what comes next."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.journal import Entry
from madoguchi.consultations.operations.recording import Talk
from madoguchi.web.desk.forms.fields import (
    SentOnce,
    day_field,
    minutes_field,
    number_field,
    time_field,
)

LONGEST_TEXT = 20_000
_MOST_PEOPLE = 999
OWN, BUSINESS = "own", "business"
_TALK: list[tuple[str, str | Promise]] = [("", _("相談ではない（記録だけ）")), *Channel.choices]


class NoteForm(forms.Form):
    """A text and who may read it; `says` is who that is, as a sentence for each choice."""

    body = forms.CharField(
        label=_("記録"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("話したことや、決めたことを書いてください。")},
    )
    visibility = forms.ChoiceField(
        label=_("だれに見せるか"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        initial=Visibility.SHARED,
    )

    def __init__(self, *args: Any, says: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["visibility"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101
        choice.choices = list(says)


# What only a talk has; the day stands there from the beginning.
_ABOUT_A_TALK = ("held_at", "minutes", "people", "place")


class TalkFields(forms.Form):
    """What is asked of a talk, wherever one is written down."""

    channel = forms.ChoiceField(label=_("どこで話したか"), choices=_TALK, required=False)
    held_on = day_field(label=_("話した日"), required=False)
    held_at = time_field(label=_("始まりの時刻"), required=False)
    minutes = minutes_field(required=False)
    people = number_field(label=_("相手の人数"), unit=_("人"), most=_MOST_PEOPLE, required=False)
    place = forms.CharField(label=_("場所"), max_length=100, required=False)

    def talk(self) -> Talk:
        """What the form says of it. Call is_valid() first."""
        told = self.cleaned_data
        return Talk(
            channel=Channel(told["channel"]),
            held_on=told["held_on"],
            held_at=told["held_at"],
            minutes=told["minutes"],
            place=told["place"],
            people=told["people"] or 1,
        )


class RecordForm(SentOnce, TalkFields, NoteForm):
    """A note, and with a channel a talk; with a next step a task."""

    next_step = forms.CharField(label=_("次にすること"), max_length=200, required=False)
    next_due_on = day_field(label=_("いつまでに"), required=False)
    next_for = forms.ChoiceField(
        label=_("だれがするか"), choices=[(OWN, _("自分たち")), (BUSINESS, _("事業者"))], required=False
    )

    def __init__(self, *args: Any, says: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, says=says, **options)
        self.fields["body"].required = False

    @property
    def talk_fields(self) -> list[forms.BoundField]:
        """What is asked of a talk."""
        return [self[name] for name in ("channel", "held_on", "held_at", "minutes", "people", "place")]

    @property
    def next_fields(self) -> list[forms.BoundField]:
        """What is asked of the next step."""
        return [self[name] for name in ("next_step", "next_due_on", "next_for")]

    def clean(self) -> dict[str, Any]:
        """A talk has a day, and without a talk there has to be a text."""
        told = super().clean() or {}
        if not told.get("body") and not told.get("channel"):
            self.add_error("body", _("話したことや、決めたことを書いてください。"))
        if told.get("channel") and not told.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", _("話した日を選んでください。"))
        if not told.get("channel") and any(told.get(name) for name in _ABOUT_A_TALK):
            self.add_error("channel", _("どこで話したかを選んでください。選ばないと、相談として数えません。"))
        if told.get("next_due_on") and not told.get("next_step"):
            self.add_error("next_step", _("次にすることを書いてください。"))
        return told

    def entry(self, *, files: Sequence[Upload] = ()) -> Entry:
        """What the form says, with the files that came with it."""
        told = self.cleaned_data
        return Entry(
            body=told["body"],
            visibility=Visibility(told["visibility"]),
            talk=self.talk() if told["channel"] else None,
            next_step=told["next_step"],
            next_due_on=told["next_due_on"],
            is_next_for_business=told["next_for"] == BUSINESS,
            files=files,
        )


def with_draft(initial: dict[str, Any], content: object) -> dict[str, Any]:
    """What a form begins with when something typed into it was kept: that goes first."""
    if not isinstance(content, dict):
        return initial
    known = RecordForm.base_fields.keys() - {"once"}
    kept = {name: value for name, value in content.items() if name in known and isinstance(value, str)}
    return {**initial, **kept}
