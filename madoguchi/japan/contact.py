"""Telephone numbers and postal codes as people type them, and as machines dial them."""

import re
from dataclasses import dataclass

from madoguchi.japan.digits import half_width, without_separators

_EXTENSION = re.compile(r"[(,\s]*(?:内線|内|ext\.?|#)\s*(?:番号)?:?\s*([0-9]{1,6})\)?$", re.IGNORECASE)
# Of these prefixes the grouping is the same everywhere; of an area code it is not, so an
# ungrouped number of a subscriber's line stays ungrouped.
_FIXED_GROUPS = (
    (re.compile(r"(0120|0570|0990)([0-9]{3})([0-9]{3})"), 10),
    (re.compile(r"(0800)([0-9]{3})([0-9]{4})"), 11),
    (re.compile(r"(0[5-9]0)([0-9]{4})([0-9]{4})"), 11),
)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A telephone number: `digits` to dial, `written` to read, the extension (内線) apart."""

    digits: str
    written: str
    extension: str = ""

    @property
    def label(self) -> str:
        """The number as printed, with its extension if it has one."""
        return f"{self.written}（内線{self.extension}）" if self.extension else self.written


def parse_phone(text: str) -> PhoneNumber:
    """Read a Japanese telephone number in any usual writing; raises ValueError if it is not one.

    The grouping of the writer is kept; full-width figures, brackets, +81 and 内線 are understood.
    """
    plain = half_width(text)
    found = _EXTENSION.search(plain)
    extension = found[1] if found else ""
    number = plain[: found.start()] if found else plain
    number = re.sub(r"^(?:tel|電話)\s*:?\s*", "", number.strip(), flags=re.IGNORECASE)
    number = re.sub(r"^\+81[\s-]*(?:\(0\)|0)?", "0", number)
    if not re.fullmatch(r"[0-9\s()-]+", number):
        raise _bad_phone(text)
    groups = re.findall(r"[0-9]+", number)
    digits = "".join(groups)
    if not _is_dialable(digits):
        raise _bad_phone(text)
    return PhoneNumber(digits, _written(digits, groups), extension)


def tel_uri(text: str) -> str:
    """Return the `tel:` address of a telephone number, without its extension; raises ValueError."""
    return f"tel:{parse_phone(text).digits}"


def normalise_postal_code(text: str) -> str:
    """Return a postal code as 000-0000; raises ValueError unless it has seven digits."""
    code = without_separators(text).removeprefix("〒")
    if not re.fullmatch(r"[0-9]{7}", code):
        raise ValueError("郵便番号は7桁の数字で入力してください。例：100-0001")
    return f"{code[:3]}-{code[3:]}"


def _is_dialable(digits: str) -> bool:
    if not digits.startswith("0") or digits.startswith("00"):
        return False
    for shape, length in _FIXED_GROUPS:
        if shape.fullmatch(digits):
            return len(digits) == length
    return len(digits) == 10


def _written(digits: str, groups: list[str]) -> str:
    if len(groups) > 1:
        return "-".join(groups)
    for shape, _ in _FIXED_GROUPS:
        if found := shape.fullmatch(digits):
            return "-".join(found.groups())
    return digits


def _bad_phone(text: str) -> ValueError:
    return ValueError(f"「{text}」を電話番号として読み取れません。市外局番から入力してください。")
