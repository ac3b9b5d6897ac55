"""One question to all registers that are configured: each field with the register that said it.

The agency's own list goes first, without it its Web-API; gBizINFO adds what the agency does not publish, and
stands in when the agency does not answer. Without any register everything else works as well.
"""

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.businesses import fields
from madoguchi.businesses.choices import EmployeesCounted, Source
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.registers import dump, gbizinfo, nta
from madoguchi.businesses.registers.gbizinfo import Company
from madoguchi.businesses.registers.nta import Corporation
from madoguchi.foundation.outside import OutsideError
from madoguchi.japan import addresses, company_names, corporate_number

logger = logging.getLogger(__name__)

_NO_AGENCY = _("法人番号公表サイトから、いま答えがありません。")
_NO_GBIZINFO = _("gBizINFO から、いま答えがありません。")
# Somebody waits for the page: better without the register than with a spinner.
SECONDS = 3.0
# A register that hangs shall not hold every worker of the site.
_AT_ONCE = threading.BoundedSemaphore(2)
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Said:
    """The value of a field in our form, and the register that said it."""

    value: Any
    source: Source


@dataclass(frozen=True)
class Entry:
    """What the registers say of one corporate number."""

    number: str
    said: Mapping[str, Said]
    representative: str = ""
    closed_on: str = ""
    successor: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The values by the name of the field of a business."""
        return {name: said.value for name, said in self.said.items()}

    @property
    def sources(self) -> dict[str, Source]:
        """Who said each field."""
        return {name: said.source for name, said in self.said.items()}


@dataclass(frozen=True)
class Looked:
    """The outcome: an entry, or nobody of this number, or no answer; `troubles` says who did not answer."""

    entry: Entry | None = None
    is_answered: bool = False
    troubles: tuple[str | Promise, ...] = field(default_factory=tuple)


def is_configured() -> bool:
    """Whether any register can be asked."""
    return dump.is_there() or bool(settings.NTA_APPLICATION_ID or settings.GBIZINFO_TOKEN)


def look_up_typed(text: str) -> Looked:
    """Ask for a number as somebody typed it. Raises ValueError with a sentence when it is none."""
    return look_up(corporate_number.normalise(text))


def look_up(number: str) -> Looked:
    """Ask for a valid corporate number. Never raises because of a register."""
    troubles: list[str | Promise] = []
    corporation, agency_answered = _ask(_agency(), number, _NO_AGENCY, troubles)
    company, gbizinfo_answered = _ask(_gbizinfo(), number, _NO_GBIZINFO, troubles)
    said: dict[str, Said] = {}
    if corporation is not None:
        _add(said, _of_agency(corporation), Source.NTA)
    if company is not None:
        _add(said, _of_gbizinfo(company), Source.GBIZINFO)
    is_answered = agency_answered or gbizinfo_answered
    if "name" not in said:
        return Looked(is_answered=is_answered, troubles=tuple(troubles))
    said["corporate_number"] = Said(number, said["name"].source)
    entry = Entry(
        number,
        said,
        representative=company.representative if company else "",
        closed_on=(corporation.closed_on if corporation else "") or (company.closed_on if company else ""),
        successor=corporation.successor if corporation else "",
    )
    return Looked(entry, is_answered=True, troubles=tuple(troubles))


Answer = TypeVar("Answer")


def _agency() -> Callable[[str], Corporation | None] | None:
    if dump.is_there():
        return dump.find
    if not settings.NTA_APPLICATION_ID:
        return None
    base, application_id = settings.NTA_API_URL, settings.NTA_APPLICATION_ID
    return lambda number: nta.ask(base, application_id, number, seconds=SECONDS)


def _gbizinfo() -> Callable[[str], Company | None] | None:
    if not settings.GBIZINFO_TOKEN:
        return None
    base, token = settings.GBIZINFO_URL, settings.GBIZINFO_TOKEN
    return lambda number: gbizinfo.ask(base, token, number, seconds=SECONDS)


def _ask(
    question: Callable[[str], Answer | None] | None,
    number: str,
    trouble: str | Promise,
    troubles: list[str | Promise],
) -> tuple[Answer | None, bool]:
    """The answer of one register and whether it gave one; what went wrong is noted, never raised."""
    if question is None:
        return None, False
    if not _AT_ONCE.acquire(blocking=False):
        troubles.append(_("台帳への問い合わせが混み合っています。少したってから、もう一度お試しください。"))
        return None, False
    try:
        return question(number), True
    except (OutsideError, sqlite3.Error) as error:
        logger.warning("A register did not answer: %s", error)
        troubles.append(trouble)
        return None, False
    finally:
        _AT_ONCE.release()


def _add(said: dict[str, Said], raw: Mapping[str, Any], source: Source) -> None:
    """Add what a register says, in our form, unless another one said it; what cannot be read is left out."""
    for name, value in raw.items():
        if name in said or value in ("", None):
            continue
        try:
            read = fields.clean({name: value})[name]
        except FieldsInvalid:
            continue
        if read not in ("", None):
            said[name] = Said(read, source)


def _of_agency(corporation: Corporation) -> dict[str, Any]:
    town, street = addresses.town_and_number(corporation.street_line)
    return {
        "name": corporation.name,
        "kana": corporation.kana,
        "legal_form": corporation.legal_form,
        "postal_code": corporation.postal_code,
        "area_code": corporation.area_code,
        "town": town,
        "street": street,
    }


def _of_gbizinfo(company: Company) -> dict[str, Any]:
    place = addresses.split(company.location)
    told: dict[str, Any] = {
        "name": company.name,
        "kana": company.kana,
        "legal_form": company_names.legal_form_of(company.name),
        "postal_code": company.postal_code,
        "area_code": place.area_code,
        "town": place.town,
        "street": place.street,
        "url": company.url,
        "industry": next((code for code in company.industries if _is_industry(code)), ""),
        "capital_yen": company.capital_yen,
        "employees": company.employees,
        "founded_on": _founded(company),
    }
    if company.employees:
        told["employees_counted"] = EmployeesCounted.REGISTER
    return told


def _founded(company: Company) -> str:
    if found := _EIGHT_DIGITS.fullmatch(company.founded_on):
        return "-".join(found.groups())
    return company.founded_on or company.founded_year


def _is_industry(code: str) -> bool:
    try:
        return bool(fields.clean({"industry": code})["industry"])
    except FieldsInvalid:
        return False
