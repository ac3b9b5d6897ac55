"""What a visitor has told so far, and how that reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.businesses.choices import Source
from madoguchi.eligibility.rules.facts import CODES, SERIES, Dictionary, Fact, FactType
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.values import Facts, Range, Value, read_value
from madoguchi.japan import areas, eras, industries, rates
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import places
from madoguchi.web.shared import wording

_SPEAKING = {*CODES, FactType.SET}
_REGISTERS = frozenset({Source.NTA, Source.GBIZINFO})


@dataclass(frozen=True)
class Profile:
    """The answers that can be read: plain as they are kept, None where not known, and as typed values.

    `facts` is what follows for a verdict: without answers that contradict each other (`contradictions` says
    which), and with what an answer implies."""

    answers: Mapping[str, Any]
    told: Facts
    facts: Facts
    contradictions: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """What was asked, in the order of asking."""
        return tuple(self.answers)

    def with_answer(self, key: str, plain: Any) -> dict[str, Any]:
        """The plain answers with one added or replaced where it stands; None is わからない."""
        return {**self.answers, key: plain}

    def before(self, key: str) -> str:
        """What was asked before a question; the last one for a new question, empty for the first."""
        asked = self.asked
        place = asked.index(key) if key in asked else len(asked)
        return asked[place - 1] if place else ""


@dataclass(frozen=True)
class AnswerLine:
    """One answer as it is shown."""

    key: str
    label: str
    text: str
    is_known: bool
    url: str
    speaks: bool
    """Whether the text is understood without its label: 飲食店, unlike はい or 3人."""
    source: str = ""
    """The register or the record that gave the answer; empty for the visitor's own."""


def read(answers: Mapping[str, Any], dictionary: Dictionary) -> Profile:
    """Read what a browser kept; what the dictionary no longer knows is left out."""
    kept: dict[str, Any] = {}
    values: dict[str, Value] = {}
    for key, plain in answers.items():
        fact = dictionary.get(key)
        if fact is None:
            continue
        if plain is not None:
            try:
                values[key] = read_value(fact, plain, dictionary)
            except ValueError:
                continue
        kept[key] = plain
    told = read_profile(kept, dictionary)
    return Profile(kept, values, told.facts, tuple(trouble.message for trouble in told.troubles))


def lines(
    profile: Profile,
    dictionary: Dictionary,
    groupings: Sequence[Grouping],
    given: Mapping[str, tuple[Any, Source]],
) -> list[AnswerLine]:
    """Every answer in the order of asking; `given` are the answers that were filled in."""
    found = []
    for key in profile.answers:
        fact = cast("Fact", dictionary.get(key))
        value = profile.told.get(key)
        said = gettext("わからない") if value is None else say(fact, value, groupings)
        speaks = fact.type in _SPEAKING
        plain, source = given.get(key, (None, None))
        name = _origin(source) if source is not None and plain == profile.answers[key] else ""
        found.append(AnswerLine(key, fact.label, said, value is not None, question_url(key), speaks, name))
    return found


def _origin(source: Source) -> str:
    if source in _REGISTERS:
        return str(source.label)
    return gettext("登録した内容（%(source)s）") % {"source": source.label}


def question_url(key: str, *, then: str = "") -> str:
    """The address of a question; `then` names the page to go on to."""
    return reverse("portal:fit_question", args=[key]) + (f"?then={then}" if then else "")


def say(fact: Fact, value: Value, groupings: Iterable[Grouping]) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if isinstance(value, Range):
        return _say_day(value) if fact.type is FactType.DATE else _say_range(fact, value)
    if fact.type in CODES:
        return name_of(fact, cast("str", value), groupings)
    if fact.type in SERIES:
        count = len(cast("Mapping[str, int]", value))
        say_count = gettext("%(count)dか月分") if fact.type is FactType.MONTHLY else gettext("%(count)d年分")
        return say_count % {"count": count}
    if isinstance(value, tuple):
        return "、".join(f"{row.key} {_yen_told(row.yen)}" for row in value)
    chosen = cast("frozenset[str]", value)
    labels = [choice.label for choice in fact.choices if choice.code in chosen]
    return "、".join(labels) or gettext("このなかにはない")


def _yen_told(amount: int | None) -> str:
    return gettext("額はまだ") if amount is None else wording.in_man(amount)


def name_of(fact: Fact, code: str, groupings: Iterable[Grouping]) -> str:
    """The name of a code."""
    if fact.type is FactType.AREA:
        is_prefecture = code.isdigit() and areas.get(code).kind is areas.AreaKind.PREFECTURE
        name = places.name_of(code, groupings)
        return gettext("%(prefecture)sのどこか") % {"prefecture": name} if is_prefecture else name
    if fact.type is FactType.INDUSTRY:
        return industries.get(code[:2]).name
    return fact.label_of(code)


def _say_range(fact: Fact, value: Range) -> str:
    if value.low == value.high:
        return _say_number(fact, value.low)
    low, high = (None if end is None else _say_number(fact, end) for end in (value.low, value.high))
    if low is None:
        return gettext("%(high)s以下") % {"high": high}
    if high is None:
        return gettext("%(low)s以上") % {"low": low}
    return gettext("%(low)sから%(high)s") % {"low": low, "high": high}


def _say_number(fact: Fact, number: Any) -> str:
    if fact.type is FactType.YEN:
        return wording.in_man(number)
    if fact.type is FactType.PERCENT:
        return percent(number)
    return f"{number:,}{fact.unit}"


def percent(share: Any) -> str:
    """9%, 4.5% or, where that does not come out, a fraction."""
    thousandths = share * 1000
    if thousandths.denominator != 1:
        return rates.as_slash(share)
    whole, rest = divmod(abs(thousandths.numerator), 10)
    return f"{'-' if share < 0 else ''}{whole}{f'.{rest}' if rest else ''}%"


def _say_day(value: Range) -> str:
    first: date = value.low
    if first == value.high:
        return wording.day_full(first)
    if (first.year, first.month) == (value.high.year, value.high.month):
        return wording.month_full(first)
    return gettext("%(year)d年（%(era)s）") % {"year": first.year, "era": _era_of(first)}


def _era_of(first: date) -> str:
    try:
        era, year = eras.era_year(date(first.year, 12, 31))
    except ValueError:
        return gettext("昭和より前")
    return f"{era.name}{eras.year_label(year)}年"
