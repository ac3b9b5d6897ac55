"""One question as its page shows it, and what was sent read back into a plain value."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils.translation import gettext

from madoguchi.eligibility.rules.facts import NUMBERS, SERIES, Choice, Dictionary, Fact, FactType, Sensitivity
from madoguchi.eligibility.rules.leaves import Between, Leaf
from madoguchi.eligibility.rules.values import Range, read_value
from madoguchi.institutions.models import Region
from madoguchi.japan import areas, industries
from madoguchi.web.portal.shapes import fit_profile, fit_typed
from madoguchi.web.portal.shapes.fit_words import INDUSTRIES, INTENT_GROUPS

NONE_OF_THESE = "-"
_INTENTS = "intents"
_HINT_OF_DAY = ("year", "month", "day")


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True)
class OptionGroup:
    """Answers under a heading; the heading may be empty."""

    label: str
    options: list[Option]


@dataclass(frozen=True)
class Box:
    """One field to type into."""

    name: str
    label: str
    value: str
    unit: str = ""
    error: str = ""


@dataclass(frozen=True)
class BoxRow:
    """The fields of one year in a grid of figures."""

    label: str
    boxes: list[Box]


@dataclass(frozen=True)
class Input:
    """How a question is answered: `look` is radio, checks, select, text, day or grid."""

    look: str
    groups: list[OptionGroup] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    rows: list[BoxRow] = field(default_factory=list)


@dataclass(frozen=True)
class Around:
    """What a question depends on beside its fact: codes and limits of the rules, the region, the periods."""

    dictionary: Dictionary
    region: Region | None
    leaves: Sequence[Leaf] = ()
    within: str = ""
    """The wider code that was chosen before; the question asks which code under it."""
    periods: Sequence[str] = ()
    """The months (2022-04) or years (2022) of a grid."""


def codes_below(fact: Fact, code: str) -> list[Option]:
    """The narrower codes under one code, or the widest ones for an empty code."""
    if fact.type is FactType.INDUSTRY:
        rows = industries.major_groups(code) if code else industries.divisions()
        return [
            Option(row.code, row.name, gettext(INDUSTRIES[row.code]) if row.is_division else "")
            for row in rows
            if not row.is_division or row.code in INDUSTRIES
        ]
    return [Option(choice.code, choice.label) for choice in fact.choices if choice.parent == code]


def has_codes_below(fact: Fact) -> bool:
    """Whether the answers are codes that lie inside wider ones."""
    return fact.type in (FactType.INDUSTRY, FactType.CHOICE)


def can_go_deeper(fact: Fact, plain: Any) -> bool:
    """Whether an answer leaves something to tell more exactly: codes below it, or the month of a year."""
    if fact.type is FactType.INDUSTRY:
        # Below the major groups the classification of the site has no names.
        return plain in INDUSTRIES
    if fact.type is FactType.CHOICE:
        return any(choice.parent == plain for choice in fact.choices)
    return fact.type is FactType.DATE and isinstance(plain, str) and plain.count("-") < 2


def show(fact: Fact, told: Any, around: Around) -> Input:
    """The field for a question with what was told before."""
    if fact.type is FactType.DATE:
        return Input("day", boxes=_day_boxes(str(told or "").split("-")))
    if fact.type in SERIES:
        figures = {period: fit_typed.as_typed_money(amount) for period, amount in (told or {}).items()}
        return Input("grid", rows=grid(figures, {}, around.periods))
    if groups := _groups(fact, told, around):
        return Input(_LOOKS.get(fact.type, "radio"), groups)
    return Input("text", boxes=[_number_box(fact, _typed_number(fact, told))])


_LOOKS = {FactType.AREA: "select", FactType.SET: "checks"}


def _groups(fact: Fact, told: Any, around: Around) -> list[OptionGroup]:
    """The answers to choose from; none where something is typed."""
    if fact.type is FactType.BOOLEAN:
        return [OptionGroup("", _yes_no(told))]
    if fact.type is FactType.AREA:
        return _areas(around, told)
    if fact.type in (FactType.INDUSTRY, FactType.CHOICE):
        return [OptionGroup("", _codes(fact, told, around))]
    if fact.type is FactType.SET:
        return _checks(fact, told)
    limits = bands(fact, around)
    return [OptionGroup("", _band_options(fact, limits, told, around.dictionary))] if limits else []


def show_again(fact: Fact, sent: Mapping[str, Any], error: str, around: Around) -> Input:
    """The field with exactly what was sent, however wrong."""
    if fact.type is FactType.DATE:
        return Input("day", boxes=_day_boxes([sent.get(name, "") for name in _HINT_OF_DAY], error))
    if fact.type in SERIES:
        typed = {period: str(sent.get(period, "")) for period in around.periods}
        return Input("grid", rows=grid(typed, fit_typed.figures(typed)[1], around.periods))
    shown = show(fact, None, around)
    if shown.look == "text":
        return Input("text", boxes=[_number_box(fact, str(sent.get("value", "")), error)])
    chosen = set(sent.get("values", ()))
    groups = [
        OptionGroup(
            group.label,
            [Option(each.value, each.label, each.hint, each.value in chosen) for each in group.options],
        )
        for group in shown.groups
    ]
    return Input(shown.look, groups)


def read(fact: Fact, sent: Mapping[str, Any], around: Around) -> Any:
    """The plain value of what was sent; raises ValueError with a sentence for the field."""
    plain = _read(fact, sent, around)
    read_value(fact, plain, around.dictionary)
    return plain


def _read(fact: Fact, sent: Mapping[str, Any], around: Around) -> Any:
    if fact.type is FactType.SET:
        return _read_set(sent)
    if fact.type is FactType.DATE:
        return fit_typed.day(*(str(sent.get(name, "")) for name in _HINT_OF_DAY))
    if fact.type in SERIES:
        return _read_figures(sent, around)
    if fact.type in NUMBERS and not bands(fact, around):
        return fit_typed.number(fact, str(sent.get("value", "")))
    value = next(iter(sent.get("values", ())), "")
    if not value:
        raise ValueError(gettext("一つ選んでください。わからないときは「わからない」を押してください。"))
    if fact.type is FactType.BOOLEAN:
        # Anything else stays a text, which is refused as no answer.
        return {"yes": True, "no": False}.get(value, value)
    return _read_band(value) if fact.type in NUMBERS else value


def _read_set(sent: Mapping[str, Any]) -> list[str]:
    values = list(dict.fromkeys(sent.get("values", ())))
    if not values:
        raise ValueError(
            gettext("一つ以上選んでください。どれもないときは「このなかにはない」を選んでください。")
        )
    if NONE_OF_THESE in values and len(values) > 1:
        raise ValueError(gettext("「このなかにはない」と、ほかの答えの両方は選べません。"))
    return [] if values == [NONE_OF_THESE] else values


def _read_figures(sent: Mapping[str, Any], around: Around) -> dict[str, int]:
    told, wrong = fit_typed.figures({period: str(sent.get(period, "")) for period in around.periods})
    if wrong:
        raise ValueError(gettext("読み取れない金額があります。"))
    if not told:
        raise ValueError(gettext("わかる月の売上を、一つ以上書いてください。"))
    return told


# ── Numbers ─────────────────────────────────────────────────────────────────────────────────────────
def bands(fact: Fact, around: Around) -> list[Range]:
    """The spans between the limits of the rules: what is asked of a personal number instead of the number."""
    if fact.type is not FactType.COUNT or fact.sensitivity is not Sensitivity.PERSONAL:
        return []
    cuts: set[int] = set()
    for leaf in around.leaves:
        if isinstance(leaf, Between):
            if leaf.low is not None:
                cuts.add(int(leaf.low) + leaf.low_open)
            if leaf.high is not None:
                cuts.add(int(leaf.high) + (not leaf.high_open))
    edges = sorted(cut for cut in cuts if cut > 0)
    if not edges:
        return []
    lows, highs = [None, *edges], [*(edge - 1 for edge in edges), None]
    return [Range(low, high) for low, high in zip(lows, highs, strict=True)]


def _band_options(fact: Fact, limits: Iterable[Range], told: Any, dictionary: Dictionary) -> list[Option]:
    now = None if told is None else cast("Range", read_value(fact, told, dictionary))
    return [Option(_band_code(each), _band_label(fact, each), checked=_is_in(now, each)) for each in limits]


def _band_code(each: Range) -> str:
    return "~".join("" if end is None else str(end) for end in (each.low, each.high))


def _band_label(fact: Fact, each: Range) -> str:
    return fit_profile.say(fact, each, ())


def _is_in(now: Range | None, each: Range) -> bool:
    if now is None:
        return False
    return now == each or (now.low == now.high and (each.low or 0) <= now.low <= (each.high or now.low))


def _read_band(value: str) -> dict[str, int]:
    low, _, high = value.partition("~")
    ends = {"from": low, "to": high}
    if not any(ends.values()) or not all(_BAND_END.fullmatch(end) for end in ends.values()):
        raise ValueError(gettext("一つ選んでください。わからないときは「わからない」を押してください。"))
    return {name: int(end) for name, end in ends.items() if end}


_BAND_END = re.compile(r"[0-9]{0,10}")


def _typed_number(fact: Fact, told: Any) -> str:
    if told is None or isinstance(told, Mapping):
        return ""
    if fact.type is FactType.YEN:
        return fit_typed.as_typed_money(told)
    return f"{told:,}" if isinstance(told, int) else str(told).removesuffix("%")


def unit_of(fact: Fact) -> str:
    """The unit a number is typed in."""
    return {FactType.YEN: gettext("万円"), FactType.PERCENT: "%"}.get(fact.type, fact.unit)


def _number_box(fact: Fact, value: str, error: str = "") -> Box:
    return Box("value", fact.label, value, unit_of(fact), error)


def _day_boxes(parts: Sequence[str], error: str = "") -> list[Box]:
    told = [*parts, "", "", ""]
    units = (gettext("年"), gettext("月"), gettext("日"))
    return [
        Box(name, unit, told[place].lstrip("0") if told[place].isdecimal() else told[place], unit, error)
        for place, (name, unit) in enumerate(zip(_HINT_OF_DAY, units, strict=True))
    ]


def grid(typed: Mapping[str, str], wrong: Mapping[str, str], periods: Sequence[str]) -> list[BoxRow]:
    """The fields of a grid, a row a year; what is not typed is empty."""
    rows: dict[str, list[Box]] = {}
    for period in periods:
        year, _, month = period.partition("-")
        label = gettext("%(month)d月") % {"month": int(month)} if month else gettext("1年分")
        rows.setdefault(year, []).append(
            Box(period, label, typed.get(period, ""), gettext("万円"), wrong.get(period, ""))
        )
    return [BoxRow(gettext("%(year)s年") % {"year": year}, boxes) for year, boxes in rows.items()]


# ── Choices ─────────────────────────────────────────────────────────────────────────────────────────
def _yes_no(told: Any) -> list[Option]:
    return [
        Option("yes", gettext("はい"), checked=told is True),
        Option("no", gettext("いいえ"), checked=told is False),
    ]


def _codes(fact: Fact, told: Any, around: Around) -> list[Option]:
    chosen: tuple[str, ...] = ()
    if isinstance(told, str):
        chosen = (told, *around.dictionary.ancestors(fact, told))
    options = [
        Option(each.value, each.label, each.hint, each.value in chosen)
        for each in codes_below(fact, around.within)
    ]
    if around.within:
        options.append(Option(around.within, gettext("このなかにはない")))
    return options


def _checks(fact: Fact, told: Any) -> list[OptionGroup]:
    chosen = set(told or ())
    none = Option(NONE_OF_THESE, gettext("このなかにはない"), checked=told == [])
    left = {choice.code: choice for choice in fact.choices}
    groups = [("", (*left,))] if fact.key != _INTENTS else INTENT_GROUPS
    found = []
    for label, codes in groups:
        choices = [left.pop(code) for code in codes if code in left]
        found.append(OptionGroup(gettext(label) if label else "", _options(choices, chosen)))
    if left:
        found.append(OptionGroup(gettext("この地域の支援にあるもの"), _options(left.values(), chosen)))
    return [*found, OptionGroup("", [none])]


def _options(choices: Iterable[Choice], chosen: set[str]) -> list[Option]:
    return [Option(choice.code, choice.label, checked=choice.code in chosen) for choice in choices]


def _areas(around: Around, told: Any) -> list[OptionGroup]:
    """The region's municipalities by 圏域, then its whole prefecture and the others."""
    home = around.region.prefecture_code if around.region else ""
    groups = []
    for row in around.region.groupings if around.region else ():
        codes = sorted(areas.get(code).code for code in row["members"])
        groups.append(OptionGroup(row["name"], [_area(code, told) for code in codes]))
    if home:
        name = areas.get(home).name
        label = gettext("%(prefecture)sのどこか（まだ決めていない）") % {"prefecture": name}
        groups.append(OptionGroup(name, [Option(home, label, checked=told == home)]))
    others = [_area(each.code, told) for each in areas.prefectures() if each.code != home]
    return [*groups, OptionGroup(gettext("ほかの都道府県"), others)]


def _area(code: str, told: Any) -> Option:
    return Option(code, areas.get(code).name, checked=told == code)
