"""How a project's name is read, for the index: from the dictionary of the search, as nobody types it in."""

import re
from dataclasses import replace
from functools import lru_cache

from madoguchi.japan.kana import spelled
from madoguchi.japan.text import fold
from madoguchi.reporting.annual.shape import AnnualReport, Section
from madoguchi.search.analyser import analyse

# Brackets and points have no sound, though the dictionary reads them きごう.
_SOUNDS = re.compile(r"\w")
_SILENT = re.compile(r"[^ぁ-ゖー0-9]")


@lru_cache(maxsize=2048)
def reading(name: str) -> str:
    """The name in hiragana, Latin letters by their names; kanji that no dictionary knows are left out."""
    tokens = analyse(fold(name))
    return _SILENT.sub("", spelled("".join(each.reading for each in tokens if _SOUNDS.search(each.surface))))


def with_readings(report: AnnualReport) -> AnnualReport:
    """The report with a reading on every entry that has none."""
    return replace(report, sections=tuple(_read(section) for section in report.sections))


def _read(section: Section) -> Section:
    entries = tuple(replace(entry, reading=entry.reading or reading(entry.name)) for entry in section.entries)
    return replace(section, entries=entries)
