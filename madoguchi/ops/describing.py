"""`madoguchi data-dictionary`: every table and column, as the models declare them."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from madoguchi.foundation import files

_OURS = "madoguchi."


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    parser = commands.add_parser("data-dictionary", help="すべての表と列の説明を文書に書きます")
    parser.add_argument("--into", metavar="FILE", default="docs/data-dictionary.md")
    parser.set_defaults(run=_write)


def as_markdown() -> str:
    """The tables of every module with their columns and constraints."""
    lines = [
        "# Data dictionary",
        "",
        "Written by `madoguchi data-dictionary` from the models; change the models, then write it anew.",
        "Amounts (`_yen`) are whole yen; `_at` is an instant, `_on` a day in Asia/Tokyo.",
    ]
    for config in sorted(apps.get_app_configs(), key=lambda each: each.name):
        models = list(config.get_models()) if config.name.startswith(_OURS) else []
        if models:
            lines += ["", f"## {config.label}"]
        for model in models:
            lines += _table(model)
    return "\n".join([*lines, ""])


def _table(model: type[Model]) -> list[str]:
    about = " ".join((model.__doc__ or "").split())
    rows = [_column(field) for field in (*model._meta.concrete_fields, *model._meta.many_to_many)]
    lines = ["", f"### {model.__name__} (`{model._meta.db_table}`)", "", about, ""]
    lines += ["| column | type | empty | meaning |", "|---|---|---|---|", *rows]
    names = [constraint.name for constraint in model._meta.constraints]
    if names:
        lines += ["", "Constraints: " + ", ".join(f"`{name}`" for name in names)]
    return lines


def _column(field: "Field[Any, Any]") -> str:
    empty = "yes" if field.null else ""
    cells = (f"`{field.name}`", _kind(field), empty, _meaning(field))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _kind(field: "Field[Any, Any]") -> str:
    if field.related_model and isinstance(field.related_model, type):
        arrow = "⇉" if field.many_to_many else "→"
        return f"{arrow} {field.related_model._meta.label}"
    length = getattr(field, "max_length", None)
    return type(field).__name__.removesuffix("Field") + (f"({length})" if length else "")


def _meaning(field: "Field[Any, Any]") -> str:
    choices: Iterable[Any] = field.choices or ()
    values = ", ".join(str(value) for value, _ in choices)
    said = str(field.help_text)
    return f"{said} ({values})".strip() if values else said


def _write(arguments: argparse.Namespace) -> int:
    files.write_atomically(Path(arguments.into), as_markdown().encode())
    print(f"書きました: {arguments.into}")
    return 0
