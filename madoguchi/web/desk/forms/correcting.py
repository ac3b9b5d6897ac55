"""Correcting a case: what it says of itself, and whose it is."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses.queries import place_name
from madoguchi.consultations.kinds import ContactMode, Urgency
from madoguchi.consultations.models import Case, Topic
from madoguchi.consultations.operations.correcting import Correction
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.web.desk.forms.fields import number_field
from madoguchi.web.shared.business_form import industry_choices

_CONTACT = ("name", "telephone", "email", "mode", "when")
_MOST_EMPLOYEES = 1_000_000


def _text(label: Any, longest: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


class ChangeForm(forms.Form):
    """Everything that a case says of itself."""

    title = forms.CharField(
        label=_("題名"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("題名を書いてください。")},
    )
    main_topic = forms.ChoiceField(label=_("おもな内容"), required=False)
    topics = forms.MultipleChoiceField(
        label=_("ほかの内容"), required=False, widget=forms.CheckboxSelectMultiple
    )
    urgency = forms.ChoiceField(label=_("急ぎの度合い"), choices=Urgency.choices, widget=forms.RadioSelect)
    is_secret = forms.BooleanField(
        label=_("秘密厳守にする（担当の人だけが見る）"),
        help_text=_("秘密の内容を選ぶと、自動で秘密厳守になります。外せるのは、名前のある管理者だけです。"),
        required=False,
    )
    contact_name = _text(_("相談した人"), 100)
    contact_telephone = _text(_("電話番号"), 20, type="tel")
    contact_email = forms.EmailField(
        label=_("メールアドレス"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("メールアドレスの形になっていません。例：yamada@example.jp")},
    )
    contact_mode = forms.ChoiceField(
        label=_("連絡のしかた"), choices=[("", _("決まっていない")), *ContactMode.choices], required=False
    )
    contact_when = _text(_("都合のよいとき"), 100)
    area = forms.ChoiceField(label=_("市町村"), required=False)
    industry = forms.ChoiceField(label=_("業種"), required=False)
    employees = number_field(
        label=_("従業員の数"), unit=_("人"), least=0, most=_MOST_EMPLOYEES, required=False
    )

    def __init__(
        self, *args: Any, case: Case, topics: Iterable[Topic], region: Region | None, **options: Any
    ) -> None:
        super().__init__(*args, **{"initial": said_by(case), **options})
        # What the region dropped since stays where it was chosen.
        chosen = case.topics.order_by("position", "pk")
        self._topics = {each.code: each for each in (*topics, *chosen)}
        self._was_secret = case.is_secret
        offered = [(each.code, each.label) for each in self._topics.values()]
        self._offer("main_topic", [("", gettext("決まっていない")), *offered])
        self._offer("topics", offered)
        self._offer("area", _places(case, region))
        self._offer("industry", industry_choices(case.industry))
        if case.is_secret:
            self.fields["why"] = forms.CharField(
                label=_("秘密厳守を外すときは、その理由"),
                help_text=_("内部の記録に残ります。"),
                max_length=400,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.order_fields([*list(self.fields)[:5], "why"])

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """A case with a secret topic cannot be an open one."""
        told = super().clean() or {}
        if self._was_secret and not told.get("is_secret") and any(each.is_secret for each in self._chosen()):
            self.add_error("is_secret", _("秘密の内容を選んだまま、秘密厳守は外せません。"))
        return told

    def _chosen(self) -> list[Topic]:
        # The main one first.
        main = self.cleaned_data.get("main_topic", "")
        codes = dict.fromkeys([main, *self.cleaned_data.get("topics", [])])
        return [self._topics[code] for code in codes if code]

    def correction(self) -> Correction:
        """What the case is to say. Call is_valid() first."""
        told = self.cleaned_data
        return Correction(
            title=told["title"],
            topics=self._chosen(),
            urgency=Urgency(told["urgency"]),
            is_secret=told["is_secret"],
            contact={name: told[f"contact_{name}"] for name in _CONTACT},
            area_code=told["area"],
            industry=told["industry"],
            employees=told["employees"],
        )


def said_by(case: Case) -> dict[str, Any]:
    """What a case says now, by the fields of the form."""
    main = case.main_topic.code if case.main_topic else ""
    others = case.topics.exclude(code=main).order_by("position", "pk").values_list("code", flat=True)
    return {
        "title": case.title,
        "main_topic": main,
        "topics": list(others),
        "urgency": case.urgency,
        "is_secret": case.is_secret,
        **{f"contact_{name}": getattr(case, f"contact_{name}") for name in _CONTACT},
        "area": case.area_code,
        "industry": case.industry,
        "employees": case.employees,
    }


def _places(case: Case, region: Region | None) -> list[tuple[str, str]]:
    """The municipalities of the region, and the case's own place where it is none of them."""
    found = areas.municipalities(region.prefecture_code) if region else ()
    places = {"": gettext("わからない"), **{each.code: each.name for each in found}}
    own = case.area_code
    return list({**places, own: places.get(own) or place_name(own) or own}.items())


class NewBusinessForm(forms.Form):
    """A business that is not on the books yet, with what the case says of it."""

    name = _text(_("商号・名前"), 150)
    corporate_number = _text(_("法人番号"), 20, inputmode="numeric")
    telephone = _text(_("電話番号"), 20, type="tel")
    email = _text(_("メールアドレス"), 254, inputmode="email")
    area_code = forms.ChoiceField(label=_("市町村"), required=False)
    is_founder = forms.BooleanField(label=_("創業予定（まだ始めていない）"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, region: Region | None) -> None:
        answers = case.answers
        told = {
            "name": answers.get("company") or case.contact_name,
            "corporate_number": answers.get("corporate_number", ""),
            "telephone": case.contact_telephone,
            "email": case.contact_email,
            "area_code": case.area_code,
            "is_founder": answers.get("who") == "founder",
        }
        super().__init__(data, initial=told, prefix="new")
        cast("forms.ChoiceField", self.fields["area_code"]).choices = _places(case, region)
