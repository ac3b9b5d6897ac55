"""Every code has a sentence, and its places are filled."""

from fractions import Fraction

import pytest

from madoguchi.eligibility.amounts import wording
from madoguchi.eligibility.amounts.combine import LeftOut
from madoguchi.eligibility.amounts.grant import Code, Cost, CostClass, Terms, Undetermined, grant
from madoguchi.eligibility.amounts.innovation_plan import Unclear

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("sentences", "codes"),
    [
        (wording.LINES, Code),
        (wording.UNDETERMINED, Undetermined),
        (wording.LEFT_OUT, LeftOut),
        (wording.UNCLEAR, Unclear),
    ],
)
def test_every_code_has_a_sentence(sentences, codes):
    assert set(sentences) == set(codes)


CLASSED = Terms(classes=(CostClass("機械", THIRD, 10),), round_to_yen=100, cap_yen=5)
EVERY_LINE = [
    grant(Terms(rate=THIRD, cap_yen=100), 9),
    grant(Terms(rate=THIRD, minimum_yen=100), 9),
    grant(Terms(own_share=THIRD), 9),
    grant(Terms(rate=THIRD, on_top_of=THIRD), 9, base_grant_yen=0),
    grant(Terms(rate=THIRD, on_top_of=THIRD), 9, base_grant_yen=8),
    grant(CLASSED, [Cost("機械", 9000), Cost("ほか", 1)]),
    grant(Terms(amount_yen=9, cap_yen=5)),
    grant(Terms(piece_yen=9), pieces=2),
]


def test_every_line_can_be_said():
    lines = [line for found in EVERY_LINE for line in found.lines]
    assert {line.code for line in lines} == set(Code)
    assert all("%" not in wording.say(line, str) for line in lines)


def test_amounts_and_rates_are_written_as_people_read_them():
    found = grant(Terms(rate=THIRD, cap_yen=1_000_000), 6_000_000)
    said = [wording.say(line, str) for line in found.lines]
    assert said == ["費用 6,000,000円 × 1/3", "上限 1,000,000円まで", "自己負担"]


def test_the_sentence_is_translated_before_it_is_filled():
    line = grant(Terms(rate=THIRD), 6).lines[0]
    assert wording.say(line, lambda sentence: f"[{sentence}]") == "[費用 6円 × 1/3]"
