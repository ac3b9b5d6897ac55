"""What people type into the questions, read into the plain values of a profile (eligibility.rules.values)."""

import re
from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext

from madoguchi.eligibility.rules.facts import Fact, FactType
from madoguchi.eligibility.rules.values import MOST_COUNT, MOST_YEN
from madoguchi.japan import eras, yen
from madoguchi.japan.digits import half_width
from madoguchi.web.shared import wording

_MAN = 10_000
# A bare number this large in a field of 万円 (100 billion yen) was most likely meant in yen.
_MEANT_IN_YEN = 10_000_000
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
# No 5千人 or 2万人, of which only the digits would be read.
_COUNT = re.compile(r"(?:約|およそ)?\s*(\d[\d,]{0,20})\s*[^\d\s.,十百千万億兆]{0,3}")
# No number needs more; Python reads none of thousands of digits.
_LONGEST = 40
_MINUS = str.maketrans({"▲": "-", "△": "-", "−": "-"})
_ERA_YEAR = re.compile(rf"({eras.ERA_SIGNS})\s*(元|\d{{1,2}})年?", re.IGNORECASE)
_WESTERN_YEAR = re.compile(r"(\d{4})年?")
_SHORT = re.compile(r"(\d{1,2})[月日]?")


def count(text: str) -> int:
    """Read 12, １２, 1,200 or 12人; raises ValueError."""
    found = _COUNT.fullmatch(half_width(text))
    number = int(found[1].replace(",", "")) if found else MOST_COUNT + 1
    if number > MOST_COUNT:
        raise ValueError(gettext("数字で書いてください。例：12"))
    return number


def money(text: str, *, signed: bool = False) -> int:
    """Read yen from a field of 万円: 1,000 is ten million yen, 3億円 what it says; raises ValueError."""
    plain = half_width(text.translate(_MINUS)).removesuffix("万円") or text
    if len(plain) > _LONGEST:
        raise ValueError(_no_money())
    is_loss = plain.startswith("-")
    if is_loss and not signed:
        raise ValueError(gettext("0以上の額を書いてください。"))
    amount_yen = (
        _bare_man(plain) if _NUMBER.fullmatch(plain) else _with_unit(plain.removeprefix("-"), is_loss)
    )
    if amount_yen.denominator != 1:
        raise ValueError(gettext("1円より細かい額は書けません。"))
    if abs(amount_yen) > MOST_YEN:
        most = wording.in_man(MOST_YEN)
        raise ValueError(gettext("%(most)sまでの額を書いてください。") % {"most": most})
    return int(amount_yen)


def _no_money() -> str:
    return gettext("金額を数字で書いてください。例：1,000（1,000万円のとき）")


def _bare_man(plain: str) -> Fraction:
    number = Fraction(plain.replace(",", ""))
    if abs(number) >= _MEANT_IN_YEN:
        raise ValueError(
            gettext("万円で書いてください。円で書くときは、数字のあとに「円」をつけてください。")
        )
    return number * _MAN


def _with_unit(plain: str, is_loss: bool) -> Fraction:
    try:
        amount = Fraction(yen.parse_yen(plain))
    except ValueError:
        raise ValueError(_no_money()) from None
    return -amount if is_loss else amount


def as_typed_money(amount_yen: int) -> str:
    """Write yen as one would type them into a field of 万円."""
    sign, amount = ("-", -amount_yen) if amount_yen < 0 else ("", amount_yen)
    whole, rest = divmod(amount, _MAN)
    return f"{sign}{whole:,}" + (f".{rest:04}".rstrip("0") if rest else "")


def percent(text: str) -> str:
    """Read 9 or 4.5% as the text of a share; raises ValueError."""
    plain = half_width(text).removesuffix("%").strip()
    if not re.fullmatch(r"-?\d{1,9}(?:\.\d{1,6})?", plain):
        raise ValueError(gettext("数字で書いてください。例：4.5"))
    return f"{plain}%"


def day(year: str, month: str, day_of_month: str) -> str:
    """Read a year, if told with month and day: 2019, 2019-04, 2019-04-01. Raises ValueError."""
    if not year.strip():
        raise ValueError(gettext("年を書いてください。例：2005、平成17"))
    parts = [f"{_year(year):04}"]
    if day_of_month.strip() and not month.strip():
        raise ValueError(gettext("日を書くときは、月も書いてください。"))
    for text, name in ((month, gettext("月")), (day_of_month, gettext("日"))):
        if text.strip():
            found = _SHORT.fullmatch(half_width(text))
            if not found:
                raise ValueError(gettext("%(part)sは数字で書いてください。") % {"part": name})
            parts.append(f"{int(found[1]):02}")
    return "-".join(parts)


def _year(text: str) -> int:
    plain = half_width(text)
    if found := _WESTERN_YEAR.fullmatch(plain):
        return int(found[1])
    if found := _ERA_YEAR.fullmatch(plain):
        return eras.era_named(found[1]).western_year(1 if found[2] == "元" else int(found[2]))
    raise ValueError(gettext("年は西暦か、平成・令和などで書いてください。例：2005、平成17"))


def number(fact: Fact, text: str) -> int | str:
    """Read the one field of a number; raises ValueError with what is expected."""
    if not text.strip():
        raise ValueError(gettext("数字を書いてください。わからないときは「わからない」を押してください。"))
    if fact.type is FactType.YEN:
        return money(text, signed=fact.signed)
    return percent(text) if fact.type is FactType.PERCENT else count(text)


def figures(typed: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Read a grid of amounts in 万円 by period, and the sentence for each that cannot be read."""
    told: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for period, text in typed.items():
        if text.strip():
            try:
                told[period] = money(text)
            except ValueError as error:
                wrong[period] = str(error)
    return told, wrong
