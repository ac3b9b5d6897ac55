"""A business gets the same verdict alone and among millions."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.bulk import binding, kernel
from madoguchi.eligibility.bulk.circuit import Circuit
from madoguchi.eligibility.bulk.plan import make_plan
from madoguchi.eligibility.bulk.reading import Troubles, read_table
from madoguchi.eligibility.rules.book import Rule
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.profile import read_profile
from tests.eligibility.bulk.worlds import ON, WORDS, businesses, frame, present, rules, tree

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
_often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def in_bulk(nodes, profiles, threads=2):
    """The status of each business (row) for each rule (column)."""
    troubles = Troubles()
    table = read_table(frame(profiles), WORDS, troubles, text=False)
    assert all("どちらかを直してください" in trouble.reason for trouble in troubles)
    plan = make_plan([Rule(str(number), 2024, "", node) for number, node in enumerate(nodes)], on=ON)
    found = np.zeros((len(profiles), len(nodes)), np.int64)

    def note(number, piece, planes):
        height = piece.stop - piece.start
        for plane in planes:
            if isinstance(plane, bool):
                bits = np.full(height, plane)
            else:
                bits = np.unpackbits(plane.view(np.uint8), bitorder="little", count=height)
            found[piece.start : piece.stop, number] += bits

    kernel.run(binding.bind(plan, table, WORDS), note, threads=threads)
    return found.tolist()


def one_by_one(nodes, profiles):
    """The same by the functions that explain."""
    told = [read_profile(present(profile), WORDS) for profile in profiles]
    assert all(trouble.code == "contradiction" for one in told for trouble in one.troubles)
    return [[evaluate(node, one.facts, on=ON).status for node in nodes] for one in told]


_worlds = given(
    data=st.lists(rules, min_size=1, max_size=4),
    profiles=businesses,
    merged=st.booleans(),
    threads=st.integers(1, 2),
)


def _agree(data, profiles, merged, threads):
    nodes = [tree(one) for one in data]
    with pytest.MonkeyPatch.context() as patch:
        # Merged codes and several pieces come only with many meanings and rows: here with few.
        patch.setattr(binding, "_FEW", 0 if merged else 32)
        patch.setattr(kernel, "PIECE", 64)

        assert in_bulk(nodes, profiles, threads) == one_by_one(nodes, profiles)


@_often
@_worlds
def test_one_by_one_and_in_bulk_every_verdict_agrees(data, profiles, merged, threads):
    _agree(data, profiles, merged, threads)


@pytest.mark.parametrize("wrong", ["any_of", "at_least", "invert"])
def test_a_wrong_kernel_would_be_noticed(monkeypatch, wrong):
    right = getattr(Circuit, wrong)
    broken = {
        "any_of": lambda self, gates: self.all_of(gates),
        "at_least": lambda self, n, gates: right(self, max(1, n - 1), gates),
        "invert": lambda self, gate: gate,
    }
    monkeypatch.setattr(Circuit, wrong, broken[wrong])

    with pytest.raises(AssertionError):
        settings(_often, derandomize=True, database=None, phases=[Phase.generate])(_worlds(_agree))()
