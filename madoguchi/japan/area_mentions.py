"""Find the prefectures and municipalities a Japanese text names."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from madoguchi.japan import areas, table
from madoguchi.japan.areas import Area, AreaKind
from madoguchi.japan.text import fold, fold_with_offsets

# What may follow a bare name (one without 市/町/村) without making it part of another word.
_AFTER_BARE_NAME = (
    *("で", "に", "の", "は", "が", "を", "と", "へ", "も", "や", "から", "まで"),
    *("管内", "地域", "地区", "圏域", "方面", "周辺", "近郊", "商工会", "支所", "支店", "駅", "港", "産"),
)
# 市場, 町村 and 町内会 are words of their own.
_NOT_AFTER = {"市": ("場",), "町": ("村", "内会")}

# 「広島県の府中市」 is as clear as 「広島県府中市」.
_BETWEEN = frozenset({"", "の", " "})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named at text[start:end], with every area that may be meant."""

    start: int
    end: int
    candidates: tuple[Area, ...]

    @property
    def area(self) -> Area | None:
        """The area meant, None while several are possible."""
        return self.candidates[0] if len(self.candidates) == 1 else None


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to write the name of some areas; a bare one lacks its 市, 町, 村 or 県."""

    candidates: tuple[Area, ...]
    bare: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a name ends in the folded text, and what it may mean."""

    end: int
    candidates: tuple[Area, ...]


def find_in(text: str, *, within: str | None = None) -> tuple[Mention, ...]:
    """Return the places a text names, in order, each the longest name that fits at its spot.

    Names are found in any width and variant of kanji, with their 市/町/村 or bare. A name several
    areas bear keeps all of them as candidates, unless the prefecture, county or city written right
    before it decides; a bare name may so mean a prefecture and the city it is called after.
    With `within`, an area's code, candidates in that area win over those outside it. Bare names that
    are everyday words (中央, 本部) or have one character are never taken for places, nor those that
    stand inside another word. A bare name that is also a surname is taken for the place.
    Raises ValueError if `within` is unknown.
    """
    preferred = areas.get(within).code if within else None
    folded, offsets = fold_with_offsets(text)
    ends = [*offsets[1:], len(text)]
    mentions: list[Mention] = []
    start, before = 0, _Found(0, ())
    while start < len(folded):
        found = _longest_at(start, folded, before)
        if found is None:
            start += 1
            continue
        candidates = _preferring(preferred, found.candidates)
        mentions.append(Mention(offsets[start], ends[found.end - 1], candidates))
        start, before = found.end, _Found(found.end, candidates)
    return tuple(mentions)


def _longest_at(start: int, folded: str, before: _Found) -> _Found | None:
    forms, longest, initials = _forms()
    if folded[start] not in initials:
        return None
    between = folded[before.end : start] if before.candidates else None
    for end in range(min(start + longest, len(folded)), start + 1, -1):
        form = forms.get(folded[start:end])
        if form is None:
            continue
        narrowed = _below(before.candidates, form.candidates) if between in _BETWEEN else ()
        previous = "" if start == 0 or (narrowed and not between) else folded[start - 1]
        if _stands_alone(folded, start, end, bare=form.bare, previous=previous):
            return _Found(end, narrowed or form.candidates)
    return None


def _preferring(preferred: str | None, candidates: tuple[Area, ...]) -> tuple[Area, ...]:
    if preferred is None:
        return candidates
    return tuple(area for area in candidates if areas.covers(preferred, area.code)) or candidates


def _stands_alone(folded: str, start: int, end: int, *, bare: bool, previous: str) -> bool:
    if bare:
        return not _same_script(previous, folded[start]) and _may_follow_bare(folded, end)
    if folded.startswith(_NOT_AFTER.get(folded[end - 1], ()), end):
        return False
    # A name of two characters in all (津市, 北区, 森町) also ends many longer words.
    return end - start > 2 or not _same_script(previous, folded[start])


def _may_follow_bare(folded: str, end: int) -> bool:
    if end == len(folded) or not _same_script(folded[end - 1], folded[end]):
        return True
    return folded.startswith(_AFTER_BARE_NAME, end)


def _same_script(one: str, other: str) -> bool:
    return bool(one) and _script(one) == _script(other) != ""


@cache
def _script(character: str) -> str:
    name = unicodedata.name(character, "")
    return next((script for script in ("CJK", "HIRAGANA", "KATAKANA") if name.startswith(script)), "")


def _below(outer: tuple[Area, ...], candidates: tuple[Area, ...]) -> tuple[Area, ...]:
    return tuple(
        area for area in candidates if any(area != out and areas.covers(out.code, area.code) for out in outer)
    )


@cache
def _forms() -> tuple[dict[str, _Form], int, frozenset[str]]:
    """Every written form of every name, the length of the longest, and their first characters."""
    full: dict[str, list[Area]] = {}
    bare: dict[str, list[Area]] = {}
    for area in areas.all_areas():
        if area.kind is AreaKind.NATION:
            continue
        for written in {area.name, f"{area.district}{area.name}"}:
            full.setdefault(fold(written), []).append(area)
        stem = spoken_name(area)
        if stem:
            bare.setdefault(fold(stem), []).append(area)
    forms = {written: _Form(tuple(found), bare=True) for written, found in bare.items()}
    forms |= {written: _Form(tuple(found), bare=False) for written, found in full.items()}
    return forms, max(map(len, forms)), frozenset(written[0] for written in forms)


def spoken_name(area: Area) -> str:
    """The name without its last character (仙台); empty where nobody says it so or it is an everyday word."""
    if area.kind in (AreaKind.NATION, AreaKind.WARD) or area.name.endswith("道"):
        return ""
    stem = area.name[:-1]
    return "" if len(stem) < 2 or stem in _everyday_words() else stem


@cache
def _everyday_words() -> frozenset[str]:
    return frozenset(row["word"] for row in table.rows("everyday_words.tsv"))
