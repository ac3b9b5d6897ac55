"""The first response: its four parts and how far each is; the ratios of the situation sheet in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.consultations.benchmark import Line, Ratio, Unit, ratios
from madoguchi.consultations.kinds import FirstStep
from madoguchi.consultations.models import Case, Introduction, Situation
from madoguchi.consultations.queries.first_response import Part
from madoguchi.foundation.words import gettext_noop
from madoguchi.web.desk.forms.first import YEN
from madoguchi.web.shared import wording

_SAYS = {
    FirstStep.SITUATION: gettext_noop("売上や借入などの数字と、強み・課題・望みを聞きます。"),
    FirstStep.DESKS: gettext_noop("くわしい窓口や機関を紹介するか、引き継ぎます。"),
    FirstStep.PROGRAMMES: gettext_noop("使えそうな支援を、理由と締切をつけて渡します。"),
    FirstStep.ADVICE: gettext_noop("話したことを、共有の記録に残します。"),
}


@dataclass(frozen=True)
class ShownPart:
    """One part: done, not needed, or open; and where it is done."""

    code: str
    label: str
    says: str
    is_done: bool
    not_needed: str
    url: str
    link: str


@dataclass(frozen=True)
class ShownRatio:
    """A ratio with the lines that lead to it, or what is missing."""

    label: str
    formula: str
    lines: tuple[tuple[str, str], ...]
    value: str
    missing: str


@dataclass(frozen=True)
class FigureRow:
    """One figure of the sheets side by side."""

    label: str
    values: tuple[str, ...]


def parts(found: Iterable[Part], case: Case, *, on: date) -> list[ShownPart]:
    """The four parts."""
    return [_part(each, case, on) for each in found]


def settled(shown: Sequence[ShownPart]) -> int:
    """How many parts are done or not needed."""
    return sum(part.is_done or bool(part.not_needed) for part in shown)


def _part(part: Part, case: Case, on: date) -> ShownPart:
    introduce = reverse("desk:introduce", args=[case.key])
    places = {
        FirstStep.SITUATION: (reverse("desk:situation", args=[case.key]), gettext("経営状況シートを書く")),
        FirstStep.DESKS: (f"{introduce}?what=desk", gettext("窓口をさがして紹介する")),
        FirstStep.PROGRAMMES: (f"{introduce}?what=programme", gettext("支援をさがして紹介する")),
        FirstStep.ADVICE: (reverse("desk:case", args=[case.key]) + "#record", gettext("記録を書く")),
    }
    url, link = places[part.step]
    mark = part.mark
    not_needed = ""
    if mark is not None and not part.is_done:
        told = {
            "day": wording.day(mark.marked_at, today=on),
            "who": mark.marked_by.display_name,
            "why": mark.why,
        }
        not_needed = gettext("必要なし：%(why)s（%(day)s　%(who)s）") % told
    return ShownPart(
        code=part.step.value,
        label=str(part.step.label),
        says=gettext(_SAYS[part.step]),
        is_done=part.is_done,
        not_needed=not_needed,
        url=url,
        link=link,
    )


def shown_ratios(figures: Mapping[str, int], asked: Sequence[Mapping[str, str]]) -> list[ShownRatio]:
    """The ratios in words; those that nothing was told for say what is missing."""
    labels = {each["key"]: each["label"] for each in asked}
    return [_ratio(ratio, labels) for ratio in ratios(figures)]


def _ratio(ratio: Ratio, labels: Mapping[str, str]) -> ShownRatio:
    missing = "、".join(labels.get(key, key) for key in ratio.missing)
    return ShownRatio(
        label=gettext(ratio.label),
        formula=gettext(ratio.formula),
        lines=tuple((gettext(line.label), _line(line)) for line in ratio.lines),
        value="" if ratio.value is None else in_unit(ratio.value, ratio.unit),
        missing=gettext("%(missing)sがわかると出ます") % {"missing": missing} if missing else "",
    )


def _line(line: Line) -> str:
    return in_unit(line.value, line.unit)


def in_unit(value: Fraction, unit: Unit) -> str:
    """A number with its unit: rounded half up to one place, yen to whole ones."""
    if unit is Unit.YEN:
        return wording.in_man(_round(value))
    if unit is Unit.PEOPLE:
        return gettext("%(count)d人") % {"count": _round(value)}
    tenths = _round(value * (1000 if unit is Unit.PERCENT else 10))
    sign, tenths = ("-" if tenths < 0 else ""), abs(tenths)
    number = f"{sign}{tenths // 10:,}.{tenths % 10}"
    return {
        Unit.PERCENT: gettext("%(number)s％"),
        Unit.TIMES: gettext("%(number)s倍"),
        Unit.MONTHS: gettext("%(number)sか月"),
    }[unit] % {"number": number}


def _round(value: Fraction) -> int:
    """Half up, away from zero."""
    doubled = abs(value) * 2
    whole = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return -whole if value < 0 else whole


def figure_rows(sheets: Sequence[Situation], asked: Sequence[Mapping[str, str]]) -> list[FigureRow]:
    """The figures of several sheets side by side; what no sheet tells is left out."""
    rows = []
    for each in asked:
        values = [sheet.figures.get(each["key"]) for sheet in sheets]
        if any(value is not None for value in values):
            rows.append(FigureRow(each["label"], tuple(_figure(value, each["unit"]) for value in values)))
    return rows


def _figure(value: int | None, unit: str) -> str:
    if value is None:
        return "－"
    return wording.in_man(value) if unit == YEN else f"{value:,}{unit}"


@dataclass(frozen=True)
class Told:
    """Something that the business was told of."""

    name: str
    url: str
    note: str


def told(introduced: Iterable[Introduction], *, on: date) -> list[Told]:
    """What the business was told of, in words."""
    found = []
    for row in introduced:
        day = wording.day(row.introduced_at, today=on)
        if row.desk:
            found.append(Told(row.desk.name, reverse("portal:desk", args=[row.desk.slug]), day))
        elif row.edition:
            programme = row.edition.programme
            note = "　".join(part for part in (day, row.verdict) if part)
            url = reverse("portal:programme", args=[programme.slug])
            found.append(Told(programme.name, url, note))
    return found
