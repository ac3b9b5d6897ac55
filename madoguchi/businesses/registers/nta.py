"""The National Tax Agency's corporate numbers (法人番号公表サイト): rows of 30 columns, by file or Web-API.

The columns are those of the agency's resource definition (リソース定義書), the same in the files for download
(全件・差分データ) and in the answers of the Web-API.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.foundation import outside
from madoguchi.japan import areas, company_names, contact

COLUMNS = (
    "sequenceNumber",
    "corporateNumber",
    "process",
    "correct",
    "updateDate",
    "changeDate",
    "name",
    "nameImageId",
    "kind",
    "prefectureName",
    "cityName",
    "streetNumber",
    "addressImageId",
    "prefectureCode",
    "cityCode",
    "postCode",
    "addressOutside",
    "addressOutsideImageId",
    "closeDate",
    "closeCause",
    "successorCorporateNumber",
    "changeCause",
    "assignmentDate",
    "latest",
    "enName",
    "enPrefectureName",
    "enCityName",
    "enAddressOutside",
    "furigana",
    "hihyoji",
)
_AT = {name: index for index, name in enumerate(COLUMNS)}
DELETED = "99"
# 国の機関, 地方公共団体: no businesses, but their numbers can be typed.
_KINDS = {"301": "kabushiki", "302": "tokurei_yugen", "303": "gomei", "304": "goshi", "305": "godo"}


@dataclass(frozen=True, slots=True)
class Corporation:
    """What the agency publishes of one corporation (基本3情報), in our forms."""

    number: str
    name: str
    kana: str
    kind: str
    area_code: str
    street_line: str
    postal_code: str
    closed_on: str
    close_cause: str
    successor: str
    updated_on: str

    @property
    def legal_form(self) -> str:
        """The code of its form, by the kind, else by the name; empty when neither says it."""
        return _KINDS.get(self.kind) or company_names.legal_form_of(self.name)


def corporation_of(row: Sequence[str]) -> Corporation:
    """Read a row of the 30 columns. Raises ValueError when it has another number of them."""
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)} 列ではなく {len(row)} 列あります。")
    return Corporation(
        number=row[_AT["corporateNumber"]],
        name=row[_AT["name"]],
        kana=row[_AT["furigana"]],
        kind=row[_AT["kind"]],
        area_code=_area(row[_AT["prefectureCode"]] + row[_AT["cityCode"]]),
        street_line=row[_AT["streetNumber"]],
        postal_code=_postal_code(row[_AT["postCode"]]),
        closed_on=row[_AT["closeDate"]],
        close_cause=row[_AT["closeCause"]],
        successor=row[_AT["successorCorporateNumber"]],
        updated_on=row[_AT["updateDate"]],
    )


def is_newest(row: Sequence[str]) -> bool:
    """Whether a row says how the corporation stands now, not how it stood."""
    return row[_AT["latest"]] != "0"


def is_deleted(row: Sequence[str]) -> bool:
    """Whether a row takes a number back (削除): the agency had given it by mistake."""
    return row[_AT["process"]] == DELETED


def ask(base: str, application_id: str, number: str, *, seconds: float) -> Corporation | None:
    """Ask the Web-API for a number; None when nobody bears it.

    Raises outside.OutsideError also for an answer that cannot be read.
    """
    query = {"id": application_id, "number": number, "type": "02", "history": "0"}
    answer = outside.get(base, "num", query=query, seconds=seconds)
    try:
        # The first line tells of the answer itself: date, count, parts.
        _, *rows = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))
        found = [row for row in rows if row and is_newest(row) and not is_deleted(row)]
        return corporation_of(found[0]) if found else None
    except (ValueError, IndexError, csv.Error) as error:
        raise outside.OutsideError(f"The answer cannot be read: {error}") from error


# A national list asks for the same two thousand areas and a hundred thousand codes five million times.
@lru_cache(maxsize=4_000)
def _area(five_digits: str) -> str:
    try:
        return areas.get(five_digits).code
    except ValueError:
        return ""  # abroad, or a municipality that is no more


@lru_cache(maxsize=200_000)
def _postal_code(digits: str) -> str:
    try:
        return contact.normalise_postal_code(digits)
    except ValueError:
        return ""
