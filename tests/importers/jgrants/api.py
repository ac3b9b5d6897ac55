"""A portal on this machine that answers in the shapes of the real one, and misbehaves when told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from tests.foundation.misbehaving import misbehaving_server

LIST = "/exp/v1/public/subsidies"
KEY = "a0W000000000000001"


def a_row(key: str = KEY, **changes) -> dict:
    """A row of the list as the API gives it; everything invented."""
    row = {
        "id": key,
        "name": "S-00000001",
        "title": "みなと県設備更新補助金",
        "target_area_search": "鳥取県",
        "subsidy_max_limit": 3000000,
        "acceptance_start_datetime": "2025-04-01T00:00:00.000Z",
        "acceptance_end_datetime": "2025-06-30T08:00:00.000Z",
        "target_number_of_employees": "20名以下",
    }
    return row | changes


def a_detail(key: str = KEY, **changes) -> dict:
    """The detail of the same, with HTML and an attachment in base64."""
    more = {
        "subsidy_catch_phrase": "古い設備を新しくする費用の一部を補助します。",
        "detail": "<p>■補助率</p><p>補助対象経費の<b>2/3</b>以内</p><script>alert(1)</script>",
        "use_purpose": "設備整備・IT導入をしたい / 新たな事業を行いたい",
        "industry": "製造業 / 卸売業、小売業",
        "target_area_detail": None,
        "subsidy_rate": "2/3以内",
        "project_end_deadline": "2026-02-28T14:59:00.000Z",
        "front_subsidy_detail_page_url": f"https://www.jgrants-portal.go.jp/subsidy/{key}",
        "application_guidelines": [{"name": "公募要領.pdf", "data": "JVBERi0="}],
        "outline_of_grant": [],
        "application_form": [{"name": "様式.docx", "data": "UEsDBA=="}],
    }
    return a_row(key) | more | changes


def said(*results: object) -> tuple[int, bytes]:
    """An answer in the envelope of the API."""
    body = {"metadata": {"type": "x", "resultset": {"count": len(results)}}, "result": list(results)}
    return 200, json.dumps(body, ensure_ascii=False).encode()


def detail_path(version: int, key: str = KEY) -> str:
    return f"/exp/v{version}/public/subsidies/id/{key}"


@contextmanager
def portal() -> Iterator:
    """The portal while the block lasts; `answers` by path without the query."""
    with misbehaving_server() as server:
        yield server


def asked(server) -> list[tuple[str, dict[str, str]]]:
    """What the portal was asked: path and query."""
    parts = [urlsplit(each) for each in server.asked]
    return [(part.path, {key: values[0] for key, values in parse_qs(part.query).items()}) for part in parts]
