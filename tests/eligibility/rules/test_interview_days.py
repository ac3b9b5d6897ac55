"""What is worked out for the next question on one day serves on other days: nobody waits for it anew."""

from datetime import timedelta

import pytest

from madoguchi.eligibility.rules import interview
from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.profile import read_profile
from tests.eligibility.rules.words import ON, WORDS, leaf, read

FEW, RICH = leaf(fact="employees", at_most=5), leaf(fact="capital_yen", at_least=10)
YOUNG = leaf(fact="established_on", at_most_ago={"years": 5})
OLD = leaf(fact="established_on", on_or_before="2018-06-12")


@pytest.fixture
def stood(monkeypatch):
    """Every rule that is worked out."""
    found = []
    walk = interview._stands
    monkeypatch.setattr(interview, "_stands", lambda *of: found.append(of) or walk(*of))
    return found


def _asking(*rules):
    book = Book((Rule("p", 2023, str(n), read(rule)) for n, rule in enumerate(rules)), WORDS)
    return interview.Interview(book)


def _next(asking, on):
    return asking.next({}, on=on, weights=(1, 1))


def test_another_day_costs_nothing_where_no_day_matters(stood):
    asking = _asking({"all": [FEW, RICH]}, FEW)
    first, count = _next(asking, ON), len(stood)
    assert count
    assert [_next(asking, ON + timedelta(days=day)) for day in range(1, 400)] == [first] * 399
    assert len(stood) == count


def test_where_days_matter_the_question_is_that_of_a_fresh_interview():
    rules = ({"all": [YOUNG, OLD, FEW]}, {"any": [YOUNG, RICH]})
    kept = _asking(*rules)
    for days in (0, 3, 1, 2, 400, 3, 0):
        on = ON + timedelta(days=days)
        assert _next(kept, on) == _next(_asking(*rules), on)


def test_what_was_told_still_leads_on_another_day():
    facts = read_profile({"employees": 5}, WORDS).facts
    asking = _asking({"all": [FEW, RICH]}, RICH)
    for days in (0, 1):
        found = asking.next(facts, on=ON + timedelta(days=days), weights=(1, 1))
        assert found.fact == "capital_yen"
