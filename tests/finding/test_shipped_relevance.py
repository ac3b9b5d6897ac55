"""The shipped pack answers the questions graded for it."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import override_settings

from madoguchi.finding import indexing
from madoguchi.finding.relevance import Report, measure, read_questions
from madoguchi.packs.check import check
from madoguchi.packs.load import load
from madoguchi.search.evaluation import Graded

PACK = Path(__file__).parents[2] / "packs" / "aomori"
ON = date(2023, 11, 1)
LEAST_NDCG_AT_10 = 0.85
LEAST_RECALL_AT_20 = 0.85


def too_low(report: Report) -> list[str]:
    """Every figure that is below its floor."""
    quality = report.quality
    figures = {
        f"nDCG@10 is {quality.ndcg_at_10:.3f}": quality.ndcg_at_10 < LEAST_NDCG_AT_10,
        f"recall@20 is {quality.recall_at_20:.3f}": quality.recall_at_20 < LEAST_RECALL_AT_20,
        f"{quality.zero_hit_rate:.1%} of the questions find nothing": quality.zero_hit_rate > 0,
    }
    return [sentence for sentence, is_low in figures.items() if is_low]


@pytest.fixture(scope="module")
def questions() -> list[Graded]:
    return read_questions(PACK / "relevance.yaml")


@pytest.fixture(scope="module")
def report(questions, django_db_setup, django_db_blocker, tmp_path_factory) -> Report:
    """The questions asked of the real pack on 1 November 2023; nothing stays."""
    index = tmp_path_factory.mktemp("shipped")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(INDEX_DIR=index, TODAY=ON),
    ):
        load(check(PACK), at=datetime(2023, 11, 1, 9, tzinfo=ZoneInfo("Asia/Tokyo")))
        indexing.follow()
        measured = measure(questions, on=ON)
        transaction.set_rollback(True)
    return measured


def test_the_shipped_questions_find_their_answers(report):
    assert len(report.questions) > 150
    assert too_low(report) == []


def test_a_search_that_finds_nothing_is_too_low(tmp_path, questions, settings, db):
    settings.INDEX_DIR = tmp_path / "empty"
    assert len(too_low(measure(questions[:5], on=ON))) == 3
