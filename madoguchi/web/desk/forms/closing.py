"""Closing a case: how it ended, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Outcome, Result
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.operations import telling
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.open_referrals import Then
from madoguchi.web.desk.forms.first import CountField, MoneyField

_THEN = [
    (Then.WITHDRAW, _("お願いを取り下げる（もう返事はいらないと、相手に知らせます）")),
    (Then.KEEP, _("返事を待つ（閉じたあとも返事ができます。引き受けると、案件がまた開きます）")),
]


class ClosingForm(forms.Form):
    """The outcome in the classes of the flow chart, and figures as far as they are known."""

    outcome = forms.ChoiceField(
        label=_("何につながったか"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    result = forms.ChoiceField(
        label=_("対応の結果"), choices=Result.choices, widget=forms.RadioSelect, initial=Result.HELPED
    )
    summary = forms.CharField(
        label=_("まとめ"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("何をして、どうなったか。関わった機関にも見えます。"),
    )
    sales_yen = MoneyField(
        label=_("売上の増え方（年・万円）"),
        max_length=30,
        required=False,
        help_text=_("減ったときは「-」をつけます。"),
    )
    raised_yen = MoneyField(label=_("調達した資金（万円）"), max_length=30, required=False)
    jobs = CountField(label=_("増えた働く人（人）"), max_length=10, required=False)
    plan_approved = forms.BooleanField(label=_("計画の承認・認定を受けた"), required=False)

    def __init__(self, *args: Any, referrals: Sequence[Involvement] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self._referrals = [(f"referral_{each.pk}", each.pk) for each in referrals]
        for (name, _pk), each in zip(self._referrals, referrals, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=format_lazy(_("まだ返事のない引き継ぎ：{name}"), name=telling.name_of(each)),
                choices=_THEN,
                widget=forms.RadioSelect,
                error_messages={"required": _("取り下げるか、返事を待つかを選んでください。")},
            )
        self.order_fields([name for name, _pk in self._referrals])

    def referrals(self) -> dict[int, Then]:
        """What becomes of each referral that nobody answered. Call is_valid() first."""
        return {pk: Then(self.cleaned_data[name]) for name, pk in self._referrals}

    def told(self) -> CameOfIt:
        """What the form says."""
        told: dict[str, Any] = self.cleaned_data
        return CameOfIt(
            outcome=Outcome(told["outcome"]),
            result=Result(told["result"]),
            summary=told["summary"],
            sales_yen=told["sales_yen"],
            jobs=told["jobs"],
            raised_yen=told["raised_yen"],
            plan_approved=True if told["plan_approved"] else None,
        )
