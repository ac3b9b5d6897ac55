"""約束をする: who meets the business, on which day and between which hours, where."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import User
from madoguchi.consultations.kinds import PlaceKind
from madoguchi.consultations.models import Appointment
from madoguchi.consultations.operations.appointing import Arrangement
from madoguchi.web.desk.forms.fields import SentOnce, day_field, time_field


class AppointmentForm(SentOnce):
    """An appointment; both times are of the same day, in Tokyo."""

    day = day_field(label=_("日"))
    begins = time_field(label=_("始まり"))
    ends = time_field(label=_("終わり"))
    place_kind = forms.ChoiceField(
        label=_("どうやって会うか"),
        choices=PlaceKind.choices,
        widget=forms.RadioSelect,
        initial=PlaceKind.DESK,
    )
    place = forms.CharField(
        label=_("場所"),
        max_length=200,
        required=False,
        help_text=_("住所や部屋の名前、電話番号、つなぎ方など。"),
    )
    note = forms.CharField(
        label=_("事業者に伝えること"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("持ち物など。お知らせのメールにものります（秘密厳守の案件では、のりません）。"),
    )
    adviser = forms.ChoiceField(label=_("会う人"))

    def __init__(self, *args: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {str(user.pk): user for user in people}
        choice = self.fields["adviser"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101
        choice.choices = [(key, user.display_name) for key, user in self._people.items()]

    @property
    def times(self) -> list[forms.BoundField]:
        """What is asked side by side: the day and its two times."""
        return [self[name] for name in ("day", "begins", "ends")]

    @property
    def others(self) -> list[forms.BoundField]:
        """The rest of what is asked."""
        return [self[name] for name in ("place_kind", "place", "note", "adviser")]

    def told(self) -> Arrangement:
        """What the form says."""
        told = self.cleaned_data
        return Arrangement(
            adviser=self._people[told["adviser"]],
            starts_at=_instant(told["day"], told["begins"]),
            ends_at=_instant(told["day"], told["ends"]),
            place_kind=PlaceKind(told["place_kind"]),
            place=told["place"],
            note=told["note"],
        )


def _instant(day: Any, clock_time: time) -> datetime:
    return datetime.combine(day, clock_time, tzinfo=timezone.get_default_timezone())


def initial_of(appointment: Appointment) -> dict[str, object]:
    """What the form begins with for one that is there."""
    starts_at = timezone.localtime(appointment.starts_at)
    return {
        "day": starts_at.date(),
        "begins": starts_at.time(),
        "ends": timezone.localtime(appointment.ends_at).time(),
        "place_kind": appointment.place_kind,
        "place": appointment.place,
        "note": appointment.note,
        "adviser": str(appointment.adviser_id),
    }
