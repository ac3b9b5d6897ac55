"""`madoguchi setup`: everything a new installation needs, asking nothing; running it again changes nothing."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from madoguchi.finding import indexing
from madoguchi.foundation import clock, files
from madoguchi.ops.packing import load_and_tell

Subparsers = "argparse._SubParsersAction[argparse.ArgumentParser]"
_BUILT_IN_PACKS = Path(__file__).resolve().parents[2] / "packs"


def add_to(commands: Subparsers) -> None:
    """Register the command."""
    parser = commands.add_parser("setup", help="はじめての準備をします（何度実行しても同じです）")
    parser.add_argument("--pack", default="aomori", help="地域パックの名前または場所（初期値: aomori）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Migrate, load the pack, gather static files, build the index."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    print("データベースの準備ができました。")
    directory = find_pack(arguments.pack)
    code = load_and_tell(directory)
    if code:
        return code
    call_command("collectstatic", verbosity=0, interactive=False)
    count = indexing.catch_up(at=clock.now())
    print(f"検索の索引に {count:,} 件あります。")
    print(f"準備ができました。データの場所: {settings.DATA_DIR}")
    return 0


def find_pack(name: str) -> Path:
    """The directory of a pack given by place or by the name of one that comes with the software."""
    given = Path(name)
    return given if given.is_dir() else _BUILT_IN_PACKS / name


def keep_believed_day(day: object) -> None:
    """Keep the pack's own date for the next start, or forget it when the pack has none."""
    if day is None:
        settings.BELIEVED_TODAY_FILE.unlink(missing_ok=True)
    else:
        files.write_atomically(settings.BELIEVED_TODAY_FILE, f"{day}\n".encode())
