"""相談を受ける: everything about a new consultation on one screen."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import Language
from madoguchi.consultations.kinds import Channel, Urgency, Visibility
from madoguchi.consultations.models import Topic
from madoguchi.consultations.queries.destinations import Receivers
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.web.desk.forms.fields import SentOnce, day_field, minutes_field

LONGEST_WORDS = 4000
LONGEST_NOTE = 20_000
KNOWN, NEW, ANONYMOUS = "known", "new", "anonymous"
MYSELF, OWN_TRAY, BY_RULE, CHOSEN = "myself", "own_tray", "by_rule", "chosen"


class IntakeForm(SentOnce):
    """Who, what about, how it was told, and who has it from now on."""

    # What stands beside the label of a field that some answers ask for.
    needed: ClassVar[dict[str, Any]] = {
        "new_name": _("※新しい事業者のとき必須"),
        "receiver": _("※選んで送るとき必須"),
    }
    use_required_attribute = False

    who = forms.ChoiceField(
        label=_("だれの相談ですか"),
        choices=[(KNOWN, _("名簿にある")), (NEW, _("新しい事業者")), (ANONYMOUS, _("名前を聞かない"))],
        initial=KNOWN,
        widget=forms.RadioSelect,
        error_messages={"required": _("どれか一つを選んでください。")},
    )
    q = forms.CharField(
        label=_("名前・カナ・番号でさがす"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    business = forms.CharField(max_length=16, required=False)
    new_name = forms.CharField(
        label=_("商号・名前"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    new_number = forms.CharField(
        label=_("法人番号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "size": 16}),
    )
    is_founder = forms.BooleanField(label=_("創業予定（まだ始めていない）"), required=False)
    contact_name = forms.CharField(
        label=_("話した相手"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    telephone = forms.CharField(
        label=_("電話番号"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "tel", "size": 16}),
    )
    email = forms.EmailField(
        label=_("メールアドレス"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("メールアドレスの形を確かめてください。")},
    )
    area = forms.ChoiceField(label=_("市町村"), required=False)
    language = forms.ChoiceField(label=_("話す言葉"), choices=Language.choices, required=False, initial="ja")
    words = forms.CharField(
        label=_("困りごと"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("相談の内容を、ひとことで書いてください。")},
    )
    topics = forms.MultipleChoiceField(label=_("内容"), required=False, widget=forms.CheckboxSelectMultiple)
    channel = forms.ChoiceField(label=_("どこで話したか"), choices=Channel.choices, initial=Channel.DESK)
    urgency = forms.ChoiceField(
        label=_("急ぎの度合い"), choices=Urgency.choices, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    to = forms.ChoiceField(
        label=_("このあと"),
        choices=[
            (MYSELF, _("自分で受ける")),
            (OWN_TRAY, _("所属の「新しい相談」に入れる")),
            (BY_RULE, _("決まりどおりの窓口に送る")),
            (CHOSEN, _("窓口・機関を選んで送る")),
        ],
        initial=MYSELF,
        widget=forms.RadioSelect,
    )
    receiver = forms.ChoiceField(label=_("送り先"), required=False)
    is_agreed = forms.BooleanField(
        label=_("ほかの機関に送ることに、事業者が同意した（口頭）"), required=False
    )
    has_talk = forms.BooleanField(label=_("相談として記録する（件数に入る）"), required=False, initial=True)
    held_on = day_field(label=_("話した日"), required=False)
    minutes = minutes_field(required=False, widget=forms.NumberInput(attrs={"size": 5}))
    body = forms.CharField(
        label=_("記録"),
        help_text=_("話したこと、助言したこと。あとからでも書けます。"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    visibility = forms.ChoiceField(
        label=_("記録を見せる相手"),
        choices=Visibility.choices,
        initial=Visibility.SHARED,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, topics: list[Topic], region: Region | None, receivers: Receivers, **options: Any
    ) -> None:
        super().__init__(*args, label_suffix="", **options)
        for name, words in self.needed.items():
            self.fields[name].needed = words  # type: ignore[attr-defined]
        self._offer("topics", [(topic.code, topic.label) for topic in topics])
        places = areas.municipalities(region.prefecture_code) if region else ()
        self._offer("area", [("", gettext("わからない")), *((each.code, each.name) for each in places)])
        self._offer(
            "receiver",
            [
                ("", gettext("選んでください")),
                *((f"desk:{each.slug}", each.name) for each in receivers.desks),
                *((f"organisation:{each.slug}", each.name) for each in receivers.organisations),
            ],
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        """What the answers ask for of one another."""
        told = super().clean() or {}
        if told.get("who") == KNOWN and not told.get("business"):
            self._needs("q", gettext("事業者をさがして選んでください。なければ「新しい事業者」を選びます。"))
        if told.get("who") == NEW and not told.get("new_name"):
            self._needs("new_name", gettext("商号か、お名前を書いてください。"))
        if told.get("to") == CHOSEN and not told.get("receiver"):
            self._needs("receiver", gettext("送り先を選んでください。"))
        if self.is_talk(told) and not told.get("held_on"):
            self._needs("held_on", gettext("話した日を選んでください。"))
        return told

    @staticmethod
    def is_talk(told: dict[str, Any]) -> bool:
        """Whether a talk is recorded: one's own, if one says so."""
        return bool(told.get("to") == MYSELF and told.get("has_talk"))

    def _needs(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)
