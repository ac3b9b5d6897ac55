"""`madoguchi COMMAND`: reads the arguments, starts Django, runs one command, turns errors into sentences."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from madoguchi.search.index import IndexBusyError

Runner = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 refused or found wrong, 2 arguments not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        django.setup()
        if words[:1] == ["django"]:
            return _django(words)
        parsed = _parser().parse_args(words)
        run: Runner = parsed.run
        return run(parsed)
    except ImproperlyConfigured as error:
        return _fail(f"設定に誤りがあります: {error}", f"The settings are wrong: {error}")
    except IndexBusyError:
        return _fail(
            "ほかのプロセスが索引に書き続けています。終わってからもう一度お試しください。",
            "Another process goes on writing the search index; try again when it has finished.",
        )
    except (DatabaseError, OSError) as error:
        return _fail(*_storage_trouble(error))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    # Commands import models, which exist only after django.setup().
    from madoguchi.ops import (  # noqa: PLC0415
        assisting,
        auditing,
        describing,
        finding,
        inviting,
        matching,
        matching_bulk,
        packing,
        serving,
        setting_up,
    )

    parser = argparse.ArgumentParser(
        prog="madoguchi", description="窓口: 地域の事業者支援の窓口を動かします。"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for module in (
        setting_up,
        serving,
        packing,
        finding,
        inviting,
        matching,
        matching_bulk,
        assisting,
        auditing,
        describing,
    ):
        module.add_to(commands)
    commands.add_parser("django", help="Django の管理コマンドを実行します（例: madoguchi django migrate）")
    return parser


def _django(words: list[str]) -> int:
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["madoguchi django", *words[1:]])
    return 0


def _storage_trouble(error: Exception) -> tuple[str, str]:
    """What to say of a database or file that fails; a missing table means that nothing was set up."""
    said = str(error)
    if "no such table" in said or ("relation" in said and "does not exist" in said):
        return (
            "まだ準備ができていません。先に madoguchi setup を実行してください。",
            "Not set up yet: run `madoguchi setup` first.",
        )
    return (
        f"データベースかファイルに書けません・読めません: {said}",
        f"The database or a file cannot be read or written: {said}",
    )


def _fail(japanese: str, english: str) -> int:
    print(japanese, english, sep="\n", file=sys.stderr)
    return 1
