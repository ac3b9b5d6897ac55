"""The form of one project in a report: its cells, its texts, its cost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.japan.digits import half_width
from madoguchi.results.models import CostBasis, IndicatorValue
from madoguchi.results.operations.filling import Cost, Filling, Key, Texts, Typed, marked, name_of, sign
from madoguchi.results.queries.owing import Field, OwedProject
from madoguchi.web.desk.forms.fields import SentOnce
from madoguchi.web.shared.asked import whole

_THOUSAND = 1000
_TEXTS = ("overview", "achievements")
_COST = ("cost", "cost_basis")
_MOST_YEN = 10**15
_SEEN = re.compile(r"(\d{0,15}):([a-z_]{1,16})")


@dataclass(frozen=True)
class Names:
    """What the fields of a cell are called in the form."""

    raw: str
    provisional: str
    note: str
    evidence: str
    version: str

    @property
    def typed(self) -> tuple[str, ...]:
        """Those that somebody fills in."""
        return self.raw, self.provisional, self.note, self.evidence

    @property
    def all(self) -> tuple[str, ...]:
        """All of them."""
        return *self.typed, self.version


@dataclass(frozen=True)
class Cell:
    """One field to fill: a figure of the project's year, or (year None) one of no single year."""

    field: Field
    year: int | None

    @property
    def key(self) -> Key:
        """What it fills in."""
        return self.field.row.indicator_id, self.year

    @property
    def name(self) -> str:
        """Its name in the form."""
        return name_of(self.key)

    @property
    def names(self) -> Names:
        """What its fields are called."""
        return Names(self.name, *(f"{self.name}_{part}" for part in "pnev"))

    @property
    def label(self) -> str:
        """What the page calls it."""
        return self.field.row.printed_name or self.field.row.indicator.name

    @property
    def kept(self) -> IndicatorValue | None:
        """What is there."""
        return self.field.undated if self.year is None else self.field.now


def cells_of(owed: OwedProject) -> list[Cell]:
    """What a project's page asks for; a figure of no single year needs none of the year beside it."""
    found: list[Cell] = []
    for field in owed.fields:
        if field.undated is None or field.now is not None or field.before is not None:
            found.append(Cell(field, owed.project.fiscal_year))
        if field.undated is not None:
            found.append(Cell(field, None))
    return found


@dataclass(frozen=True)
class CellFields:
    """The fields of one cell, bound to the form."""

    cell: Cell
    raw: forms.BoundField
    provisional: forms.BoundField
    note: forms.BoundField
    evidence: forms.BoundField
    version: forms.BoundField


class ProjectForm(SentOnce):
    """Everything of a project; an empty cell is not filled yet and refused by nobody."""

    texts_version = forms.CharField(max_length=20, widget=forms.HiddenInput, required=False)
    cost_seen = forms.CharField(max_length=400, widget=forms.HiddenInput, required=False)
    # What every field showed, so that only what was changed is sent on (`sign`).
    shown = forms.CharField(max_length=20_000, widget=forms.HiddenInput, required=False)
    overview = forms.CharField(
        label=_("概要"),
        help_text=_("だれのために、何をする事業か。3文くらいまで。"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    achievements = forms.CharField(
        label=_("実績"),
        help_text=_("この年度にしたこと。数字は、上の表と同じものを書きます。"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    cost = forms.CharField(
        label=_("事業費（千円）"),
        help_text=_("例：12,345"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    cost_basis = forms.ChoiceField(label=_("金額のもと"), choices=CostBasis.choices)

    def __init__(self, *args: Any, owed: OwedProject, **options: Any) -> None:
        self._cells = cells_of(owed)
        super().__init__(
            *args, **{**options, "initial": _kept(owed) | versions(owed) | options.get("initial", {})}
        )
        for name in _TEXTS:
            setattr(self.fields[name], "needed", _("※提出までに"))  # noqa: B010 (no field of Django has it)
        for cell in self._cells:
            self._add(cell)

    def _add(self, cell: Cell) -> None:
        names = cell.names
        self.fields[names.raw] = forms.CharField(
            label=cell.label,
            max_length=600,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields[names.provisional] = forms.BooleanField(label=_("暫定値"), required=False)
        self.fields[names.note] = forms.CharField(label=_("表に添える説明"), max_length=300, required=False)
        self.fields[names.evidence] = forms.CharField(
            label=_("数字の根拠・確かめたこと"), max_length=300, required=False
        )
        self.fields[names.version] = forms.CharField(max_length=20, widget=forms.HiddenInput, required=False)

    @property
    def cells(self) -> dict[str, CellFields]:
        """The cells by their names, each with its fields."""
        return {cell.name: CellFields(cell, *(self[name] for name in cell.names.all)) for cell in self._cells}

    def clean_cost(self) -> int | None:
        """The amount in yen, None for none."""
        text = half_width(self.cleaned_data["cost"]).replace(",", "").removesuffix("千円").strip()
        if not text:
            return None
        wrong = forms.ValidationError(_("千円を単位に、数字で書いてください。例：12,345"))
        try:
            yen = Decimal(text) * _THOUSAND
        except InvalidOperation:
            raise wrong from None
        if not yen.is_finite() or yen != yen.to_integral_value() or not 0 <= yen < _MOST_YEN:
            raise wrong
        return int(yen)

    def clean(self) -> dict[str, Any]:
        """An amount goes with what it is taken from."""
        told = super().clean() or {}
        is_none = told.get("cost_basis") == CostBasis.NOT_STATED
        if "cost" in told and is_none and told["cost"] is not None:
            self.add_error("cost", _("「記載なし」のときは、金額を空にしてください。"))
        if "cost" in told and not is_none and told["cost"] is None:
            self.add_error("cost", _("金額を書くか、「記載なし」を選んでください。"))
        return told

    @property
    def _seen(self) -> frozenset[str]:
        return frozenset(self.cleaned_data["shown"].split())

    @property
    def touched(self) -> set[str]:
        """The fields that somebody changed since they were shown, after is_valid()."""
        seen = self._seen
        names = [name for cell in self._cells for name in cell.names.typed] + [*_TEXTS, *_COST]
        return {name for name in names if sign(name, self[name].value()) not in seen}

    def filling(self) -> Filling:
        """What the form says of the fields that were changed, after is_valid(); the others stay."""
        told, touched = self.cleaned_data, self.touched
        cells: dict[Key, Typed] = {}
        for cell in self._cells:
            names, kept = cell.names, cell.kept
            if touched.isdisjoint(names.typed):
                continue
            was = kept.raw if kept and kept.provisional else ""
            cells[cell.key] = Typed(
                raw=marked(told[names.raw], is_provisional=told[names.provisional], was=was),
                version=whole(told[names.version]),
                note=told[names.note],
                evidence=told[names.evidence],
            )
        overview, achievements = (told[name] if name in touched else None for name in _TEXTS)
        return Filling(
            cells,
            Texts(overview, achievements, whole(told["texts_version"]), self._seen),
            Cost(told["cost"], told["cost_basis"], *_seen(told["cost_seen"]))
            if touched.intersection(_COST)
            else None,
        )


def _signs(shown: Mapping[str, Any]) -> str:
    return " ".join(sign(name, value) for name, value in shown.items())


def _kept(owed: OwedProject) -> dict[str, Any]:
    """What is kept, by the names of the fields that show it."""
    narrative = owed.narrative
    shown: dict[str, Any] = {
        "overview": narrative.overview if narrative else "",
        "achievements": narrative.achievements if narrative else "",
        "cost": thousands(owed.project.cost_yen),
        "cost_basis": owed.project.cost_basis,
    }
    for cell in cells_of(owed):
        kept = cell.kept
        values = (kept.raw, kept.provisional, kept.note, kept.evidence) if kept else ("", False, "", "")
        shown |= dict(zip(cell.names.typed, values, strict=True))
    return shown


def versions(owed: OwedProject) -> dict[str, str]:
    """What tells which state of a project somebody saw."""
    project = owed.project
    cost = "" if project.cost_yen is None else project.cost_yen
    return {
        "shown": _signs(_kept(owed)),
        "texts_version": str(owed.narrative.version if owed.narrative else 0),
        "cost_seen": f"{cost}:{project.cost_basis}",
        **{cell.names.version: str(cell.kept.version if cell.kept else 0) for cell in cells_of(owed)},
    }


def _seen(text: str) -> tuple[int | None, str]:
    found = _SEEN.fullmatch(text)
    if found is None:
        return None, ""
    return (int(found[1]) if found[1] else None), found[2]


def thousands(yen: int | None) -> str:
    """An amount in thousand yen as the field shows it."""
    if yen is None:
        return ""
    whole_part, rest = divmod(yen, _THOUSAND)
    return f"{whole_part:,}.{rest:03d}".rstrip("0") if rest else f"{whole_part:,}"


def with_draft(owed: OwedProject, content: object) -> dict[str, Any]:
    """What was being typed, as the initial values that go before what is kept."""
    if not isinstance(content, dict):
        return {}
    known = {*_TEXTS, *_COST, "texts_version", "cost_seen", "shown"}
    checks = set()
    for cell in cells_of(owed):
        known |= set(cell.names.all) - {cell.names.provisional}
        checks.add(cell.names.provisional)
    kept: dict[str, Any] = {
        name: value for name, value in content.items() if name in known and isinstance(value, str)
    }
    return kept | {name: name in content for name in checks}


def again(form: ProjectForm, owed: OwedProject) -> dict[str, Any]:
    """What somebody changed, upon what is kept now: sending it once more is meant.

    What they did not touch is shown as it is now, so that it does not go over another's work."""
    touched = form.touched
    mine = {name: value for name, value in form.data.items() if name in touched or name == "once"}
    now = {name: value for name, value in _kept(owed).items() if name not in touched and value}
    return {**mine, **now, **versions(owed)}


class ReturnForm(forms.Form):
    """Why a unit gets its return back."""

    note = forms.CharField(
        label=_("直してほしいところ"),
        help_text=_("戻すときだけ書きます。部署の人が、そのまま読みます。"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """A published figure, anew, with the reason."""

    raw = forms.CharField(
        label=_("正しい値"), max_length=600, error_messages={"required": _("正しい値を書いてください。")}
    )
    note = forms.CharField(label=_("表に添える説明"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("訂正の理由"),
        error_messages={"required": _("訂正の理由を書いてください。")},
        help_text=_("公表されます。"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
