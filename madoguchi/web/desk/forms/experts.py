"""The forms around a question to an expert: asking, declining, reporting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import Membership
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.operations.experts import Report
from madoguchi.web.desk.forms.fields import SentOnce, day_field, minutes_field
from madoguchi.web.shared.referral_words import text_field


class AskForm(forms.Form):
    """Whom, and what."""

    question = text_field(
        _("聞きたいこと・してほしいこと"),
        required=_("聞きたいことを書いてください。"),
        help_text=_("専門家が最初に読みます。いまの状況と、いつまでに何をしてほしいかを短く。"),
    )
    shows_figures = forms.BooleanField(
        label=_("決算の数字も見せる"),
        required=False,
        help_text=_("印をつけないと、売上などの数字は専門家に見えません。"),
    )
    field_order = ("expert", "question", "shows_figures")

    def __init__(self, *args: Any, rows: Sequence[Membership], **options: Any) -> None:
        self._rows = {str(row.pk): row for row in rows}
        super().__init__(*args, **options)
        self.fields["expert"] = forms.ChoiceField(
            label=_("頼む専門家"),
            choices=[
                (pk, f"{row.user.display_name}（{row.organisation.name}）") for pk, row in self._rows.items()
            ],
            error_messages={"required": _("頼む専門家を選んでください。")},
        )
        self.order_fields(self.field_order)

    def expert(self) -> Membership:
        """The chosen expert."""
        return self._rows[self.cleaned_data["expert"]]


class DeclineForm(forms.Form):
    """Why not."""

    reason = text_field(
        _("引き受けられない理由"),
        required=_("理由を書いてください。"),
        help_text=_("頼んだ人に伝わります。ほかに合う人がいれば、書き添えてください。"),
    )


class ReportForm(SentOnce):
    """What came of one dispatch."""

    held_on = day_field(label=_("対応した日"))
    minutes = minutes_field(missing=_("話した時間を、分で入れてください。例：60"))
    channel = forms.ChoiceField(label=_("どこで話したか"), choices=Channel.choices, initial=Channel.VISIT)
    body = text_field(
        _("報告"),
        required=_("話したことや、助言したことを書いてください。"),
        help_text=_("共有の記録になります。事業者と、案件に関わる機関が読みます。"),
    )

    def told(self, *, files: Sequence[Upload]) -> Report:
        """What the form says, with the files that came with it."""
        told = self.cleaned_data
        return Report(
            body=told["body"],
            held_on=told["held_on"],
            minutes=told["minutes"],
            channel=Channel(told["channel"]),
            files=files,
        )
