"""`madoguchi register`: the tax agency's list of corporate numbers beside the database."""

import argparse
import sys
import time
from pathlib import Path

from madoguchi.businesses.registers import dump, looking_up


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    register = commands.add_parser("register", help="法人番号の台帳を入れます・引きます")
    actions = register.add_subparsers(metavar="ACTION", required=True)
    load = actions.add_parser(
        "load", help="国税庁の全件データ・差分データ（zip か csv）を入れます。何度入れても同じです"
    )
    load.add_argument("file", metavar="FILE", type=Path)
    load.set_defaults(run=_load)
    show = actions.add_parser("show", help="法人番号を、設定したすべての台帳で引きます")
    show.add_argument("number", metavar="NUMBER")
    show.set_defaults(run=_show)


def _load(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    try:
        loaded = dump.load(arguments.file, tell=_tell)
    except dump.UnreadableDumpError as error:
        print(error, file=sys.stderr)
        return 1
    for mistake in loaded.mistakes:
        print(mistake, file=sys.stderr)
    skipped = f"、読めない行 {loaded.skipped:,}" if loaded.skipped else ""
    print(
        f"{loaded.rows:,} 件を入れ、{loaded.deleted:,} 件を消しました{skipped}"
        f"（{time.monotonic() - started:.1f} 秒）。台帳には {dump.count():,} 件あります。"
    )
    return 0


def _tell(rows: int) -> None:
    print(f"\r{rows:,} 行", end="" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _show(arguments: argparse.Namespace) -> int:
    if not looking_up.is_configured():
        print("台帳がありません。madoguchi register load で入れてください。", file=sys.stderr)
        return 1
    try:
        looked = looking_up.look_up_typed(arguments.number)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for trouble in looked.troubles:
        print(trouble, file=sys.stderr)
    if looked.entry is None:
        print("この法人番号は、台帳にありません。" if looked.is_answered else "台帳から答えがありません。")
        return 1
    for name, said in looked.entry.said.items():
        print(f"{name}\t{said.value}\t{said.source.label}")
    if looked.entry.closed_on:
        print(f"閉鎖\t{looked.entry.closed_on}")
    return 0
