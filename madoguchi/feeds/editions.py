"""From what a feed says, and what people made of it, to an edition as a region pack would write it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.catalogue.documents import UNCONFIRMED
from madoguchi.catalogue.queries import labels
from madoguchi.feeds import values
from madoguchi.feeds.models import FeedItem, Reading, What
from madoguchi.feeds.states import ReadingState
from madoguchi.importers.documents.found import UNSURE
from madoguchi.importers.drafts import FeedDraft
from madoguchi.importers.free_text.shares import Share
from madoguchi.institutions.queries import region
from madoguchi.japan import industries
from madoguchi.japan.areas import NATION
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.packs import schema
from madoguchi.packs.values import Contact, Document, Link, Point, Source

READ = f"本文から読み取った値{UNCONFIRMED}"
DOUBTED = f"配信元の欄の値{UNCONFIRMED}"

_YEAR = re.compile(r"令和\s?([0-9０-９]{1,2}|元)\s?年度(?!\s?補正|\s?の?補正|[^】]{0,4}補正)")
_GIFT = re.compile(r"給付金|支援金|応援金|協力金|奨励金|見舞金")
_LABELS = {"gift": "給付金・支援金", "grant": "補助金"}
# The words of 利用目的 beside those of お困りごと: both are national vocabularies.
_PURPOSES = {
    "販路拡大・海外展開をしたい": ("販路開拓",),
    "設備整備・IT導入をしたい": ("設備投資", "IT化"),
    "事業を引き継ぎたい": ("事業承継",),
    "資金繰りを改善したい": ("資金繰り",),
    "人材育成を行いたい": ("人材",),
    "雇用・職場環境を改善したい": ("人材",),
    "災害（自然災害、感染症等）支援がほしい": ("災害対応",),
}
_SKIPPED = re.compile(r"問い?合わ?せ|連絡先|参照|動作環境|ホームページ|URL", re.IGNORECASE)
_HEADING = re.compile(r"^\s*[■◆●【〇]\s*(.+?)[】\s]*$")
_MOST_TEXT, _MOST_SECTIONS, _SUMMARY, _NAME = 700, 6, 200, 200
_DIVISIONS = 20


@dataclass(frozen=True)
class Words:
    """What shaping needs to know of the region: its vocabularies by label, its prefecture."""

    by_label: Mapping[str, Mapping[str, str]]
    prefecture: str


def words() -> Words:
    """The region's words now; the prefecture is empty before a pack is loaded."""
    here = region()
    by_label = {name: {label: code for code, label in terms.items()} for name, terms in labels().items()}
    return Words(by_label, here.prefecture_code if here else "")


def fiscal_year_of(draft: FeedDraft, *, otherwise: int) -> int:
    """The fiscal year (its first year) a title names, else that of the first opening, else `otherwise`."""
    if found := _YEAR.search(draft.title):
        return 2018 + (1 if found[1] == "元" else int(found[1]))
    opening = [each.value.opens_at for each in draft.periods if each.value.opens_at]
    return FiscalYear.of(min(opening).date()).start_year if opening else otherwise


def effective(reading: Reading) -> Any:
    """The value that is published: what was confirmed or corrected, else what was read surely enough."""
    if reading.state == ReadingState.REJECTED:
        return None
    if reading.state == ReadingState.CORRECTED:
        return values.read(What(reading.what), reading.corrected)
    if reading.state == ReadingState.OPEN and float(reading.confidence) < UNSURE:
        return None
    return values.read(What(reading.what), reading.value)


def edition(item: FeedItem, draft: FeedDraft, readings: list[Reading], known: Words) -> schema.Edition:
    """The edition of an item. Raises pydantic.ValidationError when what is said cannot be one."""
    told = {What(each.what): effective(each) for each in readings}
    open_marks = {What(each.what): mark(each) for each in readings if each.is_unconfirmed}
    summary = _summary(draft)
    frames = _frames(draft, told, open_marks)
    staff = told.get(What.STAFF)
    limit = values.shown(What.STAFF, values.kept(What.STAFF, staff)) if staff else ""
    has_limit = staff is not None and (staff.at_most or staff.at_least)
    who = f"従業員{limit}" if has_limit else ""
    return schema.Edition(
        fiscal_year=item.fiscal_year or 0,
        name=draft.title[:_NAME],
        kinds=[_kind(draft, known)],
        purposes=_purposes(draft, known),
        uses=_codes(draft.uses, known.by_label.get("uses", {})),
        industries=_industries(draft),
        areas=list(told.get(What.AREAS) or (NATION,)),
        summary=summary,
        easy="くわしいことは、もとのページを見てください。",
        who=who,
        frames=frames,
        requirements=[Point(text=who, detail=open_marks.get(What.STAFF, ""))] if who else [],
        benefits=_sections(draft),
        documents=[Document(name=name, note="もとのページから受け取れます。") for name in draft.attachments],
        reception=_reception(told.get(What.PERIOD), open_marks.get(What.PERIOD, "")),
        contacts=[Contact(label=draft.contact, telephone=draft.telephone or None, url=draft.url)],
        links=[Link(label="もとのページ", url=draft.url)] if draft.url else [],
        sources=[Source(file=item.feed, section=item.external_id, lines="1")],
    )


def mark(reading: Reading) -> str:
    """How a page marks a value that nobody has looked at."""
    return DOUBTED if reading.is_stated else READ


def _frames(draft: FeedDraft, told: Mapping[What, Any], marks: Mapping[What, str]) -> list[schema.Frame]:
    share: Share = told.get(What.SHARE) or Share()
    cap = told.get(What.CAP)
    if share == Share() and cap is None:
        return []
    notes = [
        f"{what.label}：{marks[what]}。"
        for what in (What.SHARE, What.CAP)
        if what in marks and told.get(what)
    ]
    notes += [f"配信元の書き方：{draft.share_text[:300]}"] if draft.share_text else []
    rate: dict[str, Any] = {}
    if share.low is not None and share.high is not None:
        low, high = _fraction(share.low), _fraction(share.high)
        rate = {"rate": high} if low == high else {"rate_range": {"low": low, "high": high}}
    name = "定額" if share.is_flat and not rate else "補助"
    return [schema.Frame(name=name, cap_yen=cap, note="　".join(notes)[:500], **rate)]


def _fraction(rate: Any) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def _reception(periods: Any, mark: str) -> schema.Reception:
    windows = [
        schema.Window.model_validate(
            {
                "opens_at": each.opens_at.isoformat() if each.opens_at else None,
                "closes_at": each.closes_at.isoformat() if each.closes_at else None,
                "note": mark,
            }
        )
        for each in periods or ()
    ]
    if not windows:
        return schema.Reception(mode="not_stated")
    return schema.Reception(mode="window", windows=windows)


def _kind(draft: FeedDraft, known: Words) -> str:
    kinds = known.by_label.get("kinds", {})
    label = _LABELS["gift" if _GIFT.search(draft.title) else "grant"]
    return kinds.get(label) or kinds.get(_LABELS["grant"]) or "subsidy"


def _purposes(draft: FeedDraft, known: Words) -> list[str]:
    wanted = [label for use in draft.uses for label in _PURPOSES.get(use, ())]
    return _codes(wanted, known.by_label.get("purposes", {}))


def _codes(wanted: Any, by_label: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(by_label[label] for label in wanted if label in by_label))


def _industries(draft: FeedDraft) -> list[str]:
    """Codes of the divisions; all of them are none, which is any."""
    found = [industries.find(name) for name in draft.industries]
    codes = list(dict.fromkeys(each.code for each in found if each))
    return [] if len(codes) >= _DIVISIONS else codes


def _summary(draft: FeedDraft) -> str:
    sentence = next((line for line in draft.text if "。" in line and not _HEADING.match(line)), "")
    text = draft.catch_phrase or sentence or draft.title
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 1]}…"


def _sections(draft: FeedDraft) -> list[Point]:
    """The text by its headings, shortened: the whole of it stands on the feed's own page."""
    sections: list[tuple[str, list[str]]] = [("内容", [])]
    for line in draft.text:
        if (found := _HEADING.match(line)) and len(line) < 40:
            sections.append((found[1], []))
        else:
            sections[-1][1].append(line)
    shown = [(head, "\n".join(lines)) for head, lines in sections if lines and not _SKIPPED.search(head)]
    return [
        Point(text=head, detail=text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…")
        for head, text in shown[:_MOST_SECTIONS]
    ]
