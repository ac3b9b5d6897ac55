"""When a draft becomes public and when it ends, and why it is returned."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.web.desk.forms.fields import day_field, time_field

_TOKYO = ZoneInfo("Asia/Tokyo")


class _Failing(forms.Form):
    def fail(self, sentence: str) -> None:
        """Say above the fields what went wrong with the act."""
        if self.is_bound:
            self.add_error(None, sentence)


class MomentForm(_Failing):
    """Days with an optional hour; a day alone begins, and ends, at midnight."""

    publish_on = day_field(label=_("公開する日"), required=False, help_text=_("空なら、いますぐ公開します。"))
    publish_time = time_field(label=_("公開する時刻"), required=False)
    expire_on = day_field(
        label=_("公開を終える日"), required=False, help_text=_("空なら、取り下げるまで公開します。")
    )

    def clean(self) -> dict[str, Any]:
        """The instants, as `publish_at` and `expire_at`."""
        told = self.cleaned_data
        told["publish_at"] = _instant(told.get("publish_on"), told.get("publish_time"))
        told["expire_at"] = _instant(told.get("expire_on"), None)
        if told.get("publish_time") and not told.get("publish_on"):
            self.add_error("publish_on", _("公開する日も選んでください。"))
        return told


def _instant(day: Any, hour: time | None) -> datetime | None:
    return datetime.combine(day, hour or time(0), _TOKYO) if day else None


class ReasonForm(_Failing):
    """A word for whoever wrote it."""

    why = forms.CharField(
        label=_("どこを直すとよいか"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
