"""`madoguchi setup`: all that a new installation needs, asking nothing; running it again changes nothing."""

import argparse

from django.conf import settings
from django.core.management import call_command

from madoguchi.finding import indexing
from madoguchi.ops.packing import find_pack, load_and_tell


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("setup", help="はじめての準備をします（何度実行しても同じです）")
    parser.add_argument("--pack", default="aomori", help="地域パックの名前または場所（初期値: aomori）")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Migrate, load the pack, gather the static files, bring the index up to date."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    print("データベースの準備ができました。")
    code = load_and_tell(find_pack(arguments.pack))
    if code:
        return code
    call_command("collectstatic", verbosity=0, interactive=False)
    count = indexing.catch_up()
    print(f"検索の索引に {count:,} 件あります。")
    print(f"準備ができました。データの場所: {settings.DATA_DIR}")
    return 0
