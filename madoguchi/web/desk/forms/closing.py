"""Closing a case: how it ended, and what came of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.kinds import Outcome, Result
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.web.desk.forms.first import CountField, MoneyField


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
