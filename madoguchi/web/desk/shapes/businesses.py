"""The record of a business for the desk: rows beside the fields, members, merged records, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.businesses import queries, rows
from madoguchi.businesses.choices import HoldingKind
from madoguchi.businesses.models import Business
from madoguchi.businesses.rules import Clue, Score
from madoguchi.foundation.errors import DomainError
from madoguchi.web.shared import wording
from madoguchi.web.shared.business_members import Member, member_of

PART_WORDS: dict[str, str | Promise] = {
    "officers": _("役員"),
    "contacts": _("連絡先の人"),
    "sites": _("事業所"),
    "holdings": _("承認・認定・許可"),
}
_SAID: dict[str, str | Promise] = {
    "registered": _("登録しました。"),
    "saved": _("保存しました。"),
    "same": _("変わったところはありません。"),
    "released": _("名簿から外しました。"),
    "shared": _("名簿に加えました。"),
    "merged": _("2つの記録を1つにしました。いつでも戻せます。"),
    "parted": _("2つの記録に戻しました。"),
    "apart": _("別の事業者として、覚えておきます。"),
    "removed": _("消しました。"),
}
_CLUES: dict[str, str | Promise] = {
    "same_number": _("法人番号が同じ"),
    "other_number": _("法人番号が違う"),
    "same_name": _("名前が同じ"),
    "like_name": _("名前が似ている"),
    "same_kana": _("読みが同じ"),
    "same_telephone": _("電話番号が同じ"),
    "same_address": _("所在地が同じ"),
    "same_block": _("所在地がほぼ同じ"),
    "other_town": _("市区町村が違う"),
}


def say(request: HttpRequest, what: str) -> None:
    """Say on the next page that something was done."""
    messages.success(request, str(_SAID[what]))


def tell(request: HttpRequest, error: DomainError) -> None:
    """Say on the next page why something could not be done."""
    messages.error(request, str(error))


@dataclass(frozen=True)
class PartRow:
    """One officer, site, approval or contact: its name and what else is known of it."""

    name: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The rows of one kind."""

    kind: str
    title: str
    rows: tuple[PartRow, ...]


def parts(business: Business) -> list[Part]:
    """The officers, contacts, sites and approvals of a business."""
    return [
        Part(kind, str(title), tuple(_row(kind, row) for row in rows.stored(business, kind)))
        for kind, title in PART_WORDS.items()
    ]


def _row(kind: str, row: dict[str, Any]) -> PartRow:
    if kind == "holdings":
        label = str(HoldingKind(row["kind"]).label)
        period = _period(row["starts_on"], row["ends_on"])
        return _part(
            row["name"] or label, label if row["name"] else "", row["number"], row["granted_by"], period
        )
    if kind == "sites":
        place = queries.place_name(row["area_code"])
        return _part(row["name"], f"{place}{row['address_line']}", row["telephone"])
    role = str(_("代表者")) if row.get("is_representative") else ""
    return _part(
        row["name"], row["title"], role, row.get("telephone", ""), row.get("email", ""), row.get("note", "")
    )


def _part(name: str, *details: str) -> PartRow:
    return PartRow(name, tuple(detail for detail in details if detail))


def _period(starts_on: date | None, ends_on: date | None) -> str:
    if starts_on is None and ends_on is None:
        return ""
    first, last = (wording.day_full(day) if day else "" for day in (starts_on, ends_on))
    return f"{first}〜{last}"


def members(business: Business, *, at: datetime) -> list[Member]:
    """Who acts for a business."""
    return [member_of(row) for row in queries.members_of(business, at=at)]


@dataclass(frozen=True)
class MergedRecord:
    """A record that was merged into the shown one."""

    key: str
    name: str
    merged_at: datetime | None


def merged_into(business: Business, hat: Hat) -> list[MergedRecord]:
    """The visible records that were merged into a business."""
    found = Business.objects.visible_to(hat).filter(merged_into=business).order_by("pk")
    return [MergedRecord(row.key, row.name, row.merged_at) for row in found]


@dataclass(frozen=True)
class AlikeCard:
    """A record that may be the same business, and why."""

    name: str
    url: str
    place: str
    telephone: str
    is_sure: bool
    clues: tuple[str, ...]


def alike_cards(found: Sequence[queries.Alike]) -> list[AlikeCard]:
    """Records that may be the same, in words."""
    return [
        AlikeCard(
            each.row.name,
            reverse("desk:business", args=[each.row.key]),
            each.row.place,
            each.row.telephone,
            each.score.is_sure,
            clues(each.score),
        )
        for each in found
    ]


def clues(score: Score) -> tuple[str, ...]:
    """Why two records may be one business, in words."""
    return tuple(clue_words(clue) for clue in score.clues)


def clue_words(clue: Clue) -> str:
    """One clue in words."""
    return str(_CLUES[clue.code])


@dataclass(frozen=True)
class PairCard:
    """Two records that may be one business."""

    one: queries.Row
    other: queries.Row
    is_sure: bool
    clues: tuple[str, ...]


def pair_cards(pairs: Sequence[queries.Pair]) -> list[PairCard]:
    """Pairs in words."""
    return [PairCard(pair.one, pair.other, pair.score.is_sure, clues(pair.score)) for pair in pairs]
