"""The form of a consultation in three short steps. What earlier steps told travels along in hidden fields, so
that nothing is kept anywhere before it is sent, and nothing typed is lost on the way."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses.models import Business
from madoguchi.consultations.kinds import ContactMode
from madoguchi.consultations.models import Topic
from madoguchi.institutions.models import Region
from madoguchi.japan import areas, corporate_number, industries
from madoguchi.japan.contact import parse_phone
from madoguchi.japan.digits import half_width

LONGEST_WORDS = 4000
MOST_TOPICS = 5
MOST_EMPLOYEES = 1_000_000
# Where people wish to be answered on the page of their request, and by nobody's call.
ON_THE_PAGE = "page"

BUSINESS, FOUNDER, ANONYMOUS = "business", "founder", "anonymous"

_SALT = "madoguchi.consult.begun"


def stamp(at: datetime) -> str:
    """When the form was opened, sealed so that only this site can have written it."""
    return signing.dumps(at.timestamp(), salt=_SALT)


def seconds_since(sealed: str, *, at: datetime) -> float | None:
    """How long ago a form was opened; None where nobody can say."""
    try:
        begun = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return None
    return at.timestamp() - begun if isinstance(begun, int | float) else None


class Travelling(forms.Form):
    """What goes with every step and is never asked: which form this is, and what it was opened for."""

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    begun = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    programme = forms.SlugField(max_length=80, required=False, widget=forms.HiddenInput)
    desk = forms.SlugField(max_length=80, required=False, widget=forms.HiddenInput)


class Step(forms.Form):
    """One step: its errors are marked where they are."""

    use_required_attribute = False
    # What stands beside the label of a field that some answers ask for.
    needed: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*args, **named)
        self.step_name = type(self).__name__
        for name, words in self.needed.items():
            self.fields[name].needed = words  # type: ignore[attr-defined]

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """The choices of a field that the database knows."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class WordsStep(Step):
    """What troubles you."""

    words = forms.CharField(
        label=_("どんなことでお困りですか"),
        help_text=_("話すときの言葉のままで、短くてかまいません。"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": _("困っていることを、ひとことでよいので書いてください。"),
            "max_length": _("長すぎます。%(limit_value)d字までにしてください（いま%(show_value)d字）。"),
        },
    )


class MatterStep(Step):
    """What it is about, and where."""

    topics = forms.MultipleChoiceField(
        label=_("何についての相談ですか"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area = forms.ChoiceField(
        label=_("会社やお店のある市町村"),
        help_text=_("近い窓口につなぐために聞きます。"),
        required=False,
    )
    industry = forms.ChoiceField(label=_("業種"), required=False)
    employees = forms.CharField(
        label=_("従業員の数"),
        help_text=_("だいたいでかまいません。ひとりのときは0。"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, topics: Iterable[Topic], region: Region, **named: Any) -> None:
        super().__init__(*args, **named)
        self.offer("topics", [(topic.code, topic.label) for topic in topics])
        places = areas.municipalities(region.prefecture_code)
        self.offer(
            "area", [("", gettext("選ばない・わからない")), *((each.code, each.name) for each in places)]
        )
        divisions = [(each.code, each.name) for each in industries.divisions() if each.code not in ("S", "T")]
        self.offer("industry", [("", gettext("選ばない・わからない")), *divisions])

    def clean_topics(self) -> list[str]:
        """Few enough to be read."""
        chosen: list[str] = self.cleaned_data["topics"]
        if len(chosen) > MOST_TOPICS:
            raise forms.ValidationError(
                gettext("%(most)dつまで選べます。いちばん相談したいことを選んでください。")
                % {"most": MOST_TOPICS}
            )
        return chosen

    def clean_employees(self) -> int | None:
        """A number of people, in any width, or nothing."""
        text = half_width(self.cleaned_data["employees"]).replace(",", "").removesuffix("人").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or int(text) > MOST_EMPLOYEES:
            raise forms.ValidationError(gettext("人数を、数字で書いてください。例：5"))
        return int(text)


class ContactStep(Step):
    """Who asks, how to answer, and what the business agrees to."""

    needed: ClassVar[dict[str, Any]] = {
        "company": _("※会社・お店の方は必須"),
        "name": _("※これから始める方は必須"),
        "telephone": _("※電話で受けるときは必須"),
        "email": _("※メールで受けるときは必須"),
    }

    who = forms.ChoiceField(
        label=_("どなたですか"),
        choices=[
            (BUSINESS, _("会社やお店をしている")),
            (FOUNDER, _("これから始める")),
            (ANONYMOUS, _("名前を出さずに相談する")),
        ],
        initial=BUSINESS,
        widget=forms.RadioSelect,
        error_messages={"required": _("あてはまるものを選んでください。")},
    )
    business = forms.ChoiceField(label=_("登録してある事業者"), required=False)
    company = forms.CharField(
        label=_("会社・お店の名前"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    corporate_number = forms.CharField(
        label=_("法人番号"),
        help_text=_("会社のときだけ。13桁です。わからなければ空のままで。"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 16, "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("あなたのお名前"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mode = forms.ChoiceField(
        label=_("返事の受け取りかた"),
        choices=[
            (ContactMode.TELEPHONE, _("電話で")),
            (ContactMode.MAIL, _("メールで")),
            (ContactMode.MEETING, _("会って話す")),
            (ContactMode.VIDEO, _("オンラインで話す")),
            (ON_THE_PAGE, _("受付のページで読む")),
        ],
        initial=ContactMode.TELEPHONE,
        widget=forms.RadioSelect,
        error_messages={"required": _("どれか一つを選んでください。")},
    )
    telephone = forms.CharField(
        label=_("電話番号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "size": 16}),
    )
    email = forms.EmailField(
        label=_("メールアドレス"),
        help_text=_("書くと、受付番号と状況のページのリンクが届きます。"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("メールアドレスの形になっていません。例：yamada@example.jp")},
    )
    when = forms.CharField(
        label=_("都合のよいとき"),
        help_text=_("例：平日の午前、金曜の3時から"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agrees = forms.BooleanField(
        label=_("答える窓口に、書いた内容を伝えることに同意します"),
        error_messages={"required": _("同意がないと、窓口に伝えられません。")},
    )
    shares = forms.BooleanField(
        label=_("必要なときは、相談を受けた窓口が選んだほかの支援機関にも、伝えてかまいません"),
        required=False,
    )

    def __init__(self, *args: Any, businesses: Iterable[Business] = (), **named: Any) -> None:
        super().__init__(*args, **named)
        own = [(each.key, each.name) for each in businesses]
        if own:
            self.offer("business", [*own, ("", gettext("この中にない"))])
        else:
            del self.fields["business"]

    def clean_corporate_number(self) -> str:
        """The thirteen digits, checked, or nothing."""
        text: str = self.cleaned_data["corporate_number"]
        if not text:
            return ""
        try:
            return corporate_number.normalise(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_telephone(self) -> str:
        """A number that can be dialled, or nothing."""
        text: str = self.cleaned_data["telephone"]
        if not text:
            return ""
        try:
            return parse_phone(text).label
        except ValueError as error:
            raise forms.ValidationError(
                gettext("電話番号の桁が合いません。市外局番から書いてください。")
            ) from error

    def clean(self) -> dict[str, Any]:
        """What the wish needs: a name unless nobody gives one, and a way to answer."""
        told = self.cleaned_data
        has_name = any(told.get(name) for name in ("business", "company", "corporate_number"))
        if told.get("who") == BUSINESS and not has_name:
            self._needs("company", gettext("会社やお店の名前を書いてください。"))
        if told.get("who") == FOUNDER and not told.get("name"):
            self._needs("name", gettext("お名前を書いてください。"))
        self._check_way(told)
        return told

    def _check_way(self, told: dict[str, Any]) -> None:
        mode = told.get("mode")
        if mode == ContactMode.TELEPHONE and not told.get("telephone"):
            self._needs("telephone", gettext("電話で返事をするので、電話番号を書いてください。"))
        if mode == ContactMode.MAIL and not told.get("email"):
            self._needs("email", gettext("メールで返事をするので、メールアドレスを書いてください。"))
        meets = mode in (ContactMode.MEETING, ContactMode.VIDEO)
        if meets and not (told.get("telephone") or told.get("email")):
            self._needs("telephone", gettext("日を決めるので、電話番号かメールアドレスを書いてください。"))

    def _needs(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)
