"""The fictional pack for tests: copying, changing, loading it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from madoguchi.packs.check import check
from madoguchi.packs.load import load
from madoguchi.packs.sync import Changes

MINATO = Path(__file__).parent / "packs_data" / "minato"
AT = datetime(2025, 6, 10, 3, tzinfo=UTC)


def copied(into: Path, *, with_demo: bool = False) -> Path:
    """A copy of the pack that a test may change; its demonstration names much of it and is left out."""
    left_out = None if with_demo else shutil.ignore_patterns("demo.yaml")
    return Path(shutil.copytree(MINATO, into / "minato", ignore=left_out))


def change(pack: Path, file: str, old: str, new: str) -> None:
    """Replace a text that stands exactly there, once or more."""
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")


def problems(pack: Path) -> list[str]:
    """What `check` says, one sentence each."""
    return [str(problem) for problem in check(pack).problems]


def loaded(pack: Path = MINATO, *, at: datetime = AT) -> Changes:
    """Check and load; what changed."""
    return load(check(pack), at=at)
