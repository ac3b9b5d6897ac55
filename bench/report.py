"""python -m bench.report: what the annual report costs as PDF, Word, Excel and CSV, in seconds and memory.

    python -m bench.report [--times 1 --times 5] [--runs 3]

The report is invented: the 119 rows of a whole prefecture, and several times as many. Each file is made in a
process of its own: the first time typefaces and templates are read, the second time they are there and the
cost of one project has been corrected. From the data of the report to the bytes of the file; the queries that
fill it are not in these figures.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from statistics import median

_PLACE = tempfile.TemporaryDirectory(prefix="bench-report-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
os.environ.setdefault("MADOGUCHI_DATA_DIR", _PLACE.name)

import django  # noqa: E402
from pypdf import PdfReader  # noqa: E402

django.setup()

from bench import machine  # noqa: E402
from madoguchi.reporting.annual import as_csv  # noqa: E402
from madoguchi.reporting.annual.as_docx import as_docx  # noqa: E402
from madoguchi.reporting.annual.as_pdf import as_pdf  # noqa: E402
from madoguchi.reporting.annual.as_xlsx import as_xlsx  # noqa: E402
from madoguchi.reporting.annual.shape import AnnualReport  # noqa: E402
from tests.reporting.reports import believable  # noqa: E402

_ON = date(2024, 9, 2)
_MAKERS: dict[str, Callable[[AnnualReport], bytes]] = {
    "pdf": lambda report: as_pdf(report, on=_ON).content,
    "docx": lambda report: as_docx(report, on=_ON),
    "xlsx": lambda report: as_xlsx(report, on=_ON),
    "csv": lambda report: "".join([*as_csv.rows_csv(report), *as_csv.indicators_csv(report)]).encode(),
}
_HEADINGS = ("file", "rows", "pages", "first s", "CPU", "again s", "CPU", "peak MB", "file MB")


def main() -> None:
    """Print the machine and a table, or measure one file (`--single`) and print that as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, action="append", help="how many prefectures (default 1 and 5)")
    parser.add_argument("--runs", type=int, default=3, help="processes per file; the median is shown")
    parser.add_argument("--single", choices=_MAKERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.single:
        print(json.dumps(_measured(options.single, options.times[0])))
        return
    print(machine.describe(["typst", "python-docx", "openpyxl"]))
    rows = [
        _shown(kind, times, [_child(kind, times) for _ in range(options.runs)])
        for times in options.times or (1, 5)
        for kind in _MAKERS
    ]
    print(machine.table(_HEADINGS, rows))


def _measured(kind: str, times: int) -> dict[str, float]:
    whole = believable(times)
    found: dict[str, float] = {"rows": sum(len(section.entries) for section in whole.sections)}
    before = _peak_mb()
    for name, report in (("first", whole), ("again", _corrected(whole))):
        wall, cpu = time.perf_counter(), time.process_time()
        content = _MAKERS[kind](report)
        found[name], found[f"{name}_cpu"] = time.perf_counter() - wall, time.process_time() - cpu
        found.setdefault("peak", _peak_mb())
    found["size"] = len(content) / 1e6
    found["base"] = before
    if kind == "pdf":
        found["pages"] = len(PdfReader(io.BytesIO(content)).pages)
    return found


def _corrected(report: AnnualReport) -> AnnualReport:
    """The report after the first project of the third policy turned out to cost a thousand yen more."""
    section = report.sections[2]
    first = replace(section.entries[0], cost_yen=(section.entries[0].cost_yen or 0) + 1_000)
    section = replace(section, entries=(first, *section.entries[1:]))
    return replace(report, sections=(*report.sections[:2], section, *report.sections[3:]))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _child(kind: str, times: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.report", "--single", kind, "--times", str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _shown(kind: str, times: int, found: list[dict[str, float]]) -> tuple[object, ...]:
    middle = {key: median(one[key] for one in found) for key in found[0]}
    times_taken = (middle["first"], middle["first_cpu"], middle["again"], middle["again_cpu"])
    pages = int(middle["pages"]) if "pages" in middle else None
    return (f"{kind} × {times}", int(middle["rows"]), pages, *times_taken, middle["peak"], middle["size"])


if __name__ == "__main__":
    main()
