"""Learning more never overturns an answer: generated rules, and facts that grow more exact."""

from typing import Any

from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.facts import CODES, NUMBERS, SERIES, FactType
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import MOST_COUNT, rate, read_value
from tests.eligibility.bulk import worlds
from tests.eligibility.rules.words import DEFINITIONS, SOURCE, WORDS, leaf, read

SETTLED = (Status.MET, Status.UNMET)


def _facts(profile: dict[str, Any]) -> dict[str, Any]:
    return {key: read_value(WORDS.get(key), raw, WORDS) for key, raw in profile.items()}


def _agrees(profile: dict[str, Any]) -> bool:
    """Figures that contradict each other are no knowledge that could grow."""
    for year, total in (profile.get("sales_yearly") or {}).items():
        told = [v for month, v in (profile.get("sales_monthly") or {}).items() if month.startswith(year)]
        if sum(told) > total:
            return False
    return True


@st.composite
def _coarser(draw, key, raw):
    """Less than what is told: nothing, a range around a number, a wider code, a year for a day."""
    if draw(st.integers(0, 3)) == 0:
        return None
    fact = WORDS.get(key)
    if fact.type in SERIES:
        return {period: amount for period, amount in raw.items() if draw(st.booleans())}
    if fact.type in NUMBERS:
        return draw(_range(fact, raw))
    wider = [raw]
    if fact.type in CODES:
        wider += WORDS.ancestors(fact, WORDS.canonical(fact, raw))
    elif fact.type is FactType.DATE and len(raw) == len("2023-06-10"):
        wider += [raw[:7], raw[:4]]
    return draw(st.sampled_from(wider))


@st.composite
def _range(draw, fact, raw):
    if fact.type is FactType.PERCENT:
        low, high = draw(st.tuples(*[st.sampled_from(["0%", "9%", "1/3", "100%", raw])] * 2))
        return {"from": low, "to": high} if rate(low) <= rate(raw) <= rate(high) else raw
    below = draw(st.sampled_from([0, 1, 5, 1000]))
    above = draw(st.sampled_from([0, 1, 5, 1000, None]))
    low = raw - below if fact.signed or raw >= below else 0
    high = None if above is None or raw + above > MOST_COUNT else raw + above
    return draw(st.sampled_from([raw, {"from": low, "to": high}, {"to": raw}, {"from": raw}]))


@st.composite
def knowledge(draw):
    """Two profiles of one business: what is told first, and the same told more exactly."""
    more = {k: v for k, v in draw(worlds.businesses)[0].items() if v is not None}
    assume(_agrees(more))
    less = {key: draw(_coarser(key, raw)) for key, raw in more.items()}
    return _facts({k: v for k, v in less.items() if v is not None}), _facts(more)


def tree(rule):
    """The rule of some data; one that can never be met is still a rule here."""
    node = Parser(WORDS, DEFINITIONS).rule({"all": [rule], "source": SOURCE})
    assert node is not None
    return node


def overturned(node, less, more, on=worlds.ON) -> bool:
    """Whether an answer that was settled is another one now."""
    before, after = (evaluate(node, facts, on=on).status for facts in (less, more))
    return before in SETTLED and after is not before


@given(worlds.rules, knowledge())
@settings(max_examples=200)
def test_learning_more_never_overturns_a_settled_answer(rule, known):
    assert not overturned(tree(rule), *known)


@given(knowledge())
@settings(max_examples=100)
def test_nor_does_a_code_told_more_exactly(known):
    for codes in (["west"], ["coast"], ["022055"], ["west", "022012"]):
        assert not overturned(read(leaf(fact="area", within=codes)), *known)


def test_a_group_of_municipalities_that_overlaps_another_stays_open():
    """One who is in the west may be on the coast."""
    node = read(leaf(fact="area", within=["coast"]))
    west, both, other = ({"area": code} for code in ("west", "022055", "022021"))
    assert evaluate(node, west, on=worlds.ON).status is Status.UNKNOWN
    assert evaluate(node, both, on=worlds.ON).status is Status.MET
    assert evaluate(node, other, on=worlds.ON).status is Status.UNMET


def test_the_property_catches_a_combination_that_is_not_monotone(monkeypatch):
    """The twin: "unknown counts as unmet", as many a form does, is found at once."""
    from madoguchi.eligibility.rules import evaluate as module

    def guessing(status):
        return Status.MET if status is Status.UNKNOWN else opposite(status)

    opposite = module.opposite
    monkeypatch.setattr(module, "opposite", guessing)
    rule, known = find(
        st.tuples(worlds.rules, knowledge()),
        lambda pair: overturned(tree(pair[0]), *pair[1]),
        settings=settings(max_examples=5000, database=None, phases=(Phase.generate,)),
    )
    monkeypatch.undo()
    assert not overturned(tree(rule), *known)
