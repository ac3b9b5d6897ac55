"""What can stand in a draft, and how a value of each kind is written by a person and kept as a text."""

from collections.abc import Callable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from madoguchi.japan.rates import as_slash, parse_rate
from madoguchi.japan.yen import in_thousand, parse_yen
from madoguchi.reviewing.errors import UnreadableValue


class DocumentKind(TextChoices):
    """The kinds of documents that are read; the values are the importers' own."""

    ANNUAL_REPORT = "annual_report", _("年次報告書")
    GUIDEBOOK = "guidebook", _("支援制度の手引き")


class RecordKind(TextChoices):
    """What a draft is to become."""

    LISTING = "listing", _("基本方針の一覧")
    PROJECT = "project", _("事業")
    PROGRAMME = "programme", _("支援制度")
    CASE_STUDY = "case_study", _("事例")


class What(TextChoices):
    """What a field of a draft says."""

    NUMBER = "number", _("番号")
    NAME = "name", _("名前")
    COST = "cost", _("事業費")
    IS_NEW = "is_new", _("新規")
    UNIT = "unit", _("担当課")
    RESPONSIBLE = "responsible", _("課とグループ")
    MARKS = "marks", _("基本方針の印")
    OVERVIEW = "overview", _("概要")
    ACHIEVEMENTS = "achievements", _("実績")
    INDICATOR = "indicator", _("成果指標の名前")
    VALUE = "value", _("成果指標の値")
    SUBTOTAL = "subtotal", _("小計")
    INTRODUCTION = "introduction", _("まえがき")
    STORY = "story", _("本文")
    SUMMARY = "summary", _("説明")
    CONTACT = "contact", _("連絡先")
    RATE = "rate", _("割合")
    CAP = "cap", _("上限額")
    WINDOW = "window", _("期間")
    REQUIREMENT = "requirement", _("要件")
    URL = "url", _("リンク")


LONG = frozenset(
    {
        What.OVERVIEW,
        What.ACHIEVEMENTS,
        What.INTRODUCTION,
        What.STORY,
        What.SUMMARY,
        What.REQUIREMENT,
    }
)
_YES, _NO = frozenset({"○", "〇", "はい", "新規", "1"}), frozenset({"", "－", "-", "いいえ", "0"})


def kept_form(what: What, typed: str) -> str:
    """The form in which a value that a person typed is kept: whole yen, a fraction, one line.

    Raises UnreadableValue. A number without a unit in a field of money is thousand yen, as reports print it.
    """
    text = typed.strip() if what in LONG else " ".join(typed.split())
    try:
        return _READ.get(what, _words)(text)
    except ValueError as error:
        raise UnreadableValue(str(error) or None) from error


def as_typed(what: What, kept: str) -> str:
    """A kept value as a person reads and types it."""
    if what in (What.COST, What.SUBTOTAL, What.CAP) and kept:
        return in_thousand(int(kept))
    if what == What.IS_NEW:
        return "○" if kept else "－"
    return kept


def _words(text: str) -> str:
    if not text:
        raise UnreadableValue
    return text


def _whole(text: str) -> str:
    if not text.isdecimal() or not 0 < int(text) < 10_000:
        raise UnreadableValue(_("番号は、1から9999までの数で書いてください。"))
    return str(int(text))


def _yen(text: str) -> str:
    has_unit = any(unit in text for unit in "円万億")
    return str(parse_yen(text if has_unit else f"{text}千円"))


def _flag(text: str) -> str:
    if text not in _YES | _NO:
        raise UnreadableValue(_("新規なら「○」、そうでなければ「－」と書いてください。"))
    return "1" if text in _YES else ""


_READ: dict[What, Callable[[str], str]] = {
    What.NUMBER: _whole,
    What.COST: _yen,
    What.SUBTOTAL: _yen,
    What.CAP: _yen,
    What.IS_NEW: _flag,
    What.RATE: lambda text: as_slash(parse_rate(text)),
    # Empty says that the document does not tell.
    What.MARKS: lambda text: text,
}
