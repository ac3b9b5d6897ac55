"""`madoguchi COMMAND`: reads the arguments, starts Django, runs one command, turns errors into sentences."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from madoguchi.ops.readiness import NOT_SET_UP
from madoguchi.search.index import IndexBusyError

Runner = Callable[[argparse.Namespace], int]

# The module of each command, in the order of the help.
MODULES = {
    "setup": "setting_up",
    "serve": "serving",
    "work": "serving",
    "pack": "packing",
    "search": "finding",
    "show": "finding",
    "reindex": "finding",
    "check": "finding",
    "search-eval": "finding",
    "invite": "inviting",
    "demo": "demonstrating",
    "match": "matching",
    "facts": "matching",
    "match-bulk": "matching_bulk",
    "mcp": "assisting",
    "audit": "auditing",
    "register": "registering",
    "import": "importing",
    "report": "reporting",
    "year": "reporting",
    "api-key": "opening",
    "webhook": "opening",
    "publish-static": "copying",
    "data-dictionary": "describing",
}

# What SQLite, PostgreSQL and the system say, as they say it, and what an operator makes of it.
_TROUBLES = {
    "locked": "ほかの処理が使っています。少し待って、もう一度お試しください。",
    "full": "ディスクの空きがありません。",
    "no space left": "ディスクの空きがありません。",
    "readonly": "書き込みが許されていません。ファイルとフォルダーの権限を確かめてください。",
    "read-only": "書き込みが許されていません。ファイルとフォルダーの権限を確かめてください。",
    "permission denied": "読み書きが許されていません。ファイルとフォルダーの権限を確かめてください。",
    "no such file": "その場所がありません。",
    "connection": "データベースにつながりません。動いているか、行き先が正しいかを確かめてください。",
}
# As a shell counts a process that a closed pipe ended (128 + SIGPIPE).
_NOBODY_READS = 141


class _Parser(argparse.ArgumentParser):
    """Refuses in Japanese first; what argparse itself says is English."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        more = f"引数を読めませんでした。説明は {self.prog} --help で見られます。"
        self.exit(2, f"{more}\n{self.prog}: error: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 refused or found wrong, 2 arguments not understood."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        django.setup()
        code = _django(words) if words[:1] == ["django"] else _run(words)
        sys.stdout.flush()  # here, where it can still be answered when nobody reads on
    except BrokenPipeError:
        # `madoguchi search … | head`: no fault. Python would flush once more at the end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS
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
    return code


def _run(words: list[str]) -> int:
    parsed = _parser(words).parse_args(words)
    run: Runner = parsed.run
    return run(parsed)


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Reads the command that is asked for; all of them where none is known, for the help.

    Commands import models, which exist only after django.setup(), and libraries that take a second to load.
    """
    parser = _Parser(prog="madoguchi", description="窓口: 地域の事業者支援の窓口を動かします。")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    asked = MODULES.get(words[0]) if words else None
    for name in [asked] if asked else dict.fromkeys(MODULES.values()):
        import_module(f"madoguchi.ops.{name}").add_to(commands)
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
        return NOT_SET_UP
    why = next((sentence for word, sentence in _TROUBLES.items() if word in said.lower()), "")
    return (
        f"データベースかファイルに書けません・読めません。{why}\n（{said}）",
        "The database or a file cannot be read or written.",
    )


def _fail(japanese: str, english: str) -> int:
    print(japanese, english, sep="\n", file=sys.stderr)
    return 1
