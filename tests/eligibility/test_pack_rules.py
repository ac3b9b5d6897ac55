"""Every rule of the pack explains itself: each reason has a sentence and a source, whatever is told."""

from datetime import date

import pytest

from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.conditions import Source
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Verdict
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
