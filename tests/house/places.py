"""Where the code lies that the house rules are about."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "madoguchi"


def python_files(*, below: Path = PACKAGE) -> Iterator[Path]:
    """Every module we wrote by hand: migrations are generated."""
    return (path for path in sorted(below.rglob("*.py")) if "migrations" not in path.parts)


def templates() -> dict[str, Path]:
    """Every template by the name it is asked for."""
    return {
        path.relative_to(folder).as_posix(): path
        for folder in sorted(PACKAGE.rglob("templates"))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def shown(path: Path) -> str:
    """A path as the messages name it."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
