"""A record of the portal: what its fields state, what its text adds, and where the two differ."""

from fractions import Fraction

import pytest

from madoguchi.importers.documents.found import LIKELY, SURE, UNSURE
from madoguchi.importers.jgrants import reading, records
from madoguchi.importers.jgrants.records import OddRecord
from tests.importers.jgrants.api import KEY, a_detail, a_row


def read(**changes):
    return reading.read(records.clean(a_detail(**changes)))


def test_fields_are_read_with_utc_turned_into_japan_time():
    draft = read()
    assert draft.cap_yen.value == 3_000_000
    assert draft.cap_yen.confidence == SURE
    assert draft.share.value.high == Fraction(2, 3)
    assert draft.staff.value.at_most == 20
    assert draft.areas.value == ("310000",)
    [period] = draft.periods
    assert period.value.opens_at.isoformat() == "2025-04-01T09:00:00+09:00"
    assert period.value.closes_at.isoformat() == "2025-06-30T17:00:00+09:00"


def test_lists_are_parted_and_html_becomes_lines_of_text():
    draft = read()
    assert draft.uses == ("設備整備・IT導入をしたい", "新たな事業を行いたい")
    assert draft.industries == ("製造業", "卸売業、小売業")
    assert draft.text == ("■補助率", "補助対象経費の2/3以内")
    assert draft.attachments == ("公募要領.pdf", "様式.docx")


def test_the_same_record_gives_an_equal_draft():
    assert read() == read()


def test_a_text_that_differs_lowers_the_confidence_and_says_so():
    draft = read(detail="<p>補助上限額は500万円です。</p><p>補助率：1/2</p>")
    assert (draft.cap_yen.value, draft.cap_yen.confidence) == (3_000_000, LIKELY)
    assert "500万円" in draft.cap_yen.reason
    assert (draft.share.value.high, draft.share.confidence) == (Fraction(2, 3), UNSURE)
    assert "1/2" in draft.share.reason


@pytest.mark.parametrize("nothing", [0, None, 9999999999, "x", -1, True])
def test_a_cap_that_says_nothing_comes_from_the_text(nothing):
    draft = read(subsidy_max_limit=nothing, detail="<p>上限額 200万円</p>")
    assert (draft.cap_yen.value, draft.cap_yen.confidence) == (2_000_000, LIKELY)


def test_rounds_of_v2_are_periods_of_their_own():
    rounds = [
        {"acceptance_start_datetime": "2025-04-01T00:00Z", "acceptance_end_datetime": "2025-05-01T08:00Z"},
        {"acceptance_start_datetime": "2025-06-01T00:00Z", "acceptance_end_datetime": "2025-07-01T08:00Z"},
    ]
    draft = read(workflow=rounds, acceptance_start_datetime=None, acceptance_end_datetime=None)
    assert [period.value.closes_at.month for period in draft.periods] == [5, 7]


def test_an_end_at_23_59_is_the_end_of_the_day():
    [period] = read(acceptance_end_datetime="2025-06-30T14:59:00.000Z").periods
    assert period.value.closes_at.isoformat() == "2025-07-01T00:00:00+09:00"


def test_a_period_that_ends_before_it_begins_keeps_its_end_unsurely():
    [period] = read(acceptance_start_datetime="2026-01-01T00:00Z").periods
    assert period.value.opens_at is None
    assert period.confidence == UNSURE


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ([], "オブジェクト"),
        ({}, "id"),
        ({"id": "../x", "title": "t"}, "id"),
        ({"id": KEY}, "title"),
        (None, "オブ"),
    ],
)
def test_a_record_that_cannot_be_used_says_why(raw, word):
    with pytest.raises(OddRecord, match=word):
        records.clean(raw)


def test_wrong_types_and_endless_texts_are_survived():
    raw = a_detail(
        use_purpose=["a", 3], industry=7, detail="<p>" + "あ" * 5_000, workflow="x", application_form=[4]
    )
    cleaned = records.clean(raw | {"subsidy_rate": {"x": 1}})
    assert cleaned["use_purpose"] == "a"
    assert "industry" not in cleaned
    assert len(cleaned["detail"][0]) == 2_000
    reading.read(cleaned)


def test_a_row_of_a_list_adds_to_what_a_detail_told():
    before = records.clean(a_detail())
    after = records.merged(before, records.clean(a_row(title="新しい名前")))
    assert after["title"] == "新しい名前"
    assert after["detail"] == before["detail"]


def test_only_what_a_field_says_counts_as_stated():
    assert read().stated == {"cap", "period", "staff", "areas"}
    assert "areas" not in read(title="鳥取市設備更新補助金").stated
