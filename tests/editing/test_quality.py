"""How much an edition tells is a sum of lines that each say what to write."""

from madoguchi.editing.quality import score
from tests.editing.town import DOCUMENT

FULL = {
    **DOCUMENT,
    "who": "町の店",
    "purposes": ["equipment"],
    "frames": [{"name": "通常", "cap_yen": 300_000}],
    "requirements": [{"text": "町内に店があること"}],
    "steps": [{"title": "申し込む"}],
    "documents": [{"name": "見積書"}],
    "contacts": [{"telephone": "0178-00-0001"}],
    "written_by": {"organisation": "town", "page": "https://example.jp/"},
}


def test_an_edition_that_tells_everything_has_a_hundred():
    assert score(FULL).points == 100
    assert score(FULL).missing == []


def test_each_missing_line_says_what_to_write_the_heaviest_first():
    missing = score({**FULL, "contacts": [], "steps": []}).missing
    assert [line.points for line in missing] == [20, 5]
    assert "電話番号" in missing[0].sentence


def test_days_that_nobody_knows_count_nothing():
    unknown = {"mode": "window", "windows": [{"opens_at": "2026-04-01T00:00"}]}
    assert score({**FULL, "reception": unknown}).points == 80
    assert score({**FULL, "reception": {"mode": "not_stated"}}).points == 80


def test_support_without_money_tells_what_it_costs():
    assert score({**FULL, "frames": [], "free": True}).points == 100
