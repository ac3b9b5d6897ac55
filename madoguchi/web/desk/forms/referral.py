"""The forms around a referral: sending, answering, agreeing, handing over."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import Membership, User
from madoguchi.consultations.kinds import ConsentMeans, DeclineReason
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations.consenting import Scope
from madoguchi.consultations.operations.referring import Agreed
from madoguchi.institutions.models import Organisation
from madoguchi.web.shared.referral_words import REASONS, RESULTS, text_field

THIS, ANY = "this", "any"
# How a business tells staff; on the screen it agrees itself.
_MEANS = [(each.value, each.label) for each in ConsentMeans if each != ConsentMeans.ONLINE]


class ReferForm(forms.Form):
    """Why the case goes on, and, where the business has not agreed yet, that it does."""

    message = text_field(
        _("引き継ぐ理由とお願い"),
        required=_("引き継ぐ理由と、お願いしたいことを書いてください。"),
        help_text=_("相手が最初に読みます。いままでのことと、してほしいことを短く。"),
    )

    def __init__(
        self, *args: Any, case: Case, people: Sequence[User], asks_consent: bool, to_name: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._to_name = to_name
        self._people = {str(person.pk): person for person in people}
        if case.is_secret and people:
            self.fields["people"] = forms.MultipleChoiceField(
                label=_("見てよい人"),
                help_text=_("秘密厳守の案件です。ここで選んだ人だけに見えます。"),
                choices=[(pk, person.display_name) for pk, person in self._people.items()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("見てよい人を、1人以上選んでください。")},
            )
        if asks_consent:
            self._ask_consent(is_secret=case.is_secret)

    def _ask_consent(self, *, is_secret: bool) -> None:
        scopes: list[tuple[str, str | Promise]] = [
            (THIS, _("%(name)sにだけ伝えてよい") % {"name": self._to_name})
        ]
        if not is_secret:
            scopes.append((ANY, _("相談先が選ぶ機関に伝えてよい")))
        self.fields["scope"] = forms.ChoiceField(
            label=_("事業者の同意"),
            help_text=_("まだ同意の記録がありません。事業者に確かめてから選んでください。"),
            choices=scopes,
            widget=forms.RadioSelect,
            error_messages={"required": _("事業者がどこまで同意したかを選んでください。")},
        )
        self.fields["means"] = forms.ChoiceField(
            label=_("同意の確かめ方"),
            choices=_MEANS,
            widget=forms.RadioSelect,
            error_messages={"required": _("どのように確かめたかを選んでください。")},
        )

    def chosen_people(self) -> list[User]:
        """Whom the form names."""
        return [self._people[pk] for pk in self.cleaned_data.get("people", [])]

    def agreed(self, *, organisation: Organisation | None, outside_name: str) -> Agreed | None:
        """The consent that the form records; None where it asks for none."""
        scope = self.cleaned_data.get("scope")
        if not scope:
            return None
        named = Scope(organisations=[organisation] if organisation else [], outside_name=outside_name)
        return Agreed(
            scope=Scope(is_general=True) if scope == ANY else named,
            means=ConsentMeans(self.cleaned_data["means"]),
        )


class OutsideForm(ReferForm):
    """The same for somebody without an account: by a link in a mail, or on paper."""

    name = forms.CharField(
        label=_("相手の機関とお名前"),
        max_length=120,
        error_messages={"required": _("だれに紹介するかを書いてください。")},
    )
    email = forms.EmailField(
        label=_("相手のメール"),
        required=False,
        help_text=_("書くと、紹介を読めるリンクを送ります。紙の紹介状だけで渡すときは、空のままにします。"),
        error_messages={"invalid": _("メールアドレスの形を確かめてください。例：hanako@example.jp")},
    )
    field_order = ["name", "email", "message"]


class TakeForm(forms.Form):
    """Who works on the case."""

    def __init__(self, *args: Any, people: Iterable[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {str(person.pk): person for person in people}
        self.fields["adviser"] = forms.ChoiceField(
            label=_("担当する人"),
            choices=[(pk, person.display_name) for pk, person in self._people.items()],
            error_messages={"required": _("担当する人を選んでください。")},
        )

    def adviser(self) -> User:
        """The chosen person."""
        return self._people[self.cleaned_data["adviser"]]


class DeclineForm(forms.Form):
    """Why not, and who else might help."""

    reason = forms.ChoiceField(
        label=_("引き受けられない理由"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("理由を選んでください。")},
    )
    note = text_field(_("くわしい理由"), help_text=_("「その他」のときは書いてください。"))
    suggestion = forms.CharField(
        label=_("ほかの心当たり"),
        max_length=120,
        required=False,
        help_text=_("どこに聞けばよいか、ご存じなら書いてください。"),
    )

    def clean(self) -> dict[str, Any]:
        """The other reason is told in words."""
        told = super().clean() or {}
        if told.get("reason") == DeclineReason.OTHER and not told.get("note"):
            self.add_error("note", _("「その他」のときは、理由を書いてください。"))
        return told


class FinishForm(forms.Form):
    """What came of the own part."""

    result = forms.ChoiceField(
        label=_("どうなったか"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": _("どうなったかを選んでください。")},
    )
    note = text_field(_("くわしく"))


class ConsentForm(forms.Form):
    """With whom the business agrees to share its case."""

    scope = forms.ChoiceField(
        label=_("だれに伝えてよいか"),
        widget=forms.RadioSelect,
        error_messages={"required": _("だれに伝えてよいかを選んでください。")},
    )
    organisation = forms.ModelChoiceField(
        label=_("名前のあがった機関"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("選んでください"),
    )
    outside_name = forms.CharField(label=_("ほかの人・機関の名前"), max_length=120, required=False)
    means = forms.ChoiceField(
        label=_("同意の確かめ方"),
        choices=_MEANS,
        widget=forms.RadioSelect,
        error_messages={"required": _("どのように確かめたかを選んでください。")},
    )

    def __init__(self, *args: Any, is_secret: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        named: list[tuple[str, str | Promise]] = [
            (THIS, _("下で選ぶ機関にだけ")),
            ("outside", _("下に書く人・機関にだけ")),
        ]
        general: list[tuple[str, str | Promise]] = [(ANY, _("相談先が選ぶ機関に"))]
        self.fields["scope"].choices = named if is_secret else general + named  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.order_by("name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was chosen has its name."""
        told = super().clean() or {}
        if told.get("scope") == THIS and not told.get("organisation"):
            self.add_error("organisation", _("機関を選んでください。"))
        if told.get("scope") == "outside" and not told.get("outside_name"):
            self.add_error("outside_name", _("名前を書いてください。"))
        return told

    def told(self) -> Agreed:
        """The consent as the operation takes it."""
        data = self.cleaned_data
        if data["scope"] == ANY:
            scope = Scope(is_general=True)
        elif data["scope"] == THIS:
            scope = Scope(organisations=[data["organisation"]])
        else:
            scope = Scope(outside_name=data["outside_name"])
        return Agreed(scope=scope, means=ConsentMeans(data["means"]))


class PersonForm(forms.Form):
    """Somebody who may see a secret case."""

    def __init__(self, *args: Any, rows: Iterable[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = {str(row.user_id): row.user for row in rows}
        names = {str(row.user_id): f"{row.organisation.name}　{row.user.display_name}" for row in rows}
        self.fields["person"] = forms.ChoiceField(
            label=_("見てよい人に加える"),
            choices=[("", _("選んでください")), *names.items()],
            error_messages={"required": _("人を選んでください。")},
        )

    def person(self) -> User:
        """The chosen person."""
        return self._people[self.cleaned_data["person"]]
