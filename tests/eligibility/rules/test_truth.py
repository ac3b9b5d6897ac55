"""The four answers combine as the printed tables say."""

from itertools import product

import pytest

from madoguchi.eligibility.rules.status import Status, Verdict, at_least, opposite, verdict_of
from tests.eligibility.rules.words import leaf, status
from tests.house.places import ROOT

FOUR = {each.name.lower(): each for each in Status}


def printed() -> dict[tuple[str, str, str], str]:
    """The two tables of the documentation: (operator, left, above) to the answer."""
    text = (ROOT / "docs/rule-format.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and line.count("|") > 11]
    head, *body = [[cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows]
    found = {}
    for cells in body:
        for start in (0, 6):
            for above, answer in zip(head[start + 1 : start + 5], cells[start + 1 : start + 5], strict=True):
                found[head[start], cells[start], above] = answer
    return found


TABLE = {key: value for key, value in printed().items() if key[1] in FOUR}

# What brings a condition to each answer.
ASKED = {
    "met": leaf(fact="employees", at_most=10),
    "unmet": leaf(fact="vehicles", at_least=11),
    "unknown": leaf(fact="capital_yen", at_most=10),
    "judgement": leaf(judgement="審査会"),
}
TOLD = {"employees": 10, "vehicles": 10}


def test_both_tables_are_printed_whole():
    assert set(TABLE) == set(product(("all", "any"), FOUR, FOUR))


@pytest.mark.parametrize(("operator", "one", "other"), sorted(TABLE))
def test_two_conditions_combine_as_printed(operator, one, other):
    n = 2 if operator == "all" else 1
    assert at_least(n, (FOUR[one], FOUR[other])) is FOUR[TABLE[operator, one, other]]


def test_a_wrong_table_would_be_seen():
    """The twin: min and max of an order, the usual way, disagree with what is printed."""
    wrong = [key for key, answer in TABLE.items() if key[0] == "any" and answer != _highest(key)]
    assert wrong == []
    other_order = {"met": 3, "unknown": 2, "judgement": 1, "unmet": 0}
    assert [key for key, answer in TABLE.items() if key[0] == "any" and answer != _highest(key, other_order)]


def _highest(key, order=None):
    order = order or {"met": 3, "judgement": 2, "unknown": 1, "unmet": 0}
    return max(key[1:], key=order.__getitem__)


@pytest.mark.parametrize("one", FOUR)
@pytest.mark.parametrize("other", FOUR)
def test_a_written_all_and_any_say_the_same(one, other):
    parts = [ASKED[one], {"all": [ASKED[other]]}]
    assert status({"all": parts}, TOLD) == TABLE["all", one, other]
    assert status({"any": parts}, TOLD) == TABLE["any", one, other]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_all_and_any_are_the_ends_of_at_least(size):
    """`all` is the weakest of its parts, `any` the strongest: the order met, judgement, unknown, unmet."""
    for statuses in product(Status, repeat=size):
        assert at_least(1, statuses) is max(statuses)
        met_or_open = [each for each in statuses if each is not Status.MET]
        worst = min(met_or_open, default=Status.MET)
        assert at_least(size, statuses) is worst


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_at_least_n_is_what_the_document_says_in_words(size):
    for statuses in product(Status, repeat=size):
        m, j, u = (statuses.count(each) for each in (Status.MET, Status.JUDGEMENT, Status.UNKNOWN))
        for n in range(1, size + 1):
            if m >= n:
                expected = Status.MET
            elif m + j + u < n:
                expected = Status.UNMET
            elif m + j >= n:
                expected = Status.JUDGEMENT
            else:
                expected = Status.UNKNOWN
            assert at_least(n, statuses) is expected


def test_not_swaps_met_and_unmet_and_leaves_the_others():
    assert [opposite(each) for each in Status] == [
        Status.MET,
        Status.UNKNOWN,
        Status.JUDGEMENT,
        Status.UNMET,
    ]
    for name, condition in ASKED.items():
        expected = {"met": "unmet", "unmet": "met"}.get(name, name)
        assert status({"not": condition, "because": "でないこと"}, TOLD) == expected


@pytest.mark.parametrize("one", FOUR)
@pytest.mark.parametrize("other", FOUR)
def test_when_is_not_the_first_or_the_second(one, other):
    excused = opposite(FOUR[one]).name.lower()
    found = status({"when": ASKED[one], "then": ASKED[other]}, TOLD)
    assert found == TABLE["any", excused, other]


def test_the_verdict_follows_from_the_answer():
    assert [verdict_of(each) for each in (Status.MET, Status.JUDGEMENT, Status.UNKNOWN, Status.UNMET)] == [
        Verdict.ELIGIBLE,
        Verdict.LIKELY,
        Verdict.UNKNOWN,
        Verdict.INELIGIBLE,
    ]
