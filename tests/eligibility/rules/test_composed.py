"""Explanations put together from kept parts are those of each rule alone, whoever came before."""

from datetime import timedelta

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.rules import composed
from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.explain import explain
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Status, Verdict
from tests.eligibility.bulk import worlds
from tests.eligibility.rules.words import DEFINITIONS, ON, WORDS, leaf, read

# Definitions, alone and inside, so that rules share much; `all`s in each other, as of an edition and a frame.
_DEFINED = st.sampled_from(sorted(DEFINITIONS)).map(
    lambda key: {"define": key[0], "version": key[1], "because": "定義"}
)
_RULES = st.one_of(
    worlds.rules,
    st.tuples(_DEFINED, worlds.rules, st.sampled_from(["all", "any"])).map(lambda of: {of[2]: list(of[:2])}),
    st.tuples(_DEFINED, worlds.rules).map(lambda of: {"not": {"any": list(of)}, "because": "でないこと"}),
    st.tuples(worlds.rules, worlds.rules, _DEFINED).map(
        lambda of: {"all": [of[0], {"all": [of[1], of[2]], "because": "名のある要件"}, {"all": list(of[1:])}]}
    ),
)
_DAYS = st.sampled_from([worlds.ON, worlds.ON + timedelta(days=1), worlds.ON + timedelta(days=400)])
_WORLDS = st.tuples(st.lists(_RULES, min_size=1, max_size=4), worlds.businesses, _DAYS)


def _book(nodes, words=worlds.WORDS):
    return Book((Rule("p", 2024, str(number), node) for number, node in enumerate(nodes)), words)


def _said(explanation):
    return {name: getattr(explanation, name) for name in ("status", "reasons", "deciding", "miss", "ask")}


def _differs(world) -> bool:
    """Whether anything that somebody among many is told differs from what is said of each rule alone."""
    rules, profiles, on = world
    nodes = [worlds.tree(rule) for rule in rules]
    book = _book(nodes)
    # All come twice: to what is kept of the others, and to what is kept of themselves.
    for profile in (*profiles, *profiles):
        facts = read_profile(worlds.present(profile), worlds.WORDS).facts
        alone = [explain(evaluate(node, facts, on=on), facts, worlds.WORDS) for node in nodes]
        if [_said(each) for each in book.match(facts, on=on)] != [_said(each) for each in alone]:
            return True
    return False


@given(_WORLDS)
@settings(max_examples=100, deadline=None)
def test_everybody_is_told_what_each_rule_says_alone(world):
    assert not _differs(world)


@given(_WORLDS)
@settings(max_examples=30, deadline=None)
def test_nor_does_it_matter_how_much_is_kept(world):
    kept, composed._KEPT = composed._KEPT, 1
    try:
        assert not _differs(world)
    finally:
        composed._KEPT = kept


def _forgetful_key(monkeypatch):
    """A part that is found by all but the first of what it depends on."""
    made = composed._Part.__init__

    def forget(self, inside):
        made(self, inside)
        self.pick = composed.itemgetter(*(self.places[1:] or self.places), self.places[-1])

    monkeypatch.setattr(composed._Part, "__init__", forget)


def _too_much_alike(monkeypatch):
    """Definitions that are one view as soon as the same decides."""
    monkeypatch.setattr(
        composed._Definition,
        "_work_out",
        lambda self, state: self._views.setdefault(self._look(state).status, self._look(state)),
    )


def _careless_miss(monkeypatch):
    """Requirements of which the dearest have to change."""
    monkeypatch.setattr(composed, "cheapest", lambda ways, needed: max(ways, key=lambda way: way.weight))


@pytest.mark.parametrize("mistake", [_forgetful_key, _too_much_alike, _careless_miss])
def test_the_property_catches_a_planted_mistake(monkeypatch, mistake):
    """The twin: each of these mistakes is found."""
    mistake(monkeypatch)
    world = find(
        _WORLDS, _differs, settings=settings(max_examples=3000, database=None, phases=(Phase.generate,))
    )
    monkeypatch.undo()
    assert not _differs(world)


def test_no_more_is_kept_of_a_part_than_said(monkeypatch):
    monkeypatch.setattr(composed, "_KEPT", 5)
    node = read({"all": [leaf(fact="employees", at_most=limit) for limit in range(1, 12)]})
    book = _book([node], WORDS)
    for number in range(14):
        facts = read_profile({"employees": number}, WORDS).facts
        (found,) = book.match(facts, on=ON)
        assert found.verdict is (Verdict.ELIGIBLE if number < 2 else Verdict.INELIGIBLE)
        (rule,) = book._composer.rules
        assert len(rule.kept) <= 5
    assert len(rule.kept) > 1


def test_who_differs_only_where_no_rule_looks_is_explained_from_what_is_kept():
    """37 and 38 employees are the same to a rule about 50."""
    book = _book([read(leaf(fact="employees", at_most=50))], WORDS)
    one, other = (
        book.match(read_profile({"employees": number}, WORDS).facts, on=ON)[0] for number in (37, 38)
    )
    assert one is other
    assert one.status is Status.MET
