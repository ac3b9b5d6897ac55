from datetime import date

import pytest

from madoguchi.usage.models import DailyCount, SearchCount
from madoguchi.usage.queries import (
    MonthTotal,
    SearchTotal,
    frequent_searches,
    views_by_month,
    views_of,
)

pytestmark = pytest.mark.django_db


def viewed(day, count, key="a", kind="programme"):
    DailyCount.objects.create(day=day, kind=kind, key=key, count=count)


def searched(query, count, results="some", day=date(2026, 11, 1)):
    SearchCount.objects.create(day=day, query=query, results=results, count=count)


def test_the_views_of_an_object_include_both_days():
    for day, count in ((9, 1), (10, 2), (11, 4), (12, 8)):
        viewed(date(2026, 11, day), count)
    viewed(date(2026, 11, 10), 16, key="b")
    assert views_of("programme", "a", since=date(2026, 11, 10), until=date(2026, 11, 11)) == 6


def test_an_object_nobody_looked_at_has_no_views():
    assert views_of("programme", "a", since=date(2026, 4, 1), until=date(2027, 3, 31)) == 0


def test_views_are_summed_up_by_month():
    viewed(date(2026, 4, 1), 1)
    viewed(date(2026, 4, 30), 2, key="b")
    viewed(date(2026, 6, 1), 4)
    viewed(date(2026, 6, 1), 8, kind="event")
    assert views_by_month("programme", since=date(2026, 4, 1), until=date(2027, 3, 31)) == [
        MonthTotal(month=date(2026, 4, 1), count=3),
        MonthTotal(month=date(2026, 6, 1), count=4),
    ]
    assert [month.count for month in views_by_month(since=date(2026, 4, 1), until=date(2027, 3, 31))] == [
        3,
        12,
    ]


def frequent(**changes):
    given = {"since": date(2026, 4, 1), "until": date(2027, 3, 31), "at_least": 3, "limit": 10}
    return frequent_searches(**(given | changes))


def test_rare_searches_stay_unseen():
    searched("補助金", 2)
    searched("補助金", 2, day=date(2026, 11, 2))
    searched("窓口 花子", 2)
    assert frequent() == [SearchTotal(query="補助金", count=4)]


def test_searches_that_found_nothing_can_be_asked_for():
    searched("補助金", 9)
    searched("融資", 4, results="zero")
    assert frequent(results="zero") == [SearchTotal(query="融資", count=4)]
    assert [row.query for row in frequent(limit=1)] == ["補助金"]
