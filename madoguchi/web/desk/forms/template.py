"""A beginning for notes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TemplateForm(forms.Form):
    """Its name and its text."""

    name = forms.CharField(label=_("ひな形の名前"), max_length=40, help_text=_("例：巡回の記録"))
    body = forms.CharField(
        label=_("ひな形の文"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("見出しだけを書いておくと、書きもらしが減ります。"),
    )
