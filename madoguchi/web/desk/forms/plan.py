"""支援の計画: tasks and goals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.web.desk.forms.fields import day_field
from madoguchi.web.desk.forms.record import BUSINESS, OWN


class TaskForm(forms.Form):
    """Something to do."""

    title = forms.CharField(
        label=_("すること"), max_length=200, error_messages={"required": _("何をするかを書いてください。")}
    )
    due_on = day_field(label=_("いつまでに"), required=False)
    whose = forms.ChoiceField(
        label=_("だれがするか"), choices=[(OWN, _("自分たち")), (BUSINESS, _("事業者"))], initial=OWN
    )


class TaskChangeForm(forms.Form):
    """The same thing in other words, or on another day."""

    title = forms.CharField(
        label=_("すること"), max_length=200, error_messages={"required": _("何をするかを書いてください。")}
    )
    due_on = day_field(label=_("いつまでに"), required=False)


class GoalForm(forms.Form):
    """What the business wants to have reached."""

    text = forms.CharField(
        label=_("目標"), max_length=200, error_messages={"required": _("目標を書いてください。")}
    )
    by_day = day_field(label=_("いつまでに"), required=False)


class FollowUpForm(forms.Form):
    """A day on which somebody asks how things went."""

    due_on = day_field(label=_("連絡する日"))
