"""Reads of businesses for pages and other rooms. Everything for a person begins with `visible_to(hat)`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.businesses import rules
from madoguchi.businesses.models import (
    Business,
    BusinessMember,
    Custody,
    DistinctPair,
    FieldOrigin,
    MemberInvitation,
    SearchKey,
    YearlyFigures,
)
from madoguchi.japan import areas, company_names, contact, corporate_number
from madoguchi.japan.text import fold

# A typed text longer than this finds nothing more than its beginning does.
_LONGEST = 40
_MOST_WORDS = 5
# So many records are compared letter by letter.
_LOOKED_AT = 500


@dataclass(frozen=True)
class Row:
    """A business in a list."""

    key: str
    pk: int
    name: str
    kana: str
    corporate_number: str
    is_founder: bool
    place: str
    telephone: str
    industry: str


_ROW = ("key", "pk", "name", "kana", "corporate_number", "is_founder", "area_code", "telephone", "industry")


def rows_of(businesses: QuerySet[Business]) -> list[Row]:
    """The businesses of an ordered queryset as rows, in one query."""
    return [
        Row(key, pk, name, kana, number, is_founder, place_name(area), telephone, industry)
        for key, pk, name, kana, number, is_founder, area, telephone, industry in businesses.values_list(
            *_ROW
        )
    ]


def newest_on_books(hat: Hat) -> QuerySet[Custody]:
    """The books of the hat's organisation, the newest entry first; a merged record gives way to the other."""
    held = Custody.objects.filter(organisation=hat.organisation_id, ended_at=None)
    if not hat.may("businesses.read") or hat.organisation_id is None:
        return held.none()
    # Few are merged: asked for first, the large rest is counted by its index alone.
    # Neither IS NOT NULL nor an order: SQLite would read every business instead of the index.
    merged = Business.objects.filter(merged_into__gt=0)
    giving_way = merged.filter(Exists(held.filter(business=OuterRef("merged_into"))))
    hidden = list(giving_way.values_list("pk", flat=True))
    return held.exclude(business__in=hidden).select_related("business").order_by("-pk")


def rows_of_books(custodies: Iterable[Custody]) -> list[Row]:
    """A page of the books as rows."""
    return [_row(custody.business) for custody in custodies]


def place_name(area_code: str) -> str:
    """The municipality of a code; empty for none and for an unknown one."""
    try:
        return areas.get(area_code).name if area_code else ""
    except ValueError:
        return ""


def search(hat: Hat, text: str, *, limit: int = 20) -> list[Row]:
    """The businesses on the books that a typed beginning or part of a name, kana or number means.

    Names that begin with it come first. Of several words each has to be found, in the name or the address.
    """
    words = _words(text)
    if not words or hat.organisation_id is None:
        return []
    if len(words) > 1:
        return _found_by_all(hat, hat.organisation_id, words, limit=limit)
    ids = _found_by(hat.organisation_id, words[0], most=limit * 2)
    position = {pk: index for index, pk in enumerate(ids)}
    rows = rows_of(Business.objects.standing_for(hat).filter(pk__in=ids).order_by("pk"))
    return sorted(rows, key=lambda row: position[row.pk])[:limit]


def _found_by_all(hat: Hat, organisation_id: int, words: list[str], *, limit: int) -> list[Row]:
    # The longest word that any name holds narrows most; a place is in no key.
    longest_first = sorted(words, key=len, reverse=True)
    keys = next((found for word in longest_first if (found := _keys(organisation_id, word)).exists()), None)
    if keys is None:
        return []
    seen = Business.objects.standing_for(hat).filter(pk__in=keys.values("business"))
    for word in words:
        in_numbers = Q(telephone_digits__contains=word) | Q(corporate_number__startswith=word)
        in_words = Q(name_folded__contains=word) | Q(address_folded__contains=word)
        seen = seen.filter(in_words | Q(kana__contains=company_names.to_katakana(word)) | in_numbers)
    return rows_of(seen.order_by("pk")[:limit])


def _keys(organisation_id: int, word: str) -> QuerySet[SearchKey]:
    start = word.encode()
    return SearchKey.objects.filter(
        organisation=organisation_id,
        rank__in=(SearchKey.RANK_START, SearchKey.RANK_INSIDE),
        text__gte=start,
        text__lt=start + b"\xff",
    )


def _words(text: str) -> list[str]:
    """The typed words in the form in which names are compared; figures lose their hyphens."""
    words = []
    for word in fold(text[: _LONGEST * 2]).split()[:_MOST_WORDS]:
        digits = word.replace("-", "")
        folded = digits if digits.isdigit() else company_names.fold_name(word)
        words.append(folded[:_LONGEST])
    return [word for word in words if word]


def _found_by(organisation_id: int, word: str, *, most: int) -> list[int]:
    """The numbers of the rows found by a word: beginnings first, then the inside of names."""
    found: dict[int, None] = {}
    for rank in (SearchKey.RANK_START, SearchKey.RANK_INSIDE):
        keys = _keys(organisation_id, word).filter(rank=rank)
        ids = keys.order_by("text", "pk").values_list("business", flat=True)[: most - len(found)]
        found |= dict.fromkeys(ids)
        if len(found) >= most:
            break
    return list(found)


def known_anywhere(*, corporate_number: str = "", name: str = "", telephone: str = "") -> Business | None:
    """The registered business of this exact number, or of this name and telephone together; None without.

    For operations alone: who asks may not see what it returns.
    """
    standing = Business.objects.filter(merged_into=None).order_by("pk")
    if corporate_number:
        return standing.filter(corporate_number=_digits_of_number(corporate_number)).first()
    digits = _digits_of_phone(telephone)
    if not (name.strip() and digits):
        return None
    folded = company_names.fold_name(name)
    return standing.filter(name_folded=folded, telephone_digits=digits).first()


def _digits_of_number(text: str) -> str:
    try:
        return corporate_number.normalise(text)
    except ValueError:
        return "-"  # nobody's


def _digits_of_phone(text: str) -> str:
    try:
        return contact.parse_phone(text).digits
    except ValueError:
        return ""


@dataclass(frozen=True)
class Alike:
    """Another record that may be the same business, and why."""

    row: Row
    score: rules.Score


def alike(hat: Hat, business: Business, *, limit: int = 10) -> list[Alike]:
    """The visible businesses that may be this one (which need not be saved), the surest first."""
    one = likeness_of(business)
    clues = Q(name_folded__startswith=one.name[:_SAME_START])
    if one.telephone:
        clues |= Q(telephone_digits=one.telephone)
    if one.corporate_number:
        clues |= Q(corporate_number=one.corporate_number) | Q(claimed_number=one.corporate_number)
    if business.kana:
        clues |= Q(kana=business.kana)
    seen = Business.objects.standing_for(hat).filter(clues).exclude(pk=business.pk).order_by("pk")
    found = [Alike(_row(other), rules.compare(one, likeness_of(other))) for other in seen[:_LOOKED_AT]]
    worth = [each for each in found if each.score.is_worth_a_look]
    return sorted(worth, key=lambda each: (-each.score.points, each.row.pk))[:limit]


# Names that differ only behind so many characters are compared letter by letter.
_SAME_START = 2


@dataclass(frozen=True)
class Pair:
    """Two records on the books that may be one business, and why."""

    one: Row
    other: Row
    score: rules.Score


def duplicates(hat: Hat, *, limit: int = 50) -> list[Pair]:
    """Pairs on the books that share name or telephone, the surest first, without those told apart already."""
    seen = Business.objects.standing_for(hat)
    groups: dict[tuple[str, str], list[Business]] = {}
    for column in ("name_folded", "telephone_digits"):
        shared = seen.exclude(**{column: ""}).values(column).annotate(times=Count("pk")).filter(times__gt=1)
        values = list(shared.order_by(column).values_list(column, flat=True)[:_LOOKED_AT])
        for business in seen.filter(**{f"{column}__in": values}).order_by("pk"):
            groups.setdefault((column, getattr(business, column)), []).append(business)
    pairs = {
        (one.pk, other.pk): (one, other)
        for group in groups.values()
        for one, other in combinations(group[:_LARGEST_GROUP], 2)
    }
    apart = set(
        DistinctPair.objects.filter(one__in={one for one, _ in pairs}).values_list("one_id", "other_id")
    )
    found = [
        Pair(_row(one), _row(other), score)
        for ids, (one, other) in pairs.items()
        if ids not in apart and (score := rules.compare(likeness_of(one), likeness_of(other))).is_worth_a_look
    ]
    return sorted(found, key=lambda pair: (-pair.score.points, pair.one.pk, pair.other.pk))[:limit]


# A telephone that twenty records share is a switchboard.
_LARGEST_GROUP = 20


def likeness_of(business: Business) -> rules.Likeness:
    """What a business is compared by."""
    return rules.Likeness(
        corporate_number=business.corporate_number or business.claimed_number,
        name=business.name_folded,
        kana=company_names.fold_name(business.kana) if business.kana else "",
        area_code=business.area_code,
        address=business.address_folded,
        telephone=business.telephone_digits,
    )


def _row(each: Business) -> Row:
    return Row(
        each.key,
        each.pk,
        each.name,
        each.kana,
        each.corporate_number,
        each.is_founder,
        place_name(each.area_code),
        each.telephone,
        each.industry,
    )


# ── merged records ──────────────────────────────────────────────────────────────────────────────────
def ids_with_merged(business_id: int) -> list[int]:
    """The row numbers of a business and of every record merged into it, directly or over others.

    For other rooms: what they keep of a business is `filter(business__in=ids_with_merged(...))`; undoing the
    merge parts it again by itself.
    """
    return list(with_merged([business_id]))


def with_merged(business_ids: Iterable[int]) -> dict[int, int]:
    """The same for several: each row number with that of the given business for which it stands."""
    found = {pk: pk for pk in business_ids}
    newest = list(found)
    while newest:
        merged = Business.objects.filter(merged_into__in=newest).order_by("pk")
        newest = []
        for pk, into in merged.values_list("pk", "merged_into"):
            if pk not in found:
                found[pk] = found[cast("int", into)]
                newest.append(pk)
    return found


def standing_for(business_id: int) -> int:
    """The row number of the record that stands for this one after all merges; its own if there were none."""
    while True:
        into = Business.objects.filter(pk=business_id).values_list("merged_into", flat=True).get()
        if into is None:
            return business_id
        business_id = into


def seen_as(hat: Hat, business: Business) -> Business:
    """The record that stands for a visible one: the one it was merged into, as far as that is visible."""
    standing = business
    while standing.merged_into_id is not None:
        into = Business.objects.visible_to(hat).filter(pk=standing.merged_into_id).first()
        if into is None:
            return standing
        standing = into
    return standing


# ── the record of one business ──────────────────────────────────────────────────────────────────────
def origins_of(business: Business) -> dict[str, FieldOrigin]:
    """Who said each field, by its name."""
    rows = business.origins.filter(is_current=True).select_related("organisation").order_by("pk")
    return {row.field: row for row in rows}


def figures_of(business: Business, *, periods: int = 3) -> list[YearlyFigures]:
    """The figures of the newest periods, the newest first."""
    return list(business.figures.order_by("-ends_on", "-pk")[:periods])


def members_of(business: Business, *, at: datetime) -> list[BusinessMember]:
    """Who acts for the business at this moment and who will, the oldest first."""
    open_ended = Q(ends_at=None) | Q(ends_at__gt=at)
    return list(business.members.filter(open_ended).select_related("user").order_by("starts_at", "pk"))


def membership_of(business: Business, user_id: int, *, at: datetime) -> BusinessMember | None:
    """As what a person acts for a business now: the widest of their memberships, also of a merged record."""
    acting = BusinessMember.objects.filter(user=user_id).running(at=at)
    through = Q(business=business) | Q(business__merged_into=business, confirmed_at__isnull=False)
    rows = list(acting.filter(through).select_related("business").order_by("pk"))
    return min(rows, key=lambda row: (_WIDTH.index(row.role), row.pk), default=None)


_WIDTH = (rules.OWNER, rules.STAFF, rules.DELEGATE)


def waiting_invitations(business: Business, *, at: datetime) -> list[MemberInvitation]:
    """Invitations that can still be accepted, the oldest first."""
    waiting = business.invitations.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return list(waiting.order_by("invited_at", "pk"))


def holders_of(business: Business) -> list[Custody]:
    """Which organisations have the business on their books, for itself to see."""
    held = business.custodies.filter(ended_at=None).select_related("organisation")
    return list(held.order_by("since", "pk"))


def custody_of(business: Business, organisation_id: int | None) -> Custody | None:
    """How the business is on the books of an organisation; None when it is not."""
    return business.custodies.filter(organisation=organisation_id, ended_at=None).order_by("pk").first()
