"""The best lawful combination of what fits, from the rules and the costs: nothing that no document says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from madoguchi.catalogue.models import Frame
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.eligibility import combining, rulebook
from madoguchi.eligibility.amounts.combine import LeftOut
from madoguchi.eligibility.combining import Plan
from madoguchi.eligibility.models import FactAdditions
from madoguchi.eligibility.rules.profile import read_profile
from tests.factories import an_edition
from tests.web.portal.fit_rules import STAFF, give_rule

pytestmark = pytest.mark.django_db
AT, ON = datetime(2023, 11, 1, tzinfo=UTC), date(2023, 11, 1)
OVEN, SIGN = {"name": "オーブン", "yen": 3_000_000}, {"name": "看板", "yen": 400_000}
HALF, TWO_THIRDS = Fraction(1, 2), Fraction(2, 3)


def a_programme(
    slug: str,
    *conditions: Mapping[str, Any],
    frames: list[dict[str, Any]] | None = None,
    rows: list[dict[str, Any]] | None = None,
    **terms: Any,
) -> None:
    """A programme that fits a business of up to 20 people; `rows` are the frames of its rule document."""
    mode = terms.pop("reception_mode", ReceptionMode.ROLLING)
    edition = an_edition(slug, state=EditionState.DRAFT, reception_mode=mode)
    for position, frame in enumerate(frames or [{"name": "枠", **terms}]):
        Frame.objects.create(edition=edition, position=position, **frame)
    edition.state = EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    more = {"frames": rows} if rows else {}
    give_rule(edition, STAFF, *conditions, **more)


def plan(*costs: Mapping[str, Any], **told: Any) -> Plan:
    """What comes out for a business of six."""
    book = rulebook.current()
    profile = read_profile(
        {"employees": 6, **({"costs": list(costs)} if costs else {}), **told}, book.dictionary
    )
    assert not profile.troubles
    matches = book.match(profile.facts, at=AT, on=ON)
    found = combining.plan(matches, profile.facts, book.dictionary.programmes)
    assert found is not None
    return found


def used(bundle: combining.Bundle | None) -> dict[str, tuple[tuple[str, ...], int]]:
    """The grants by the slug of their programme, or the name of one of others."""
    parts = bundle.parts if bundle else ()
    return {
        part.match.entry.programme if part.match else part.name: (part.chosen.rows, part.chosen.counted_yen)
        for part in parts
    }


def reasons(found: Plan) -> dict[str, LeftOut]:
    return {left.match.entry.programme: left.reason for left in found.left_out}


def test_without_a_cost_there_is_nothing_to_combine() -> None:
    a_programme("hanbun", rate=HALF)
    assert combining.plan([], {}, {}) is None


def test_one_grant_is_what_the_documents_settle_and_a_second_one_is_a_question_for_the_desk() -> None:
    a_programme("setsubi", rate=TWO_THIRDS, cap_yen=2_000_000)
    a_programme("kanban", rate=HALF)
    found = plan(OVEN, SIGN)
    assert used(found.settled) == {"setsubi": (("オーブン", "看板"), 2_000_000)}
    assert (found.settled.total_yen, found.settled.own_share_yen) == (2_000_000, 1_400_000)
    assert reasons(found) == {"kanban": LeftOut.UNSTATED}
    assert used(found.if_allowed) == {"kanban": (("看板",), 200_000), "setsubi": (("オーブン",), 2_000_000)}


def test_what_a_document_excludes_is_not_even_asked_for() -> None:
    a_programme("setsubi", rate=TWO_THIRDS, cap_yen=2_000_000)
    a_programme("kanban", {"not_with": {"programme": "setsubi"}, "because": "設備と重ねないこと"}, rate=HALF)
    found = plan(OVEN, SIGN, **{"receives:setsubi": False})
    assert (used(found.settled), found.if_allowed) == ({"setsubi": (("オーブン", "看板"), 2_000_000)}, None)
    (left,) = found.left_out
    assert (left.reason, left.by) == (LeftOut.EXCLUDED, "setsubi　枠")


def test_if_exclusions_were_not_read_both_would_be_suggested() -> None:
    a_programme("setsubi", rate=TWO_THIRDS, cap_yen=2_000_000)
    excluded = {"not_with": {"programme": "setsubi"}, "because": "設備と重ねないこと"}
    a_programme("kanban", {"not": excluded, "because": "設備を受けること"}, rate=HALF)
    found = plan(OVEN, SIGN, **{"receives:setsubi": True})
    assert set(used(found.if_allowed)) == {"setsubi", "kanban"}


def test_a_top_up_rests_on_the_grant_of_others_that_its_rule_asks_for() -> None:
    FactAdditions.objects.create(elsewhere=[{"key": "kuni", "label": "国の補助金"}], content_hash="1")
    adopted = {"adopted": {"programme": "kuni"}, "because": "国に採択されたこと"}
    a_programme("uwanose", adopted, rate=Fraction(1, 12), on_top_of=TWO_THIRDS, cap_yen=7_500_000)
    a_programme("betsu", rate=HALF)
    found = plan({"name": "機械", "yen": 60_000_000}, **{"adopted:kuni": True})
    assert used(found.settled) == {
        "国の補助金": (("機械",), 40_000_000),
        "uwanose": (("機械",), 5_000_000),
    }
    assert found.settled.own_share_yen == 15_000_000
    assert used(plan(OVEN, **{"adopted:kuni": False}).settled) == {"betsu": (("オーブン",), 1_500_000)}


def test_a_top_up_rests_on_a_programme_of_the_catalogue_too() -> None:
    a_programme("moto", rate=HALF, cap_yen=1_000_000)
    adopted = {"adopted": {"programme": "moto"}, "because": "採択されたこと"}
    a_programme("uwanose", adopted, rate=Fraction(1, 10), on_top_of=HALF)
    found = plan(OVEN, **{"adopted:moto": True})
    assert used(found.settled) == {"moto": (("オーブン",), 1_000_000), "uwanose": (("オーブン",), 300_000)}


def test_of_a_programme_one_frame_is_used_and_the_others_say_so() -> None:
    a_programme("waku", frames=[{"name": "一般", "rate": HALF}, {"name": "特別", "rate": TWO_THIRDS}])
    found = plan(OVEN)
    assert [part.name for part in found.settled.parts] == ["waku　特別"]
    assert reasons(found) == {"waku": LeftOut.SAME_PROGRAMME}
    assert found.if_allowed is None


def test_variants_for_costs_of_their_own_are_parts_of_one_frame_and_add_up() -> None:
    kinds = {"計画": "計画の費用", "伴走": "伴走の費用"}
    a_programme(
        "kaizen",
        frames=[{"name": "通常枠", "variant": name, "rate": TWO_THIRDS} for name in kinds],
        rows=[
            {"frame": "通常枠", "variant": name, "grant": {"covers": [kind]}} for name, kind in kinds.items()
        ],
    )
    a_programme("setsubi", rate=HALF)
    paid = [{"name": name, "kind": kind, "yen": 900_000} for name, kind in kinds.items()]
    found = plan(*paid, OVEN)
    assert used(found.settled) == {"setsubi": (("オーブン",), 1_500_000)}
    assert used(plan(*paid).settled) == {"kaizen": (("伴走",), 600_000)}
    assert [part.chosen.rows for part in plan(*paid).settled.parts] == [("計画",), ("伴走",)]
    assert plan(*paid).settled.total_yen == 1_200_000


def test_a_share_of_another_cost_takes_that_cost_alone() -> None:
    edition = an_edition("hosho", state=EditionState.DRAFT)
    Frame.objects.create(edition=edition, position=0, name="枠", rate=HALF)
    edition.state = EditionState.PUBLISHED
    edition.save(update_fields=["state"])
    give_rule(edition, STAFF, grant={"of": "保証料"})
    a_programme("setsubi", rate=HALF)
    fee = {"name": "保証協会へ", "kind": "保証料", "yen": 100_000}
    found = plan(OVEN, fee)
    assert used(found.if_allowed) == {
        "hosho": (("保証協会へ",), 50_000),
        "setsubi": (("オーブン",), 1_500_000),
    }
    assert reasons(plan(OVEN)) == {"hosho": LeftOut.NO_COST}


def test_what_excludes_similar_aid_without_naming_it_is_for_the_desk_to_say() -> None:
    similar = {"fact": "receives_similar_aid", "equals": False, "because": "同じような支援を受けていないこと"}
    a_programme("kyufu", similar, amount_yen=100_000)
    a_programme("setsubi", rate=HALF)
    found = plan(OVEN, receives_similar_aid=False)
    assert set(used(found.if_allowed)) == {"kyufu", "setsubi"}
    assert [condition.because for _, condition in found.similar_aid] == ["同じような支援を受けていないこと"]


def test_what_is_over_what_does_not_fit_and_what_is_open_is_left_aside() -> None:
    a_programme("owari", rate=HALF, reception_mode=ReceptionMode.ENDED)
    a_programme("mitei", {"fact": "area", "within": ["130001"], "because": "都内であること"}, rate=HALF)
    a_programme("dame", {"fact": "age", "at_most": 30, "because": "30歳以下であること"}, rate=HALF)
    found = plan(OVEN, age=50)
    assert (used(found.settled), found.left_out, found.open_count) == ({}, (), 1)
    assert (found.settled.total_yen, found.settled.own_share_yen) == (0, 3_000_000)


def test_a_whole_cost_without_rows_is_a_plan_too_and_an_unknown_row_is_named() -> None:
    a_programme("setsubi", rate=HALF)
    assert plan(cost_yen=1_000_000).settled.total_yen == 500_000
    found = plan(OVEN, {"name": "広告", "yen": None})
    assert (found.untold_rows, found.cost_yen) == (("広告",), 3_000_000)
    assert used(found.settled) == {"setsubi": (("オーブン",), 1_500_000)}


def test_frames_that_never_bring_more_are_not_gone_through() -> None:
    for number in range(5):
        frames = [{"name": f"枠{n}", "rate": HALF, "cap_yen": n * 100_000} for n in range(1, 7)]
        a_programme(f"p{number}", frames=frames)
    rows = [{"name": f"費用{n}", "yen": n * 1_000_000 + 7} for n in range(1, 9)]
    found = plan(*rows)
    assert found.is_exact
    assert found.if_allowed is not None
    assert found.if_allowed.total_yen == 5 * 600_000
