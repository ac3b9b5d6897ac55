"""The feeds: how a record of each is read, joined with what was known, credited; whether it is published."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from madoguchi.feeds.models import Feed
from madoguchi.importers.drafts import FeedDraft
from madoguchi.importers.jgrants import reading as jgrants
from madoguchi.importers.jgrants import records as jgrants_records
from madoguchi.importers.jnet21 import rss
from madoguchi.importers.open_data import reading as open_data

Record = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """One feed. `mark` says on a page what an item is, `credit` what the feed's terms demand."""

    read: Callable[[Record], FeedDraft]
    merged: Callable[[Record | None, Record], Record]
    mark: str
    credit: str
    is_published: bool = True


SOURCES: dict[Feed, Source] = {
    Feed.JGRANTS: Source(
        jgrants.read,
        jgrants_records.merged,
        "国の配信から自動で取り込んだ情報",
        jgrants.CREDIT,
    ),
    Feed.OPEN_DATA: Source(
        open_data.read,
        lambda _before, now: now,
        "自治体のオープンデータから取り込んだ情報",
        open_data.CREDIT,
    ),
    Feed.JNET21: Source(
        rss.read,
        lambda _before, now: now,
        "J-Net21から自動で取り込んだ下書き",
        rss.CREDIT,
        is_published=False,
    ),
}
