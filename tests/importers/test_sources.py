"""The documents themselves, where someone has them: `MADOGUCHI_SOURCES=DIR` names the folder."""

import os
from pathlib import Path

import pytest

from madoguchi.importers.annual_report.layout import choose, general
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.reading import read
from madoguchi.importers.guidebook.reading import read_guidebook
from tests.house.places import ROOT

_PLACE = os.environ.get("MADOGUCHI_SOURCES", "")
pytestmark = pytest.mark.skipif(not _PLACE, reason="the documents are not part of the repository")


def source(number: str) -> Path:
    return next(Path(_PLACE).glob(f"{number}_*.txt"))


@pytest.mark.parametrize("with_layout", [True, False])
def test_all_rows_sums_and_indicators_of_the_report_are_found(with_layout):
    document = read(source("001"))
    layouts = sorted((ROOT / "packs").glob("*/layouts/*.yaml")) if with_layout else []
    layout = choose(document, layouts)
    assert (layout.title != general().title) is with_layout
    draft = read_report(document, layout)
    assert [(policy.mark, len(policy.programmes)) for policy in draft.policies] == [
        ("①", 37),
        ("②", 28),
        ("③", 6),
        ("④", 16),
        ("⑤", 9),
        ("⑥⑦", 12),
        ("⑧", 11),
    ]
    assert all(policy.stated_yen.value == policy.computed_yen for policy in draft.policies)
    rows = [row for policy in draft.policies for row in policy.programmes]
    assert all(row.page for row in rows)
    assert sum(len(row.indicators) for row in rows) == 339


@pytest.mark.parametrize(("number", "count"), [("000", 25), ("002", 21)])
def test_all_entries_of_the_guidebooks_are_found(number, count):
    draft = read_guidebook(read(source(number)))
    assert [entry.number for entry in draft.entries] == list(range(1, count + 1))
    assert all(entry.contacts and entry.summary for entry in draft.entries)
