"""`madoguchi import jgrants|j-net21|open-data`: programmes of the nation and of municipalities."""

import argparse
import sys
import time
from http import HTTPStatus
from pathlib import Path

from django.conf import settings

from madoguchi.feeds import asking
from madoguchi.feeds.asking import Asked
from madoguchi.feeds.models import Feed
from madoguchi.feeds.operations.taking_in import Report, SomeOdd, take_in, take_in_all
from madoguchi.foundation import clock, tables
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.outgoing import OutgoingError, open_url
from madoguchi.importers.jgrants.client import KEYWORDS, Client
from madoguchi.importers.open_data.table import plan
from madoguchi.institutions.queries import region

_WORDS = {
    "added": "新しいもの",
    "changed": "変わったもの",
    "unchanged": "同じもの",
    "vanished": "配信元に見当たらなくなったもの",
    "kept": "職員が引き受けたか隠したもの（そのまま）",
    "outside": "ほかの地域だけのもの（取り込まない）",
    "odd": "読めなかったもの",
}
_SHOWN = 20
_BAR_AFTER = 2.0
_SECONDS = 30.0
_WIDTH = 30


def jgrants(arguments: argparse.Namespace) -> int:
    """Take in the portal's programmes; 0 when all came, 1 when something stayed unanswered."""
    here = region()
    if here is None:
        print("先に madoguchi setup --pack で、地域を用意してください。", file=sys.stderr)
        return 2
    prefecture = arguments.prefecture or here.prefecture_name
    if arguments.file:
        if not arguments.file.is_file():
            print(f"ファイル「{arguments.file}」がありません。", file=sys.stderr)
            return 2
        asked = asking.jgrants_file(arguments.file)
    else:
        print("Jグランツに、1秒に1回ずつ尋ねています。数分かかります。", file=sys.stderr)
        asked = asking.jgrants_api(
            Client(settings.JGRANTS_URL), prefecture=prefecture, keywords=arguments.keyword or KEYWORDS
        )
    own_words = bool(arguments.keyword or arguments.prefecture)
    is_complete = arguments.complete if arguments.file else not own_words
    return _take(Feed.JGRANTS, asked, everywhere=arguments.everywhere, is_complete=is_complete)


def jnet21(_arguments: argparse.Namespace) -> int:
    """Take in the newest notices of J-Net21, as drafts for the desk."""
    if region() is None:
        print("先に madoguchi setup --pack で、地域を用意してください。", file=sys.stderr)
        return 2
    # The feed holds the newest few dozen alone: what is not in it has not vanished.
    return _take(Feed.JNET21, asking.jnet21_feed(settings.JNET21_URL), everywhere=False, is_complete=False)


def _take(feed: Feed, asked: Asked, *, everywhere: bool, is_complete: bool) -> int:
    report = take_in(
        feed=feed,
        records=asked.records,
        at=clock.actual_now(),
        by=SYSTEM,
        everywhere=everywhere,
        is_complete=is_complete,
        faults=asked.faults,
        on_progress=Bar(asked.count),
    )
    show(report, asked.faults)
    return 1 if asked.faults else 0


def open_data(arguments: argparse.Namespace) -> int:
    """Take in a municipality's list, or show what is wrong with it; nothing of a bad list is written."""
    if region() is None:
        print("先に madoguchi setup --pack で、地域を用意してください。", file=sys.stderr)
        return 2
    try:
        planned = plan(tables.read(*_brought(arguments.source)))
    except (DomainError, OutgoingError, OSError) as error:
        print(f"読めません: {error}", file=sys.stderr)
        return 1
    if planned.unknown:
        print(f"使わない列: {'、'.join(planned.unknown)}")
    for each in planned.mistakes[:_SHOWN]:
        print(f"{each.row}行目「{each.heading}」: {each.sentence}（{each.typed}）", file=sys.stderr)
    if planned.mistakes:
        print(f"直すところが {len(planned.mistakes):,} あります。何も変えていません。", file=sys.stderr)
        return 1
    print(f"読めた行: {len(planned.records):,}件")
    if arguments.dry_run:
        return 0
    try:
        report = take_in_all(feed=Feed.OPEN_DATA, records=planned.records, at=clock.actual_now(), by=SYSTEM)
    except SomeOdd as refused:
        for odd in refused.odd[:_SHOWN]:
            print(f"{odd.where}: {odd.sentence}", file=sys.stderr)
        print("何も変えていません。", file=sys.stderr)
        return 1
    show(report, [])
    return 0


def _brought(source: str) -> tuple[str, bytes]:
    """The name and the bytes of a file, or of an address on the open internet."""
    if source.startswith(("http://", "https://")):
        reply = open_url(source, timeout=_SECONDS, most_bytes=tables.MOST_BYTES)
        if reply.status != HTTPStatus.OK:
            raise OutgoingError(f"{source}: {reply.status}")
        return source.rpartition("/")[2].partition("?")[0], reply.body
    path = Path(source)
    return path.name, path.read_bytes()


class Bar:
    """A line that grows on a terminal, once a run takes longer than two seconds."""

    def __init__(self, total: int) -> None:
        """Take how many there will be."""
        self._total, self._began = max(total, 1), time.monotonic()

    def __call__(self, count: int) -> None:
        """Show how far it is."""
        if time.monotonic() - self._began < _BAR_AFTER or not sys.stderr.isatty():
            return
        done = min(count * _WIDTH // self._total, _WIDTH)
        end = "\n" if count >= self._total else ""
        print(f"\r[{'#' * done}{'.' * (_WIDTH - done)}] {count:,}/{self._total:,}", end=end, file=sys.stderr)


def show(report: Report, faults: list[str]) -> None:
    """Print what a run did, and why what is odd is odd."""
    for name, count in report.counts.items():
        if count:
            print(f"{_WORDS[name]}: {count:,}件")
    if not any(report.counts.values()):
        print("何もありませんでした。")
    for each in report.odd[:_SHOWN]:
        print(f"  {each.where}: {each.sentence}", file=sys.stderr)
    for fault in faults[:_SHOWN]:
        print(f"  答えがありませんでした: {fault}", file=sys.stderr)


def add_kinds(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands."""
    parser = kinds.add_parser("jgrants", help="Jグランツの補助金（国と都道府県）")
    parser.add_argument("--keyword", action="append", help="さがす言葉（何度でも。省くと広い言葉の和）")
    parser.add_argument("--prefecture", metavar="NAME", help="都道府県の名前（省くとこの地域）")
    parser.add_argument("--from", dest="file", metavar="FILE", type=Path, help="1行に1件の JSON から読みます")
    parser.add_argument("--everywhere", action="store_true", help="ほかの都道府県だけのものも取り込みます")
    parser.add_argument(
        "--complete",
        action="store_true",
        help="FILE が配信元の全部のとき。ないものを「見当たらない」と数えます",
    )
    parser.set_defaults(run=jgrants)
    notices = kinds.add_parser("j-net21", help="J-Net21 の新しいお知らせ（下書きにするだけで、公開しません）")
    notices.set_defaults(run=jnet21)
    listed = kinds.add_parser("open-data", help="自治体の支援制度のオープンデータ（CSV か Excel）")
    listed.add_argument("source", metavar="FILE|URL")
    listed.add_argument("--dry-run", action="store_true", help="どうなるかを示すだけで、書きません")
    listed.set_defaults(run=open_data)
