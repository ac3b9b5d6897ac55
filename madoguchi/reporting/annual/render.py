"""A report as one of its files. Every way to have a report goes through here."""

import json
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from madoguchi.reporting.annual.as_csv import indicators_csv, rows_csv
from madoguchi.reporting.annual.as_docx import as_docx
from madoguchi.reporting.annual.as_json import as_json
from madoguchi.reporting.annual.as_pdf import as_pdf
from madoguchi.reporting.annual.as_xlsx import as_xlsx
from madoguchi.reporting.annual.readings import with_readings
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.reporting.look import Look


class Kind(StrEnum):
    """What a report can be had as; the value is the end of the file's name."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"
    ROWS = "rows.csv"
    INDICATORS = "indicators.csv"


Maker = Callable[[AnnualReport, date, Look | None], bytes]

_MAKERS: dict[Kind, Maker] = {
    Kind.PDF: lambda report, on, look: as_pdf(with_readings(report), on=on, look=look).content,
    Kind.DOCX: lambda report, on, look: as_docx(with_readings(report), on=on, look=look),
    Kind.XLSX: lambda report, on, _look: as_xlsx(report, on=on),
    Kind.JSON: lambda report, _on, _look: json.dumps(as_json(report), ensure_ascii=False, indent=1).encode(),
    Kind.ROWS: lambda report, _on, _look: "".join(rows_csv(report)).encode(),
    Kind.INDICATORS: lambda report, _on, _look: "".join(indicators_csv(report)).encode(),
}


def render(report: AnnualReport, kind: Kind, *, on: date, look: Look | None = None) -> bytes:
    """The bytes of a file, as made on that day. Raises what the renderers raise."""
    return _MAKERS[kind](report, on, look)
