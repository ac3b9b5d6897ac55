"""支援制度を書く: the fields of one edition and its rows; what it says is a document in a pack's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.catalogue.states import ReceptionMode
from madoguchi.editing.checking import Problem
from madoguchi.web.desk.forms.fields import new_once
from madoguchi.web.desk.forms.programme_rows import ROWS, ContactRow, Row, long_text, short_text

Choices = Sequence[tuple[str, str]]

_MOST_ROWS = 60
_NEEDED = _("※公開に必要")
_MODES: list[tuple[str, str | Promise]] = [
    (ReceptionMode.WINDOW, _("期間を決めて受け付ける")),
    (ReceptionMode.ROLLING, _("年度のあいだ、いつでも")),
    (ReceptionMode.BOOKING, _("予約制")),
    (ReceptionMode.NOT_STATED, _("まだ決まっていない")),
    (ReceptionMode.ENDED, _("受付を終えた")),
]
_FREE: list[tuple[str, str | Promise]] = [("", _("書かない")), ("yes", _("無料")), ("no", _("有料"))]


@dataclass(frozen=True)
class Offered:
    """What may be chosen: the words of the vocabularies, areas, industries and whom to ask."""

    words: Mapping[str, Choices]
    areas: Choices
    industries: Choices
    contacts: Choices


def _several(label: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


class ProgrammeForm(forms.Form):
    """What stands once in an edition. Nothing is required to keep a draft; publishing asks for more."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    once = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    name = short_text(_("制度の名前"), 200)
    kinds = _several(_("支援の種類"))
    who = short_text(_("だれが使えるか"), 200, help_text=_("例：町内に店がある小さな会社、個人事業の方"))
    summary = long_text(_("どんな制度か"), help_text=_("2〜3文で、ふだんのことばで書いてください。"))
    easy = long_text(
        _("やさしい日本語"), help_text=_("小学生にもわかる1文で。例：お店を直すお金を町がたします。")
    )
    mode = forms.ChoiceField(label=_("受付"), choices=_MODES, required=False, widget=forms.RadioSelect)
    areas = _several(_("対象の地域"))
    purposes = _several(_("お困りごと"))
    page = short_text(
        _("もとになるページ"), 500, help_text=_("要綱や募集案内のページがあれば、そのアドレスを。")
    )

    headline = short_text(_("一言でいうと"), 120)
    reception_text = short_text(_("受付についての補足"), 200)
    where = short_text(_("場所"), 120)
    free = forms.ChoiceField(label=_("使う人の費用"), choices=_FREE, required=False, widget=forms.RadioSelect)
    fee = short_text(_("費用についての補足"), 200)
    visits = short_text(_("回数"), 120)
    stages = _several(_("ステージ"))
    uses = _several(_("使いみち"))
    audiences = _several(_("とくに対象となる人"))
    industries = _several(_("対象の業種（選ばなければ、どの業種でも）"))
    keywords = short_text(_("さがすときのことば"), 300, help_text=_("「、」で区切ってください。"))

    def __init__(self, *args: Any, offered: Offered, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in {
            **offered.words,
            "areas": offered.areas,
            "industries": offered.industries,
        }.items():
            field = self.fields.get(name)
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = list(choices)
        for name in ("name", "kinds", "summary", "easy", "mode", "areas"):
            self.fields[name].needed = _NEEDED  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """What the fields say, in the words of a document."""
        typed = self.cleaned_data
        plain = ("name", "who", "summary", "easy", "headline", "where", "fee", "visits")
        lists = ("kinds", "areas", "purposes", "stages", "uses", "audiences", "industries")
        words = typed["keywords"].replace("，", "、").replace(",", "、").split("、")
        return {
            **{name: typed[name] for name in (*plain, *lists)},
            "free": {"yes": True, "no": False}.get(typed["free"]),
            "keywords": [word.strip() for word in words if word.strip()],
            "written_by": {"page": typed["page"]} if typed["page"] else None,
        }


def shown(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a document that stand once, as the form shows them."""
    reception = document.get("reception", {})
    return {
        **{name: document[name] for name in ProgrammeForm.base_fields if name in document},
        "mode": reception.get("mode", ""),
        "reception_text": reception.get("text", ""),
        "free": {True: "yes", False: "no"}.get(document.get("free"), ""),  # type: ignore[arg-type]
        "keywords": "、".join(document.get("keywords", [])),
        "page": document.get("written_by", {}).get("page", ""),
    }


class Page:
    """The whole form of a draft: the fields that stand once, and the rows of each kind."""

    def __init__(
        self,
        document: Mapping[str, Any],
        offered: Offered,
        *,
        version: int,
        data: QueryDict | None = None,
        is_checked: bool = True,
    ) -> None:
        """Show a document, or what was typed over it; not `is_checked`, it is shown without mistakes."""
        self._document = document
        self._offered = offered
        self._data = data
        self._is_checked = is_checked
        self.form = self._scalars(version)
        self.rows = {name: self._rows(name) for name in ROWS}

    def _scalars(self, version: int) -> ProgrammeForm:
        if self._data is None:
            initial = {**shown(self._document), "version": version, "once": new_once()}
            return ProgrammeForm(initial=initial, offered=self._offered)
        bound = ProgrammeForm(self._data, offered=self._offered)
        return bound if self._is_checked else ProgrammeForm(initial=_typed(bound), offered=self._offered)

    def _rows(self, name: str) -> list[Row]:
        kind = ROWS[name]
        if self._data is None:
            told = list(rows_in(self._document, name))
            made = [
                kind(initial={**kind.shown(row), "was": at}, prefix=f"{name}-{at}")
                for at, row in enumerate(told)
            ]
            # One to begin with, where a visitor looks first.
            if not made and name in ("frames", "windows", "contacts"):
                made = [kind(prefix=f"{name}-0")]
        else:
            count = min(_whole(self._data.get(f"{name}-count", "")), _MOST_ROWS)
            made = [kind(self._data, prefix=f"{name}-{at}") for at in range(count)]
            if not self._is_checked:
                made = [kind(initial=_typed(row), prefix=row.prefix) for row in made]
        for row in made:
            if isinstance(row, ContactRow):
                whom = row.fields["whom"]
                assert isinstance(whom, forms.ChoiceField)  # noqa: S101
                whom.choices = [("", gettext("下に書く")), *self._offered.contacts]
        return made

    def is_valid(self) -> bool:
        """Whether everything typed can be read; all of it is looked at, so that each mistake is told."""
        checked = [self.form.is_valid(), *(row.is_valid() for rows in self.rows.values() for row in rows)]
        return all(checked)

    def document(self) -> dict[str, Any]:
        """What was typed, over what the draft said before. Only after `is_valid`."""
        kept = {name: each for name, each in self._document.items() if name not in _READ_HERE}
        read = {name: [row for _form, row in self._read(name)] for name in ROWS}
        windows, mode = read.pop("windows"), self.form.cleaned_data["mode"]
        for frame in read["frames"]:
            frame.setdefault("name", self.form.cleaned_data["name"])
        reception = {
            "mode": mode,
            "text": self.form.cleaned_data["reception_text"],
            "windows": windows if mode == ReceptionMode.WINDOW else [],
        }
        reception = {name: value for name, value in reception.items() if value}
        told = {**kept, **self.form.told(), **read, "reception": reception}
        return {name: value for name, value in told.items() if value not in (None, "", [], {})}

    def _read(self, name: str) -> Iterable[tuple[Row, dict[str, Any]]]:
        before = rows_in(self._document, name)
        for form in self.rows[name]:
            if form.is_blank():
                continue
            was = form.cleaned_data["was"]
            yield form, form.over(before[was] if was is not None and was < len(before) else {})

    def name_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem to its field."""
        filled = {name: [form for form, _row in self._read(name)] for name in ROWS}
        for problem in problems:
            where, rest = problem.path[:1], problem.path[1:]
            name = str(where[0]) if where else ""
            if name == "reception":
                name, rest = ("windows", rest[1:]) if rest[:1] == ("windows",) else ("mode", ())
            if name in filled and rest and isinstance(rest[0], int) and rest[0] < len(filled[name]):
                row = filled[name][rest[0]]
                row.add_error(_field_of(row, rest[1:]), problem.sentence)
            else:
                self.form.add_error(name if name in self.form.fields else None, problem.sentence)

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """Each mistake: the address of its field, its label and a sentence."""
        found = [("", "", str(said)) for said in self.form.non_field_errors()]
        for form in (self.form, *(row for rows in self.rows.values() for row in rows)):
            for field in form:
                anchor = f"{field.auto_id}{'_0' if field.use_fieldset else ''}"
                found += [(anchor, str(field.label), str(said)) for said in field.errors]
            if isinstance(form, Row):
                found += [("", "", str(said)) for said in form.non_field_errors()]
        return found


# What the form itself writes anew, whatever the document said before.
_READ_HERE = {
    "name",
    "kinds",
    "who",
    "summary",
    "easy",
    "areas",
    "purposes",
    "headline",
    "where",
    "free",
    "fee",
    "visits",
    "stages",
    "uses",
    "audiences",
    "industries",
    "keywords",
    "reception",
    "written_by",
    *ROWS,
}
_FIELDS = {"cap_yen": "cap", "cap_low_yen": "cap", "amount_yen": "amount", "rate_range": "rate"}
_FIELDS |= {"closes_at": "closes_on", "opens_at": "opens_on", "unit": "whom", "desk": "whom"}


def _field_of(row: Row, path: Sequence[str | int]) -> str | None:
    name = str(path[0]) if path else ""
    name = _FIELDS.get(name, name)
    return name if name in row.fields else None


def rows_in(document: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    """The rows of one kind that a document has."""
    found = document.get("reception", {}).get("windows", []) if name == "windows" else document.get(name, [])
    return list(found)


def with_row(data: QueryDict, name: str) -> QueryDict:
    """What was typed, with an empty row more of a kind."""
    changed = data.copy()
    if name in ROWS:
        changed[f"{name}-count"] = str(_whole(data.get(f"{name}-count", "")) + 1)
    return changed


def without_row(data: QueryDict, name: str, at: int) -> QueryDict:
    """What was typed, without one row of a kind; those behind it move up."""
    changed = data.copy()
    count = _whole(data.get(f"{name}-count", ""))
    if name not in ROWS or at >= count:
        return changed
    for place in range(at, count):
        for field in ROWS[name].base_fields:
            changed.setlist(f"{name}-{place}-{field}", data.getlist(f"{name}-{place + 1}-{field}"))
    changed[f"{name}-count"] = str(count - 1)
    return changed


def _typed(form: forms.Form) -> dict[str, Any]:
    """What stands in each field, read or not."""
    return {
        name: field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def _whole(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 4 else 0
