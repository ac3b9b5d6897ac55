"""What people searched for is forgotten again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from madoguchi.foundation import worker
from madoguchi.usage import operations
from madoguchi.usage.models import DailyCount, SearchCount
from madoguchi.usage.operations import forget_old

TODAY = date(2026, 11, 20)
LATELY = TODAY - timedelta(days=30)
BEFORE = LATELY - timedelta(days=1)


def searched(query, count, day=TODAY, **fields):
    SearchCount.objects.create(day=day, query=query, count=count, results="some", **fields)


def remembered():
    return sorted(SearchCount.objects.values_list("query", "day", "count"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "oldest"),
    [
        (date(2026, 11, 20), date(2025, 10, 20)),
        (date(2027, 1, 1), date(2025, 12, 1)),
        (date(2027, 3, 31), date(2026, 2, 28)),
    ],
)
def test_searches_are_kept_for_thirteen_months(on, oldest):
    searched("補助金", 9, day=oldest)
    searched("補助金", 9, day=oldest - timedelta(days=1))
    assert forget_old(on=on) == 1
    assert remembered() == [("補助金", oldest, 9)]


@pytest.mark.django_db
def test_what_hardly_anyone_asked_for_is_forgotten_after_thirty_days():
    searched("山田 花子", 2, day=BEFORE)
    searched("山田 太郎", 2, day=LATELY)
    assert forget_old(on=TODAY) == 1
    assert remembered() == [("山田 太郎", LATELY, 2)]


@pytest.mark.django_db
def test_what_was_asked_three_times_in_all_is_kept():
    searched("補助金", 1, day=BEFORE)
    searched("補助金", 1, day=BEFORE, area="22100")
    searched("補助金", 1)
    assert forget_old(on=TODAY) == 0
    assert len(remembered()) == 3


@pytest.mark.django_db
def test_a_rare_text_that_is_asked_for_again_starts_anew():
    searched("山田 花子", 1, day=BEFORE)
    searched("山田 花子", 1, day=TODAY)
    assert forget_old(on=TODAY) == 1
    assert remembered() == [("山田 花子", TODAY, 1)]


@pytest.mark.django_db
def test_without_the_least_number_rare_texts_would_be_kept(monkeypatch):
    monkeypatch.setattr(operations, "RARE_BELOW", 0)
    searched("山田 花子", 1, day=BEFORE)
    assert forget_old(on=TODAY) == 0


@pytest.mark.django_db
def test_forgetting_twice_changes_nothing_and_page_views_stay():
    DailyCount.objects.create(day=date(2020, 4, 1), kind="programme", key="a", count=1)
    searched("山田 花子", 1, day=BEFORE)
    assert [forget_old(on=TODAY), forget_old(on=TODAY)] == [1, 0]
    assert DailyCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_may_forget_at_once():
    for number in range(20):
        searched(f"山田 {number}", 1, day=BEFORE)

    def forget(_):
        try:
            return forget_old(on=TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(forget, range(2))) == 20
    assert remembered() == []


@pytest.mark.django_db
def test_every_worker_forgets_once_a_day(settings):
    settings.TODAY = TODAY
    searched("山田 花子", 1, day=BEFORE)
    step = worker._registered["old searches"]
    assert step.every_seconds == 24 * 60 * 60
    step.run()
    assert remembered() == []
