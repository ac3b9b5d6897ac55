"""The rules of the real pack against cases that were written from the documents, not from the rules."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
import yaml

from madoguchi.eligibility.grants import terms_of
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import verdict_of
from madoguchi.eligibility.rulesets import NO_FRAME, grant_terms_of, rules_of
from madoguchi.packs.pack import Pack, read_pack
from madoguchi.packs.rule_documents import definitions_of, dictionary_of, document_of
from tests.house.places import ROOT

_FILE = ROOT / "tests" / "packs" / "aomori_cases.yaml"
_MONTHS = [f"{year}-{month:02}" for year in range(2019, 2023) for month in range(1, 13)]


@pytest.fixture(scope="module")
def aomori() -> Pack:
    return read_pack(ROOT / "packs" / "aomori")


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    with _FILE.open(encoding="utf-8") as file:
        return yaml.safe_load(file)


def test_every_case_comes_out_as_the_documents_say(aomori, written):
    wrong = list(_mismatches(aomori, written))

    assert not wrong, f"{len(wrong)} of {len(written['cases'])} cases:\n" + "\n".join(wrong)


def test_a_case_the_rules_do_not_bear_out_is_named_with_its_lines(aomori, written):
    case = next(case for case in written["cases"] if case["verdict"] == "eligible")
    turned = {**written, "cases": [{**case, "verdict": "ineligible"}]}

    (wrong,) = _mismatches(aomori, turned)

    assert "expected ineligible, came out eligible" in wrong
    assert case["why"] in wrong


def test_the_cases_cover_most_programmes_and_all_four_answers(aomori, written):
    cases = written["cases"]

    assert len({case["programme"] for case in cases}) >= 150
    assert {case["verdict"] for case in cases} == {"eligible", "likely", "unknown", "ineligible"}


def _mismatches(pack: Pack, written: Mapping[str, Any]) -> Iterator[str]:
    """A line for each case whose verdict or grant is another."""
    dictionary, definitions = dictionary_of(pack), definitions_of(pack)
    rules = {
        (rule.programme, edition.fiscal_year): edition for rule in pack.rules for edition in rule.editions
    }
    frames = {
        (programme.slug, edition.fiscal_year): {(row.name, row.variant): row for row in edition.frames}
        for programme in pack.programmes
        for edition in programme.editions
    }
    for case in written["cases"]:
        place = (case["programme"], case["year"])
        document = document_of(rules[place])
        nodes = rules_of(document, tuple(frames[place]), Parser(dictionary, definitions))
        key = (case["frame"], case.get("variant", "")) if "frame" in case else NO_FRAME
        told = read_profile(_facts(case, written["businesses"]), dictionary)
        on = date.fromisoformat(case.get("on", written["days"][case["year"]]))
        verdict = verdict_of(evaluate(nodes[key], told.facts, on=on).status)
        frame = frames[place].get(key)
        terms = terms_of(frame.model_dump() if frame else None, grant_terms_of(document, key))
        grant = terms.grant(told.facts).grant_yen if terms else None
        came, expected = str(verdict), case["verdict"]
        if "grant_yen" in case:
            came, expected = f"{came} with {grant} yen", f"{expected} with {case['grant_yen']} yen"
        if told.troubles or came != expected:
            troubles = "".join(f" ({trouble.message})" for trouble in told.troubles)
            yield f"{'/'.join(map(str, place))} {case['why']}: expected {expected}, came out {came}{troubles}"


def _facts(case: Mapping[str, Any], businesses: Mapping[str, Any]) -> dict[str, Any]:
    """What the business of a case tells, with its months of sales filled in."""
    facts = {**businesses.get(case.get("who"), {}), **case.get("tell", {})}
    if each := case.get("each_month"):
        facts["sales_monthly"] = dict.fromkeys(_MONTHS, each) | facts.get("sales_monthly", {})
    return facts
