"""`madoguchi publish-static DIR`: the public pages as files, for a web server without the case database."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from madoguchi.ops.static_site import building

_BAR = 30


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("publish-static", help="公開ページの写しを、ファイルにします")
    parser.add_argument("directory", metavar="DIR", type=Path, help="写しへのリンクを置く場所")
    parser.add_argument("--at", metavar="URL", default=settings.SITE_URL, help="写しを置くサイトのアドレス")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the copy and tell how much there is."""
    place = arguments.directory.absolute()
    try:
        told = building.publish(place, base=arguments.at.rstrip("/"), tell=_tell)
    except building.PlaceTaken:
        print(
            f"{place} には、ほかのものがあります（the place is taken）。",
            file=sys.stderr,
        )
        return 1
    if sys.stderr.isatty():
        print(file=sys.stderr)
    what = "新しくしました" if told.is_new else "前と同じです"
    print(f"{what}: ページ {told.pages:,}、ファイル {told.files:,}、さがせるもの {told.hits:,}　{place}")
    return 0


def _tell(count: int) -> None:
    """How many pages and files there are so far, to somebody who looks on."""
    if sys.stderr.isatty() and count % 10 == 0:
        marks = "・" * (count // 50 % _BAR)
        print(f"\r集めています {count:,} {marks:<{_BAR}}", end="", file=sys.stderr, flush=True)
