"""Coverage: every section of every source became a record, and the committed documents say so."""

import pytest

from madoguchi.packs.check import check
from madoguchi.packs.coverage import (
    as_markdown,
    missing,
    oddities_as_markdown,
    records_of,
    rules_as_markdown,
    without_rule,
)
from tests import minato
from tests.house.places import ROOT

AOMORI = ROOT / "packs" / "aomori"


@pytest.fixture(scope="module")
def aomori():
    return check(AOMORI)


def test_no_section_of_the_sources_is_left_without_a_record(aomori):
    assert missing(aomori) == []


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("aomori-coverage.md", as_markdown),
        ("aomori-oddities.md", oddities_as_markdown),
        ("aomori-rules.md", rules_as_markdown),
    ],
)
def test_the_committed_document_is_the_written_one(aomori, file, written):
    assert (ROOT / "docs" / file).read_text(encoding="utf-8") == written(aomori), (
        "write it anew: madoguchi pack coverage aomori"
    )


def test_every_edition_says_who_may_use_it_or_that_the_document_is_silent(aomori):
    assert without_rule(aomori) == []


def test_an_edition_without_a_rule_is_named():
    fictional = check(minato.MINATO)
    assert without_rule(fictional) == [("senmonka-haken", 2025)]
    assert "| 専門家派遣（`senmonka-haken`） | 令和7年度 | **まだ** |" in rules_as_markdown(fictional)


def test_a_section_nobody_took_up_is_named(pack):
    minato.change(pack, "programmes/senmonka-haken.yaml", 'section: "3"', 'section: "2"')
    assert missing(check(pack)) == [("900", "3")]
    assert "| 3 | 60 | 専門家 | 記録 | **なし** |" in as_markdown(check(pack))


def test_records_are_named_by_folder_and_slug():
    named = records_of(check(minato.MINATO))
    assert named["900", "1"] == ["programmes/setsubi-hojo", "topics/equipment"]
    assert named["900", "preface"] == []
    assert named["900", "list"] == [
        "case_studies/m-jirei",
        "introductions/m1",
        "listings/m1",
        "listings/m2",
        "projects/m-hanro",
        "projects/m-setsubi",
    ]


def test_an_oddity_is_written_with_both_readings_and_its_place():
    text = oddities_as_markdown(check(minato.MINATO))
    assert "しおりの本文は100万円、表は200万円と書いています。" in text
    assert "- 出典: 900 の「1」18,22 行" in text
