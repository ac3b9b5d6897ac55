"""Counts by place are the counts of the businesses there, whatever the size of the pieces."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.bulk import kernel, slab
from madoguchi.eligibility.bulk.counting import Tally
from madoguchi.eligibility.bulk.matches import Writer
from madoguchi.eligibility.bulk.plan import make_plan
from madoguchi.eligibility.bulk.reading import Troubles
from madoguchi.eligibility.rules.book import Rule
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import verdict_of
from tests.eligibility.bulk.worlds import ON, WORDS, businesses, frame, present, rules, tree


def in_slabs(nodes, profiles, size):
    """The counts of each rule and the long matches, from slabs of a size."""
    whole = frame(profiles)
    plan = make_plan([Rule(f"p{number}", 2024, "", node) for number, node in enumerate(nodes)], on=ON)
    tally, troubles, frames = Tally(len(nodes)), Troubles(), []
    writer = Writer(plan.rules, "long", {"row": pl.UInt64(), "id": whole.schema["id"]})
    for start in range(0, whole.height, size):
        one = slab.read_slab(
            whole[start : start + size], WORDS, troubles, text=False, first_row=start, id_name="id"
        )
        slab.count(one, plan, WORDS, tally, threads=2)
        frames.extend(slab.matches(one, plan, WORDS, writer, threads=2))
    return list(tally.by_rule()), pl.concat(frames)


def place(profile):
    code = profile["industry"]
    fact = WORDS.get("industry")
    return profile["area"] or "", (code, *WORDS.ancestors(fact, code))[-1] if code else ""


@settings(max_examples=60, deadline=None)
@given(
    data=st.lists(rules, min_size=1, max_size=3),
    profiles=businesses,
    size=st.integers(1, 80),
    pieces=st.booleans(),
)
def test_counts_and_matches_are_those_of_one_by_one(data, profiles, size, pieces):
    nodes = [tree(one) for one in data]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "PIECE", 64 if pieces else kernel.PIECE)
        counts, matched = in_slabs(nodes, profiles, size)

    for number, node in enumerate(nodes):
        verdicts = [
            verdict_of(evaluate(node, read_profile(present(profile), WORDS).facts, on=ON).status)
            for profile in profiles
        ]
        expected = Counter(
            (*place(profile), verdict) for profile, verdict in zip(profiles, verdicts, strict=True)
        )
        assert {tuple(row[:3]): row[3] for row in counts[number].rows()} == expected
        fitting = {row for row, verdict in enumerate(verdicts) if verdict != "ineligible"}
        of_rule = matched.filter(pl.col("programme") == f"p{number}")
        assert set(of_rule["id"]) == fitting
        assert set(of_rule["row"]) == {row + 1 for row in fitting}


def test_a_matrix_has_a_column_for_each_rule_and_a_line_for_each_business():
    nodes = [tree({"fact": "employees", "at_most": 5, "because": "5人以下であること"})]
    plan = make_plan([Rule("p", 2024, "枠", nodes[0])], on=ON)
    table = pl.DataFrame({"employees": [5, 6, None], "area": ["022012", None, "022012"]})
    one = slab.read_slab(table, WORDS, Troubles(), text=False, first_row=0, id_name="")
    writer = Writer(plan.rules, "matrix", {"row": pl.UInt64()})

    (matrix,) = slab.matches(one, plan, WORDS, writer, threads=1)

    assert matrix.columns == ["row", "p:2024:枠"]
    assert sorted(matrix.rows()) == [(1, "eligible"), (2, "ineligible"), (3, "unknown")]
