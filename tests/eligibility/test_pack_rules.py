"""Every rule of the pack explains itself: each reason has a sentence and a source, whatever is told."""

import random
from datetime import date, timedelta

import pytest

from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.conditions import Source
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.explain import explain
from madoguchi.eligibility.rules.facts import NUMBERS, FactType
from madoguchi.eligibility.rules.leaves import Between, Day, Has, Within
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.eligibility.rules.values import Range
from madoguchi.eligibility.rulesets import frame_label, rules_of
from madoguchi.packs.pack import read_pack
from madoguchi.packs.rule_documents import definitions_of, dictionary_of, document_of
from tests.house.places import ROOT

ON = date(2023, 6, 1)
PROFILES = [
    {},
    {"applicant": "business", "legal_form": "kabushiki", "employees": 10, "industry": "09"},
    {"applicant": "founder", "age": 30, "intents": ["found"]},
    {"applicant": "student", "intents": ["find_job"]},
    {"legal_form": "sole", "employees": {"from": 0, "to": 5}, "industry": "I", "tax_arrears": True},
    {"legal_form": "npo", "intents": [], "adult_entertainment": True, "area": "131016"},
]


@pytest.fixture(scope="session")
def book() -> Book:
    """All rules of the pack, read from its files."""
    pack = read_pack(ROOT / "packs/aomori")
    words, definitions = dictionary_of(pack), definitions_of(pack)
    frames = {
        (programme.slug, edition.fiscal_year): tuple((f.name, f.variant) for f in edition.frames)
        for programme in pack.programmes
        for edition in programme.editions
    }
    found = []
    for rules in pack.rules:
        for edition in rules.editions:
            parser = Parser(words, definitions)
            key = (rules.programme, edition.fiscal_year)
            nodes = rules_of(document_of(edition), frames[key], parser)
            assert not parser.problems
            found += [Rule(*key, frame_label(frame), node) for frame, node in nodes.items()]
    return Book(found, words)


def _all(reasons):
    for reason in reasons:
        yield reason
        yield from _all(reason.details)


@pytest.mark.parametrize("told", PROFILES, ids=str)
def test_every_reason_has_a_sentence_and_a_source(book, told):
    profile = read_profile(told, book.dictionary)
    assert not profile.troubles
    assert len(book.rules) > 150
    for rule, found in zip(book.rules, book.match(profile.facts, on=ON), strict=True):
        assert found.reasons, rule
        assert found.deciding, rule
        for reason in _all((*found.reasons, *found.deciding)):
            assert reason.because, rule
            assert reason.source != Source(), (rule.programme, reason.because)
        assert (found.miss is not None) == (found.verdict is Verdict.INELIGIBLE)


def test_what_is_asked_is_in_the_dictionary_and_has_a_question(book):
    for key in {key for leaf in book.leaves for key in leaf.facts}:
        fact = book.dictionary.get(key)
        assert fact is not None, key
        assert fact.question


def _somebody(book, chance):
    """Anybody: of each fact that is asked nothing, or a value at the limits that the rules state."""
    told = {}
    for key in sorted({key for leaf in book.leaves for key in leaf.facts}):
        value = _value(book, key, chance)
        if value is not None and chance.random() < 0.75:
            told[key] = value
    return told


def _value(book, key, chance):
    fact = book.dictionary.get(key)
    leaves = [leaf for _, leaf in book.placed(key)]
    codes = sorted({code for leaf in leaves if isinstance(leaf, Within | Has) for code in leaf.codes})
    if fact.type is FactType.BOOLEAN:
        return chance.random() < 0.5
    if fact.type is FactType.SET:
        return frozenset(chance.sample(codes, min(len(codes), chance.randrange(6))))
    if fact.type is FactType.MONTHLY:
        return {
            f"{year}-{month:02}": chance.randrange(900_000) for year in (2019, 2022) for month in (1, 2, 3)
        }
    if fact.type is FactType.YEARLY:
        return {"2022": chance.choice([10**6, 5 * 10**7])}
    if codes:
        return chance.choice([*codes, *(above for leaf in leaves for above in sorted(leaf.wider))])
    return _range(fact, leaves, chance)


def _range(fact, leaves, chance):
    ranges = [leaf.between(ON) if isinstance(leaf, Day) else leaf for leaf in leaves]
    ends = [
        end
        for each in ranges
        if isinstance(each, Between)
        for end in (each.low, each.high)
        if end is not None
    ]
    if fact.type in NUMBERS:
        low = max(0, chance.choice([0, *ends]) + chance.choice([-1, 0, 0, 1]))
        return Range(low, chance.choice([low, low, low + 30, None]))
    low = chance.choice([ON, *ends]) + timedelta(days=chance.randrange(-1, 2))
    return Range(low, chance.choice([low, low, low + timedelta(days=90)]))


def test_anybody_is_told_by_all_rules_at_once_what_each_says_alone(book):
    chance = random.Random(2023)  # noqa: S311 - the same people each time
    names = ("status", "reasons", "deciding", "miss", "ask")
    for number in range(60):
        facts = _somebody(book, chance)
        for rule, found in zip(book.rules, book.match(facts, on=ON), strict=True):
            alone = explain(evaluate(rule.node, facts, on=ON), facts, book.dictionary)
            for name in names:
                assert getattr(found, name) == getattr(alone, name), (number, rule.programme, name)
