"""How a project's name is read, for the index: from the dictionary of the search, as nobody types it in."""

import re
from dataclasses import replace
from functools import lru_cache

from madoguchi.japan.text import fold
from madoguchi.reporting.annual.shape import AnnualReport, Section
from madoguchi.search.analyser import analyse

# Brackets and points have no sound.
_SILENT = re.compile(r"[^ぁ-ゖーa-z0-9]")


@lru_cache(maxsize=2048)
def reading(name: str) -> str:
    """The name in hiragana; what no dictionary knows stays as it is written, small and half-width."""
    return _SILENT.sub("", "".join(token.reading for token in analyse(fold(name))))


def with_readings(report: AnnualReport) -> AnnualReport:
    """The report with a reading on every entry that has none."""
    return replace(report, sections=tuple(_read(section) for section in report.sections))


def _read(section: Section) -> Section:
    entries = tuple(replace(entry, reading=entry.reading or reading(entry.name)) for entry in section.entries)
    return replace(section, entries=entries)
