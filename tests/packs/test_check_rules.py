"""`pack check` names every mistake of rules, facts and definitions with file, line and path."""

import pytest

from madoguchi.packs.pack import read_pack
from tests.minato import change, loaded, problems

RULES, FACTS, DEFINITIONS = "rules/setsubi-hojo.yaml", "facts/minato.yaml", "definitions/minato.yaml"


def test_the_pack_itself_is_right(pack):
    assert problems(pack) == []


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (
            (RULES, "fact: machines, at_least", "fact: machine, at_least"),
            ("19: editions.0.frames.1.rule.all.0.fact", "machine"),
        ),
        (
            (
                RULES,
                "within: [E], because: 製造業であること}\n        - {not",
                "within: [Z], because: 製造業であること}\n        - {not",
            ),
            ("9: editions.0.rule.all.2.within.0", "「Z」"),
        ),
        ((RULES, 'version: "2025"', "version: 2025"), ("7: editions.0.rule.all.0.define", "引用符")),
        (
            (RULES, "{programme: kuni-hojo}", "{programme: kuni}"),
            ("10: editions.0.rule.all.3.not_with.programme", "kuni"),
        ),
        (
            (RULES, "- frame: 通常枠\n      - frame", "- frame: 無い枠\n      - frame"),
            ("14: editions.0.frames.0", "無い枠"),
        ),
        (
            (RULES, "- frame: 通常枠\n      - frame: 特別枠", "- frame: 特別枠\n      - frame: 特別枠"),
            ("15: editions.0.frames.1", "二度"),
        ),
        (
            (RULES, 'section: "1", lines: "12-20"', 'section: "99", lines: "12-20"'),
            ("5: editions.0.rule.source", "sources"),
        ),
        (
            (RULES, 'section: "1", lines: "21"', 'section: "99", lines: "21"'),
            ("12: editions.0.grant.round.source", "sources"),
        ),
        (
            (RULES, "round: {to_yen: 1000,", "per: {fact: machine, yen: 5}\n      round: {to_yen: 1000,"),
            ("12: editions.0.grant.per.fact", "machine"),
        ),
        (
            (RULES, "round: {to_yen: 1000,", "per: {fact: area, yen: 5}\n      round: {to_yen: 1000,"),
            ("12: editions.0.grant.per.fact", "area"),
        ),
        (
            (RULES, "round: {to_yen: 1000,", "per: {fact: machines, yen: 5}\n      round: {to_yen: 1000,"),
            ("11: editions.0.grant", "どれか一つ"),
        ),
        (
            (RULES, "grant_yen: 666000", "grant_yen: 666001"),
            ("27: editions.0.examples.0.grant_yen", "666,000円に"),
        ),
        ((RULES, "verdict: likely", "verdict: eligible"), ("42: editions.0.examples.3.verdict", "likely に")),
        ((RULES, "machines: 1}", "machines: 一}"), ("36: editions.0.examples.2.facts.machines", "整数")),
        (
            (RULES, "- fiscal_year: 2024", "- fiscal_year: 2023"),
            ("43: editions.1", "2023 年度の版はありません"),
        ),
        ((RULES, "programme: setsubi-hojo", "programme: setsubi"), ("1: programme", "ファイルの名前")),
        ((FACTS, "key: machines", "key: employees"), ("2: facts.0.key", "すでにあります")),
        ((FACTS, "code: night_shift", "code: digital"), ("11: choices.0.code", "すでにあります")),
        ((FACTS, "fact: intents", "fact: machines"), ("11: choices.0.fact", "ありません")),
        (
            (FACTS, "code: night_shift,", "code: night_shift, parent: nowhere,"),
            ("11: choices.0.parent", "nowhere"),
        ),
        ((FACTS, "key: kuni-hojo", "key: setsubi-hojo"), ("13: elsewhere.0.key", "すでにあります")),
        (
            (DEFINITIONS, 'name: minato-sme\n    version: "2025"', "name: sme\n    version: basic-act"),
            ("2: definitions.0.name", "すでにあります"),
        ),
        (
            (DEFINITIONS, "within: [union]", "within: [unio]"),
            ("9: definitions.0.rule.any.1.within.0", "unio"),
        ),
    ],
)
def test_a_mistake_is_named_where_it_stands(pack, edit, named):
    change(pack, *edit)
    where, says = named
    found = [line for line in problems(pack) if line.startswith(f"{edit[0]}:{where}: ")]
    assert found, problems(pack)
    assert all(says in line for line in found)


def test_all_mistakes_come_at_once_from_all_files(pack):
    change(pack, FACTS, "code: night_shift", "code: night_shift, parent: nowhere")
    change(pack, DEFINITIONS, "within: [union]", "within: [unio]")
    change(pack, RULES, "within: [E]", "within: [Z]")
    places = {line.split(":")[0] for line in problems(pack)}
    assert places == {DEFINITIONS, RULES, FACTS}


def test_a_definition_with_a_mistake_is_told_where_it_is_used_too(pack):
    change(pack, DEFINITIONS, "within: [union]", "within: [unio]")
    assert any(line.startswith(f"{RULES}:7: ") and "minato-sme" in line for line in problems(pack))


def test_edition_and_frame_that_exclude_each_other_are_named(pack):
    machines = "- {fact: machines, at_least: 2,"
    builder = "- {fact: industry, within: [D], because: 建設業であること}"
    change(pack, RULES, machines, f"{builder}\n            {machines}")
    assert any("けっして同時には満たされません" in line for line in problems(pack))


def test_a_group_of_municipalities_that_cannot_be_ends_in_a_sentence(pack):
    """Without the groups there is no dictionary, and without a facts file no place to say so."""
    change(
        pack, RULES, "- {not_with: {programme: kuni-hojo}, because: 国の補助金を同じ目的で受けないこと}", ""
    )
    (pack / FACTS).unlink()
    code = next(row.code for row in read_pack(pack).region.groupings)
    change(pack, "region.yaml", f"code: {code}", 'code: "310001"')
    assert any("圏域のコードは英字" in line for line in problems(pack))


@pytest.mark.django_db
def test_a_rule_that_passed_the_check_can_be_loaded():
    assert loaded().added["rules"] == ["keiei-sodan（2025）", "setsubi-hojo（2025）", "setsubi-hojo（2024）"]
