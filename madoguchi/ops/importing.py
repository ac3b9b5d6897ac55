"""`madoguchi import`: lists of an organisation and documents, taken in by whoever runs the site."""

import argparse
from pathlib import Path

from madoguchi.ops import importing_documents, importing_feeds


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    into = commands.add_parser("import", help="名簿や文書を取り込みます")
    kinds = into.add_subparsers(metavar="KIND", required=True)
    businesses = kinds.add_parser("businesses", help="事業者の名簿（CSV か Excel）")
    businesses.add_argument("file", metavar="FILE", type=Path)
    businesses.add_argument("--organisation", metavar="SLUG", required=True, help="名簿を持つ機関")
    businesses.add_argument("--preview", action="store_true", help="どうなるかを示すだけで、書きません")
    businesses.add_argument(
        "--errors", metavar="CSV", type=Path, help="直すところの一覧を書く先（.csv か .xlsx）"
    )
    businesses.set_defaults(run=_import)
    importing_documents.add_kinds(kinds)
    importing_feeds.add_kinds(kinds)


def _import(arguments: argparse.Namespace) -> int:
    # Spreadsheets take half a second to load, which nobody who reads a document has to wait for.
    from madoguchi.ops.importing_businesses import run  # noqa: PLC0415

    return run(arguments)
