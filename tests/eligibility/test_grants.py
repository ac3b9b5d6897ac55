"""The terms of a frame and the rows of costs that are told: which of them a grant is worked out from."""

from typing import Any

import pytest

from madoguchi.eligibility.amounts import wording
from madoguchi.eligibility.amounts.grant import CostRow, Undetermined
from madoguchi.eligibility.grants import GrantTerms, terms_of
from madoguchi.eligibility.rules.values import Facts, Range

OVEN, TRAVEL, FEE = CostRow("オーブン", 3_000_000, "機械"), CostRow("出張", 500_000, "旅費"), CostRow("券", 9)
CLASSES = [{"name": "機械", "rate": "2/3", "cap_yen": 1_500_000}, {"name": "旅費", "rate": "1/2"}]


def the_terms(frame: dict[str, Any], *, apart: frozenset[str] = frozenset(), **added: Any) -> GrantTerms:
    terms = terms_of(frame, added, apart=apart)
    assert terms is not None
    return terms


def costs(*rows: CostRow, **more: Any) -> Facts:
    return {"costs": rows, **more}


def test_each_class_has_its_lines_then_the_cap_of_the_frame_and_the_own_share() -> None:
    granted = the_terms({"rate": None, "cap_yen": 1_600_000}, classes=CLASSES).grant(costs(OVEN, TRAVEL))
    assert [(wording.say(line, str), line.yen) for line in granted.lines] == [
        ("機械 3,000,000円 × 2/3", 2_000_000),
        ("機械の上限 1,500,000円", 1_500_000),
        ("旅費 500,000円 × 1/2", 250_000),
        ("合計", 1_750_000),
        ("上限 1,600,000円まで", 1_600_000),
        ("自己負担", 1_900_000),
    ]


def test_a_class_that_is_not_listed_is_said_and_a_row_without_one_is_asked_for() -> None:
    terms = the_terms({}, classes=CLASSES)
    granted = terms.grant(costs(OVEN, CostRow("会食", 80_000, "交際費")))
    assert "交際費は、対象の費用に書かれていません" in [wording.say(line, str) for line in granted.lines]
    assert granted.own_share_yen == 1_580_000
    assert terms.grant(costs(OVEN, FEE)).undetermined is Undetermined.COST_CLASS


def test_without_classes_all_costs_of_the_project_count_together() -> None:
    assert the_terms({"rate": "1/2"}).grant(costs(OVEN, TRAVEL)).grant_yen == 1_750_000


def test_costs_that_another_grant_alone_is_for_are_no_costs_of_the_project() -> None:
    terms = the_terms({"rate": "1/2"}, apart=frozenset({"旅費"}))
    assert terms.grant(costs(OVEN, TRAVEL)).grant_yen == 1_500_000
    assert terms.grant(costs(TRAVEL)).undetermined is Undetermined.COST


def test_what_covers_kinds_takes_those_alone_and_a_whole_cost_without_kinds() -> None:
    terms = the_terms({"rate": "2/3"}, covers=["旅費"], apart=frozenset({"旅費"}))
    assert terms.grant(costs(OVEN, TRAVEL)).grant_yen == 333_333
    assert terms.grant({"cost_yen": Range(600_000, 600_000)}).grant_yen == 400_000
    assert terms.grant(costs(OVEN)).undetermined is Undetermined.COST


@pytest.mark.parametrize("told", [{"cost_yen": Range(900, 900)}, costs(OVEN)])
def test_a_share_of_another_cost_is_not_worked_out_from_that_of_the_project(told: Facts) -> None:
    terms = the_terms({"rate": "1/2"}, of="保証料")
    assert terms.grant(told).undetermined is Undetermined.COST
    assert terms.grant(costs(CostRow("協会へ", 100, "保証料"))).grant_yen == 50


def test_a_row_without_an_amount_leaves_the_grant_open() -> None:
    granted = the_terms({"rate": "1/2"}).grant(costs(OVEN, CostRow("広告", None)))
    assert (granted.grant_yen, granted.low_yen, granted.undetermined) == (None, 1_500_000, Undetermined.COST)


def test_the_kinds_of_cost_are_those_that_terms_tell_apart() -> None:
    assert the_terms({}, classes=CLASSES).kinds == ("機械", "旅費")
    assert the_terms({"rate": "1/2"}, of="保証料").kinds == ("保証料",)
    assert the_terms({"rate": "1/2"}, covers=["乙", "甲"]).kinds == ("乙", "甲")
    assert the_terms({"rate": "1/2"}).kinds == ()
