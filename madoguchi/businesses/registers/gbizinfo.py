"""gBizINFO (経済産業省), REST API v2: capital, employees, founding and more; needs a token."""

import json
from dataclasses import dataclass
from typing import Any

from madoguchi.foundation import outside


@dataclass(frozen=True, slots=True)
class Company:
    """What gBizINFO says of one corporation, as it says it: texts are not read yet."""

    number: str
    name: str
    kana: str
    postal_code: str
    location: str
    closed_on: str
    representative: str
    capital_yen: str
    employees: str
    founded_on: str
    founded_year: str
    url: str
    industries: tuple[str, ...]


def ask(base: str, token: str, number: str, *, seconds: float) -> Company | None:
    """Ask for a number; None when gBizINFO has nobody of it.

    Raises outside.OutsideError also for an answer that cannot be read.
    """
    headers = {"X-hojinInfo-api-token": token, "Accept": "application/json"}
    try:
        answer = outside.get(base, f"v2/hojin/{number}", headers=headers, seconds=seconds)
        rows = json.loads(answer.body).get("hojin-infos") or []
    except outside.OutsideError as error:
        if error.status == 404:
            return None
        raise
    except (ValueError, AttributeError, RecursionError) as error:
        raise outside.OutsideError(f"The answer cannot be read: {error}") from error
    found = [row for row in rows if isinstance(row, dict) and row.get("corporate_number") == number]
    return _company(found[0]) if found else None


def _company(row: dict[str, Any]) -> Company:
    def text(key: str) -> str:
        value = row.get(key)
        return "" if value is None or isinstance(value, dict | list) else str(value).strip()

    codes = row.get("industry")
    return Company(
        number=text("corporate_number"),
        name=text("name"),
        kana=text("kana"),
        postal_code=text("postal_code"),
        location=text("location"),
        closed_on=text("close_date"),
        representative=text("representative_name"),
        capital_yen=text("capital_stock"),
        employees=text("employee_number"),
        founded_on=text("date_of_establishment"),
        founded_year=text("founding_year"),
        url=text("company_url"),
        industries=tuple(str(code) for code in codes) if isinstance(codes, list) else (),
    )
