"""A file of the wrong kind is told apart before it is read as something it is not."""

import pytest

from madoguchi.importers.documents.reading import read, read_bytes
from madoguchi.importers.kinds import DocumentKind, kind_of
from tests.importers.reports import PLACE


@pytest.mark.parametrize("name", ["kaede", "tsubame", "yamabuki", "hinata", "suzukaze"])
def test_reports_are_reports(name):
    assert kind_of(read(PLACE / f"{name}.txt")) is DocumentKind.ANNUAL_REPORT


@pytest.mark.parametrize("name", ["guide", "guide_marks"])
def test_guidebooks_are_guidebooks(name):
    assert kind_of(read(PLACE / f"{name}.txt")) is DocumentKind.GUIDEBOOK


def test_any_other_text_is_neither():
    assert kind_of(read_bytes("a.txt", "むかしむかし、あるところに".encode())) is None
