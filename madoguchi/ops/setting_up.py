"""`madoguchi setup`: all that a new installation needs, asking nothing; running it again changes nothing."""

import argparse
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from madoguchi.finding import indexing, words
from madoguchi.foundation import files
from madoguchi.ops.packing import find_pack, load_and_tell
from madoguchi.ops.readiness import SET_UP_WITH, why_not_ready

DEFAULT_PACK = "aomori"
_PACKAGE = Path(__file__).resolve().parents[1]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("setup", help="はじめての準備をします（何度実行しても同じです）")
    parser.add_argument(
        "--pack", default=DEFAULT_PACK, help="地域パックの名前または場所（初期値: %(default)s）"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Migrate, load the pack, gather the static files, bring the index up to date."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    pack = find_pack(arguments.pack)
    made_of = _made_of(pack)
    if _is_done(made_of):
        print(f"準備は前のままで整っています。データの場所: {settings.DATA_DIR}")
        return 0
    call_command("migrate", verbosity=0, interactive=False)
    print("データベースの準備ができました。")
    code = load_and_tell(pack)
    if code:
        return code
    call_command("collectstatic", verbosity=0, interactive=False)
    count = indexing.catch_up()
    print(f"検索の索引に {count:,} 件あります。")
    files.write_atomically(settings.DATA_DIR / SET_UP_WITH, made_of.encode())
    print(f"準備ができました。データの場所: {settings.DATA_DIR}")
    return 0


def _is_done(made_of: str) -> bool:
    """Whether the last setup was made of just this, and what it made is still there."""
    kept = settings.DATA_DIR / SET_UP_WITH
    return (
        kept.is_file()
        and kept.read_text(encoding="utf-8") == made_of
        and why_not_ready() is None
        and words.are_current()
        and (settings.STATIC_ROOT / "staticfiles.json").is_file()
    )


def _made_of(pack: Path) -> str:
    """A digest of everything that a setup depends on: the program, the pack, the database it is for."""
    digest = hashlib.sha256(repr(settings.DATABASES["default"]).encode())
    for folder in (_PACKAGE, pack):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(folder)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
