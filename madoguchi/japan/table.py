"""Read the small tables shipped in `data/`."""

import csv
from importlib import resources


def rows(file_name: str) -> list[dict[str, str]]:
    """Return the rows of one tab-separated table, keyed by its header."""
    text = resources.files("madoguchi.japan.data").joinpath(file_name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
