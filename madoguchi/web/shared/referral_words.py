"""Answering a referral: the form is the same for a link and for what came by telephone."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import DECLINE_REASONS, DeclineReason, Result
from madoguchi.consultations.operations.linking import Answer
from madoguchi.consultations.states import InvolvementState

LONGEST_TEXT = 4_000
REASONS: list[tuple[str, str | Promise]] = [(each.value, each.label) for each in DECLINE_REASONS]
RESULTS: list[tuple[str, str | Promise]] = [
    (each.value, each.label) for each in Result if each != Result.WITHDRAWN
]
_CHOOSE: list[tuple[str, str | Promise]] = [("", _("選んでください"))]


def text_field(label: Any, *, required: Any = "", **options: Any) -> forms.CharField:
    """A text of several lines; `required` is what is said when it is missing."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=bool(required),
        error_messages={"required": required} if required else {},
        **options,
    )


class OutsideAnswerForm(forms.Form):
    """The answer of somebody without an account, by themselves or as it came by telephone or on paper."""

    ACCEPT, DECLINE, FINISH = (
        InvolvementState.ACCEPTED.value,
        InvolvementState.DECLINED.value,
        InvolvementState.FINISHED.value,
    )

    name = forms.CharField(
        label=_("お名前"), max_length=100, error_messages={"required": _("お名前を書いてください。")}
    )
    note = text_field(_("ひとこと"), help_text=_("「その他」のときは、理由を書いてください。"))

    def __init__(self, *args: Any, state: InvolvementState, **options: Any) -> None:
        super().__init__(*args, **options)
        answers: list[tuple[str, str | Promise]] = [
            (self.ACCEPT, _("引き受けます")),
            (self.DECLINE, _("引き受けられません")),
        ]
        is_asked = state == InvolvementState.SENT
        self.fields["answer"] = forms.ChoiceField(
            label=_("お返事"),
            choices=answers if is_asked else [(self.FINISH, _("対応を終えました"))],
            widget=forms.RadioSelect,
            initial=None if is_asked else self.FINISH,
            error_messages={"required": _("お返事を選んでください。")},
        )
        self.fields["detail"] = forms.ChoiceField(
            label=_("引き受けられないときは、その理由") if is_asked else _("どうなったか"),
            choices=_CHOOSE + (REASONS if is_asked else RESULTS),
            required=not is_asked,
            error_messages={"required": _("どうなったかを選んでください。")},
        )
        self.order_fields(["answer", "detail", "note", "name"])

    def clean(self) -> dict[str, Any]:
        """A no has its reason, and the other reason its words."""
        told = super().clean() or {}
        if told.get("answer") == self.DECLINE:
            if not told.get("detail"):
                self.add_error("detail", _("理由を選んでください。"))
            elif told["detail"] == DeclineReason.OTHER and not told.get("note"):
                self.add_error("note", _("「その他」のときは、理由を書いてください。"))
        return told

    def told(self) -> Answer:
        """The answer as the operation takes it."""
        data = self.cleaned_data
        to = InvolvementState(data["answer"])
        return Answer(
            to=to,
            name=data["name"],
            reason=DeclineReason(data["detail"]) if to == InvolvementState.DECLINED else None,
            result=Result(data["detail"]) if to == InvolvementState.FINISHED else None,
            note=data["note"],
        )
