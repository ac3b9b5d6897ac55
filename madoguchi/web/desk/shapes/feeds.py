"""Items of feeds as the desk shows them."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.feeds import values
from madoguchi.feeds.models import Feed, FeedItem, FeedRun, Reading, What
from madoguchi.feeds.sources import SOURCES, Source
from madoguchi.feeds.states import ITEM_MOVES, ItemState, ReadingState
from madoguchi.web.portal.shapes.crumbs import Step


@dataclass(frozen=True)
class Word:
    """A state in a word, and how its label looks."""

    word: str | Promise
    look: str


STATE_WORDS: dict[ItemState, Word] = {
    ItemState.DRAFT: Word(_("下書き（公開しません）"), "ask"),
    ItemState.SHOWN: Word(_("公開しています"), "open"),
    ItemState.VANISHED: Word(_("配信元に見当たりません"), "soon"),
    ItemState.ADOPTED: Word(_("職員が引き受けました"), "any"),
    ItemState.HIDDEN: Word(_("隠しています"), "end"),
}
_READING_WORDS: dict[ReadingState, Word] = {
    ReadingState.OPEN: Word(_("未確認"), "soon"),
    ReadingState.CONFIRMED: Word(_("確かめました"), "open"),
    ReadingState.CORRECTED: Word(_("直しました"), "open"),
    ReadingState.REJECTED: Word(_("使いません"), "end"),
}
_MOVE_WORDS = {
    ItemState.ADOPTED: ("adopt", _("引き受ける（配信で上書きしない）")),
    ItemState.HIDDEN: ("hide", _("隠す")),
    ItemState.SHOWN: ("show", _("配信のとおりに載せる")),
}
_MOST_LINES = 120


@dataclass(frozen=True)
class Row:
    """An item in the list."""

    item: FeedItem
    feed: str
    state: Word
    open_count: int


@dataclass(frozen=True)
class Line:
    """One value with what can be made of it; `typed` is what stands in the field to correct it."""

    reading: Reading
    label: str
    value: str
    before: str
    state: Word
    is_open: bool
    sureness: str
    example: str
    typed: str
    said: str


@dataclass(frozen=True)
class RunLine:
    """The newest run of a feed."""

    feed: str
    finished_at: datetime
    counts: str
    is_complete: bool
    odd: list[dict[str, str]]


def trail(title: str = "") -> list[Step]:
    """The way to the list, or to an item."""
    home = Step(reverse("desk:feeds") if title else "", gettext("配信からの制度"))
    return [home, Step("", title)] if title else [home]


def choices() -> list[tuple[str, str]]:
    """What the list can be kept to."""
    states = [(state.value, str(word.word)) for state, word in STATE_WORDS.items()]
    return [("", gettext("すべて")), ("open", gettext("未確認の値があるもの")), *states]


def row(item: FeedItem) -> Row:
    """An item that `queries.counted` counted."""
    count = getattr(item, "open_count", 0)
    return Row(item, str(Feed(item.feed).label), STATE_WORDS[ItemState(item.state)], count)


def run(done: FeedRun) -> RunLine:
    """A run in words."""
    words = {
        "added": gettext("新しい"),
        "changed": gettext("変わった"),
        "unchanged": gettext("同じ"),
        "vanished": gettext("見当たらない"),
        "odd": gettext("読めない"),
    }
    counts = "、".join(f"{word} {done.counts.get(name, 0):,}" for name, word in words.items())
    return RunLine(str(Feed(done.feed).label), done.finished_at, counts, done.is_complete, done.odd)


def source(item: FeedItem) -> Source:
    """Where an item comes from."""
    return SOURCES[Feed(item.feed)]


def text(item: FeedItem) -> list[str]:
    """The text of an item as the feed says it, shortened."""
    return list(source(item).read(item.record).text[:_MOST_LINES])


def moves(item: FeedItem) -> list[tuple[str, str]]:
    """What can be made of the whole item."""
    return [
        (act, str(label))
        for state, (act, label) in _MOVE_WORDS.items()
        if state in ITEM_MOVES[ItemState(item.state)]
    ]


def line(reading: Reading, refused: tuple[Reading, str, str] | None) -> Line:
    """A value; with what was typed and why it was refused, where that is this one."""
    what = What(reading.what)
    is_corrected = reading.state == ReadingState.CORRECTED
    read = values.shown(what, reading.value)
    value = values.shown(what, reading.corrected) if is_corrected else read
    is_refused = refused is not None and refused[0].pk == reading.pk
    return Line(
        reading=reading,
        label=str(what.label),
        value=value,
        before=read if is_corrected else "",
        state=_READING_WORDS[ReadingState(reading.state)],
        is_open=reading.state == ReadingState.OPEN,
        sureness=_sureness(reading),
        example=values.EXAMPLES[what],
        typed=refused[1] if refused and is_refused else value,
        said=refused[2] if refused and is_refused else "",
    )


def _sureness(reading: Reading) -> str:
    where = gettext("配信元の欄") if reading.is_stated else gettext("本文")
    percent = int(reading.confidence * 100)
    return gettext("%(where)sから、確かさ %(percent)d%%") % {"where": where, "percent": percent}
