"""The items of the feed (RSS 1.0): a headline, a link, a day, a subject, regions; no more is told."""

import hashlib
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser, fromstring

from madoguchi.importers.documents.found import Found
from madoguchi.importers.drafts import FeedDraft, Odd
from madoguchi.importers.free_text import caps, periods, places, shares, staff
from madoguchi.importers.html_text import lines_of

Record = dict[str, Any]
CREDIT = "J-Net21（中小企業基盤整備機構）の支援情報ヘッドラインから"
_RSS, _DC = "{http://purl.org/rss/1.0/}", "{http://purl.org/dc/elements/1.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_MOST = 500


class NoFeed(ValueError):
    """What came is no such feed."""


def read_feed(content: bytes) -> list[Record | Odd]:
    """The items as records, each with an id of its link. Raises NoFeed for what is cut off or no feed."""
    if b"<!DOCTYPE" in content[:2_000] or b"<!ENTITY" in content:
        raise NoFeed("a document type is not read")
    try:
        root = fromstring(content, parser=XMLParser())  # noqa: S314 - entities cannot be declared without a DTD
    except ParseError as error:
        raise NoFeed(str(error)) from error
    items = root.findall(f"{_RSS}item")
    if not items and root.find(f"{_RSS}channel") is None:
        raise NoFeed("no channel")
    return [_record(each, number) for number, each in enumerate(items[:_MOST], start=1)]


def _record(item: Element, number: int) -> Record | Odd:
    title, link = _text(item, f"{_RSS}title"), _text(item, f"{_RSS}link")
    if not title or not re.fullmatch(r"https?://[^\s<>\"]{1,190}", link):
        return Odd(f"{number}番目", "題名かリンクがありません。")
    regions = [label.text.strip() for label in item.iter(f"{_RDF}label") if label.text and label.text.strip()]
    return {
        "id": hashlib.sha256(link.encode()).hexdigest()[:16],
        "title": title[:200],
        "url": link,
        "text": lines_of(_text(item, f"{_RSS}description"))[:50],
        "published": _text(item, f"{_DC}date")[:10],
        "subject": _text(item, f"{_DC}subject")[:100],
        "areas": " / ".join(dict.fromkeys(regions))[:400],
    }


def _text(item: Element, name: str) -> str:
    return " ".join((item.findtext(name) or "").split())


def read(record: Record) -> FeedDraft:
    """The draft of an item: what its few sentences say."""
    text = record["text"]
    stated: Found[tuple[str, ...]] | None = places.of_field(record["areas"])
    return FeedDraft(
        external_id=record["id"],
        title=record["title"],
        catch_phrase=record["subject"],
        text=tuple(text),
        url=record["url"],
        areas=places.narrowed(stated, title=record["title"], detail="", text=text),
        share=shares.in_lines(text),
        cap_yen=caps.best(caps.in_lines(text)),
        staff=staff.in_lines(text),
        periods=periods.in_lines(text)[:3],
        contact="J-Net21の記事",
        stated=frozenset({"areas"} if stated else ()),
    )
