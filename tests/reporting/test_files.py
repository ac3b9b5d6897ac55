"""The files of a report are made once for each content and kept."""

import threading
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest

from madoguchi.reporting.annual import files
from madoguchi.reporting.annual.render import Kind
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.reporting.look import Look

REPORT = AnnualReport(2023, "報告", "条例", "第10条", "県", ())
DAY = date(2024, 9, 1)


@pytest.fixture(autouse=True)
def _in_a_place_of_its_own(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def made(monkeypatch):
    """What was made, in its order; making takes a moment."""
    calls = []

    def render(report, kind, *, on, look):
        calls.append((report.title, kind, look))
        time.sleep(0.05)
        return f"{report.title} {kind}".encode()

    monkeypatch.setattr(files, "render", render)
    return calls


def _ask_at_once():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(files.kept(REPORT, Kind.XLSX, on=DAY))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_file_is_made_once_and_kept(made):
    first = files.kept(REPORT, Kind.PDF, on=DAY)
    again = files.kept(REPORT, Kind.PDF, on=date(2024, 10, 1))
    assert first == again
    assert len(made) == 1


def test_another_content_kind_or_look_is_made_anew(made):
    digests = {
        files.kept(REPORT, Kind.PDF, on=DAY).digest,
        files.kept(replace(REPORT, title="報告（訂正）"), Kind.PDF, on=DAY).digest,
        files.kept(REPORT, Kind.DOCX, on=DAY).digest,
        files.kept(REPORT, Kind.PDF, on=DAY, look=Look(key="#123456")).digest,
    }
    assert len(digests) == len(made) == 4


def test_what_an_earlier_content_was_made_into_is_removed(made, settings):
    files.kept(REPORT, Kind.PDF, on=DAY)
    files.kept(replace(REPORT, fiscal_year=2022), Kind.PDF, on=DAY)
    new = files.kept(replace(REPORT, title="訂正"), Kind.PDF, on=DAY)
    names = sorted(path.name for path in (settings.DATA_DIR / "reports").glob("*.pdf"))
    assert names[-1] == f"2023-{new.digest[:20]}.pdf"
    assert [name[:4] for name in names] == ["2022", "2023"]


def test_who_asks_at_the_same_time_waits_for_the_same_file(made):
    found = _ask_at_once()
    assert len(made) == 1
    assert len({each.content for each in found}) == 1


def test_without_waiting_it_would_be_made_by_each(made, monkeypatch):
    monkeypatch.setattr(files, "_alone", lambda _folder, _kind: nullcontext())
    _ask_at_once()
    assert len(made) > 1


def test_a_file_that_could_not_be_made_leaves_nothing_behind(monkeypatch, settings):
    def fails(report, kind, *, on, look):
        raise ValueError("no typeface")

    monkeypatch.setattr(files, "render", fails)
    with pytest.raises(ValueError, match="typeface"):
        files.kept(REPORT, Kind.PDF, on=DAY)
    assert list((settings.DATA_DIR / "reports").glob("*.pdf")) == []
