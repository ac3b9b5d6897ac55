"""Rows and answers in the shape that the registers document, of companies that do not exist."""

import csv
import io
import json

from madoguchi.businesses.registers.nta import COLUMNS
from madoguchi.japan import corporate_number


def a_number(base: int) -> str:
    """A well-formed corporate number for a base number."""
    digits = f"{base:012}"
    return f"{corporate_number.check_digit(digits)}{digits}"


NUMBER = a_number(10001000001)


def a_row(number: str = NUMBER, **changes: str) -> list[str]:
    """A row of the agency's 30 columns."""
    given = {
        "sequenceNumber": "1",
        "corporateNumber": number,
        "process": "01",
        "correct": "0",
        "updateDate": "2026-04-01",
        "changeDate": "2026-03-25",
        "name": "株式会社みほん商店",
        "kind": "301",
        "prefectureName": "東京都",
        "cityName": "千代田区",
        "streetNumber": "霞が関三丁目１番１号",
        "prefectureCode": "13",
        "cityCode": "101",
        "postCode": "1000013",
        "assignmentDate": "2015-10-05",
        "latest": "1",
        "furigana": "ミホンショウテン",
        "hihyoji": "0",
    }
    return [(given | changes).get(name, "") for name in COLUMNS]


def as_csv(*rows: list[str], head: list[str] | None = None) -> str:
    """The rows as the agency writes them: every field in quotes."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [*([head] if head else []), *rows]
    )
    return written.getvalue()


def web_api_answer(*rows: list[str]) -> bytes:
    """An answer of the agency's Web-API (type 02)."""
    return as_csv(*rows, head=["2026-11-27", str(len(rows)), "1", "1"]).encode()


def gbizinfo_answer(number: str = NUMBER, **changes: object) -> bytes:
    """An answer of gBizINFO's GET /v2/hojin/{corporate_number}."""
    given: dict[str, object] = {
        "corporate_number": number,
        "name": "株式会社みほん商店",
        "kana": "ミホンショウテン",
        "postal_code": "1000013",
        "location": "東京都千代田区霞が関３丁目１番１号",
        "status": "-",
        "representative_name": "見本 太郎",
        "capital_stock": 10000000,
        "employee_number": "12",
        "date_of_establishment": "20050401",
        "company_url": "https://www.example.jp/",
        "industry": ["58"],
        "certification": [],
        "finance": None,
    }
    return json.dumps({"hojin-infos": [given | changes], "id": "1", "message": "200 - OK."}).encode()
