"""Asking the API: one question a second, again after a fault, and never more than a bounded answer.

Only the host of the settings is asked. There is no "everything": the list wants a keyword, and a
union of broad ones stands for it; the nation and the prefecture are different questions.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from madoguchi.foundation.outside import OutsideError, get

KEYWORDS = ("補助金", "事業", "支援", "助成", "公募", "経営", "地域")
EVERYWHERE = "全国"
_LIST = "exp/v1/public/subsidies"
_DETAILS = ("exp/v2/public/subsidies/id", "exp/v1/public/subsidies/id")
_TRIES = 3
# A list of hundreds of rows; a detail with its attachments in base64.
_MOST_LIST, _MOST_DETAIL = 20_000_000, 80_000_000
# Answers that asking again does not change; v2 gives 410 for what v1 still has.
_FINAL = frozenset({400, 401, 404, 405, 406, 410, 415, 501})


class ApiFault(Exception):
    """The API gave no usable answer, after all tries."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Take what happened and the status of the answer if there was one."""
        super().__init__(message)
        self.status = status


@dataclass
class Client:
    """One conversation with the API. `sleep` is given by tests, which do not wait."""

    base: str
    spacing: float = 1.0
    seconds: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    _has_asked: bool = False

    def rows(self, keyword: str, *, area: str, accepting_only: bool) -> list[object]:
        """The rows of the list for a keyword (2 to 255 characters) and an area. Raises ApiFault."""
        query = {
            "keyword": keyword,
            "sort": "created_date",
            "order": "DESC",
            "acceptance": "1" if accepting_only else "0",
            "target_area_search": area,
        }
        return self._results(_LIST, query, most_bytes=_MOST_LIST)

    def detail(self, key: str) -> object:
        """The detail of one id, of v2 or, where v2 does not have it, of v1. Raises ApiFault."""
        fault: ApiFault | None = None
        for path in _DETAILS:
            try:
                results = self._results(f"{path}/{key}", {}, most_bytes=_MOST_DETAIL)
            except ApiFault as error:
                fault = error
                continue
            if results:
                return results[0]
        raise fault or ApiFault("an empty answer")

    def _results(self, path: str, query: Mapping[str, str], *, most_bytes: int) -> list[object]:
        for attempt in range(_TRIES):
            if self._has_asked:
                self.sleep(self.spacing * 2**attempt)
            self._has_asked = True
            try:
                answer = get(self.base, path, query=query, seconds=self.seconds, most_bytes=most_bytes)
                return _parsed(answer.body)
            except OutsideError as error:
                fault = ApiFault(str(error), status=error.status)
                if error.status in _FINAL:
                    break
            except ValueError as error:
                fault = ApiFault(f"no JSON of the known shape: {type(error).__name__}")
        raise fault


def _parsed(body: bytes) -> list[object]:
    """The `result` of an answer. Raises ValueError, also for JSON that was cut off."""
    data: Any = json.loads(body)
    results = data.get("result") if isinstance(data, dict) else None
    if not isinstance(results, list):
        raise ValueError("no result")
    return results


@dataclass
class Gathered:
    """What the questions brought, each id once; `faults` are the questions that stayed without an answer."""

    rows: dict[str, object] = field(default_factory=dict)
    odd: list[object] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def gather(
    client: Client, *, keywords: Iterable[str], areas: Iterable[str], accepting_only: bool
) -> Gathered:
    """The union of the lists of every keyword in every area; one that fails does not stop the rest."""
    found = Gathered()
    areas = tuple(areas)
    for keyword in keywords:
        for area in areas:
            try:
                rows = client.rows(keyword, area=area, accepting_only=accepting_only)
            except ApiFault as fault:
                found.faults.append(f"{keyword}・{area}: {fault}")
                continue
            for row in rows:
                key = row.get("id") if isinstance(row, dict) else None
                if isinstance(key, str):
                    found.rows.setdefault(key, row)
                else:
                    found.odd.append(row)
    return found
