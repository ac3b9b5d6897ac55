"""Checking: each mistake is named with file, line and field, in Japanese, and all of them at once."""

import re

import pytest

from madoguchi.packs.check import check
from tests import minato

SETSUBI = "programmes/setsubi-hojo.yaml"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def test_the_fictional_pack_is_right():
    assert minato.problems(minato.MINATO) == []


def test_a_place_without_a_pack_is_named(tmp_path):
    assert "地域パックがありません" in minato.problems(tmp_path / "nowhere")[0]


def test_an_empty_folder_lacks_the_files_it_needs(tmp_path):
    assert minato.problems(tmp_path) == [
        "region.yaml:1: : このファイルが要ります",
        "vocabulary.yaml:1: : このファイルが要ります",
    ]


# file, what stands there, what is written instead, and the problem: its field and a part of its sentence
FORM = [
    (SETSUBI, "cap_yen: 1000000", 'cap_yen: "1000000"', "editions.0.frames.0.cap_yen", "整数で"),
    (SETSUBI, "cap_yen: 1000000", "cap_yen: 1.5", "editions.0.frames.0.cap_yen", "整数で"),
    (SETSUBI, 'rate: "1/2"', "rate: 0.5", "editions.0.frames.0.rate", "分数"),
    (SETSUBI, 'rate: "1/2"', 'rate: "3/2"', "editions.0.frames.0.rate", "1 以下"),
    (SETSUBI, 'rate: "1/2"', 'rate: "1/0"', "editions.0.frames.0.rate", "分数として読めません"),
    (SETSUBI, "cap_low_yen: 500000", "cap_low_yen: 9000000", "editions.0.frames.1", "それより大きい"),
    (SETSUBI, "closes_at: 2025-06-30T17:00", "closes_at: 2025-06-30", "closes_at", "時刻まで"),
    (SETSUBI, "closes_at: 2025-06-30T17:00", "closes_at: 2025-04-30T17:00", "windows.0", "より後"),
    (SETSUBI, "summary: 機械や", "sumary: 機械や", "editions.0.sumary", "知らない項目"),
    (SETSUBI, "telephone: 0857-00-0003, e", "telephone: 0857-00, e", "telephone", "書き方が合いません"),
    (SETSUBI, "fiscal_year: 2024", "fiscal_year: 20244", "editions.1.fiscal_year", "2100 以下"),
    ("desks/minato.yaml", 'opens: "09:00"', "opens: 830", "hours.0.opens", "時刻は"),
    ("desks/minato.yaml", "free: true", "free: はい", "desks.0.free", "true か false"),
    ("events/seminar.yaml", "2025-07-18", "2025-02-30", "dates.1", "日付は"),
    ("events/seminar.yaml", "2025-07-18", "20250718", "dates.1", "日付は"),
    ("events/seminar.yaml", '"2025-09"', '"2025-13"', "month", "書き方が合いません"),
    ("region.yaml", "tagline: ", "site_name: 別の名前\ntagline: ", "site_name", "二度"),
    ("projects/listed.yaml", "cost_basis: budget", "cost_basis: guess", "cost_basis", "のどれか"),
    ("policies.yaml", "policies:\n", "policies: x\nrest:\n", "policies", "一覧"),
    ("vocabulary.yaml", "  - {code: subsidy", "  - subsidy\n  - {code: x", "kinds.0", "項目と値の組"),
]


@pytest.mark.parametrize("mistake", FORM, ids=str)
def test_a_mistake_of_form_is_named_with_its_line(pack, mistake):
    file, old, new, field, sentence = mistake
    line = (pack / file).read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    minato.change(pack, file, old, new)
    found = [p for p in check(pack).problems if p.file == file and p.line == line]
    assert any(field in p.field and sentence in p.message for p in found), minato.problems(pack)


# What contradicts itself is named at the start of the thing that holds both.
CONTRADICTIONS = [
    (SETSUBI, "mode: window", "mode: rolling", "editions.0.reception", "mode: window のとき"),
    (SETSUBI, "fiscal_year: 2024", "fiscal_year: 2025", "", "同じ年度の版が二つ"),
    ("events/seminar.yaml", "{place: hall", "{place: nowhere", "events.0", "places にありません"),
    ("events/seminar.yaml", '{month: "2025-09"}', "{note: いつか}", "events.0.occurrences.1", "どちらか一つ"),
    (
        "events/seminar.yaml",
        "{month",
        "{until: 2025-09-01, month",
        "events.0.occurrences.1",
        "日付が一つのとき",
    ),
    (
        "institutions/minato.yaml",
        "valid_from: 2026-04-01",
        "valid_from: 2026-04-01\n    valid_until: 2026-03-31",
        "units.2",
        "valid_from より後",
    ),
]


@pytest.mark.parametrize("mistake", CONTRADICTIONS, ids=str)
def test_a_record_that_contradicts_itself_is_named(pack, mistake):
    file, old, new, field, sentence = mistake
    minato.change(pack, file, old, new)
    assert [(p.file, p.field) for p in check(pack).problems if sentence in p.message] == [(file, field)]


# the same for what no schema sees: references, codes, repeats, circles, lengths
REFERENCES = [
    ("region.yaml", "desk: minato-sodan", "desk: nobody", "窓口「nobody」は、このパックにありません"),
    ("region.yaml", 'prefecture: "310000"', 'prefecture: "312011"', "都道府県のコードではありません"),
    ("region.yaml", '"312011"', '"022012"', "この県にありません"),
    (SETSUBI, "kinds: [subsidy]", "kinds: [gift]", "種類「gift」"),
    (SETSUBI, "industries: [E]", 'industries: ["00"]', "産業分類"),
    (SETSUBI, 'areas: ["310000"]', 'areas: ["999999"]', "999999"),
    (SETSUBI, 'areas: ["310000"]', "areas: [minami]", "地域「minami」は、このパックの圏域にありません"),
    (SETSUBI, "unit: minato-shoko", "unit: nobody", "部署「nobody」"),
    (SETSUBI, "owner: minato-ken", "owner: nobody", "機関・部署「nobody」"),
    (SETSUBI, "programme: senmonka-haken", "programme: nothing", "制度「nothing」"),
    (SETSUBI, "desks: [minato-sodan]", "desks: [nothing]", "窓口「nothing」"),
    (SETSUBI, 'section: "1"', 'section: "77"', "の「77」が sources にありません"),
    (SETSUBI, "slug: setsubi-hojo", "slug: setsubi", "slug と同じにしてください"),
    (SETSUBI, "breaks: 設備導入|補助金", "breaks: 設備|補助金", "| を除くと"),
    (SETSUBI, "who: 県内の", f"who: {'長' * 200}", "200 字までです"),
    (SETSUBI, "name: 通常枠", f"name: {'長' * 121}", "120 字までです"),
    ("programmes/senmonka-haken.yaml", "[keiei-sodan]", "[nothing]", "制度「nothing」"),
    (
        "desks/minato.yaml",
        "slug: minato-kita",
        "slug: minato-sodan",
        "窓口「minato-sodan」は desks/minato.yaml にも",
    ),
    ("desks/minato.yaml", 'area: "312011"', 'area: "312012"', "検査数字"),
    ("desks/minato.yaml", "parent: minato-sodan", "parent: minato-kita", "上をたどると"),
    ("institutions/minato.yaml", "parent: minato-shoko", "parent: minato-shoko-setsubi", "上をたどると"),
    ("institutions/minato.yaml", "organisation: minato-ken", "organisation: nobody", "機関「nobody」"),
    ("institutions/minato.yaml", "successor: minato-sangyo", "successor: nobody", "部署「nobody」"),
    ("vocabulary.yaml", "code: market, ", "code: equipment, ", "ことば「equipment」"),
    ("policies.yaml", "code: m2", "code: m1", "基本方針「m1」"),
    ("policies.yaml", 'section: policies, lines: "4-6"', 'section: gone, lines: "4-6"', "の「gone」が"),
    ("sources/guide.yaml", 'section: "2"', 'section: "1"', "節「1」"),
    ("projects/listed.yaml", "programmes: [setsubi-hojo, ", "programmes: [nothing, ", "制度「nothing」"),
    ("projects/listed.yaml", "no: 2, project: m-setsubi", "no: 3, project: m-setsubi", "番号は 2 になる"),
    ("projects/listed.yaml", "project: m-hanro", "project: nothing", "事業「nothing」"),
    ("projects/listed.yaml", "policies: [m2]}", "policies: [m1]}", "この一覧の基本方針から"),
    ("projects/listed.yaml", "thousand_yen: 15500", "thousand_yen: 15501", "小計 15,501 と行の合計 15,500"),
    ("projects/listed.yaml", "code: m2", "code: m1", "一覧「m1（2025年度）」"),
    (
        "projects/listed.yaml",
        'section: list, lines: "80-82"',
        'section: gone, lines: "80-82"',
        "の「gone」が",
    ),
    ("events/seminar.yaml", "kind: seminar", "kind: party", "催しの種類「party」"),
    ("events/seminar.yaml", "organiser: minato-center", "organiser: nobody", "機関「nobody」"),
    ("events/seminar.yaml", "{organisation: minato-center, telephone", "{telephone", "だれの連絡先かを"),
    ("oddities/minato.yaml", 'section: "1"', 'section: "77"', "の「77」が sources にありません"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), REFERENCES, ids=str)
def test_a_reference_to_nothing_is_named_with_its_line(pack, file, old, new, sentence):
    minato.change(pack, file, old, new)
    found = [problem for problem in check(pack).problems if sentence in problem.message]
    assert found, minato.problems(pack)
    assert found[0].file == file
    assert found[0].line > 1 or "slug" in found[0].field
    assert found[0].field


def test_all_mistakes_are_named_at_once(pack):
    minato.change(pack, SETSUBI, 'rate: "1/2"', "rate: 0.5")
    minato.change(pack, "desks/minato.yaml", "free: true", "fre: true")
    minato.change(pack, "events/seminar.yaml", "2025-07-18", "someday")
    (pack / "programmes/keiei-sodan.yaml").write_bytes(b"\xff\xfe")
    assert {p.file for p in check(pack).problems} == {
        SETSUBI,
        "desks/minato.yaml",
        "events/seminar.yaml",
        "programmes/keiei-sodan.yaml",
    }


@pytest.mark.parametrize("content", ["", "[]", "- a\n- b\n", "text", "42", "{}"])
@pytest.mark.parametrize("file", ["region.yaml", SETSUBI, "desks/minato.yaml", "projects/listed.yaml"])
def test_a_file_of_another_shape_is_a_sentence_in_japanese(pack, file, content):
    (pack / file).write_text(content)
    found = [problem for problem in check(pack).problems if problem.file == file]
    assert all(JAPANESE.search(problem.message) for problem in found)
    assert found or content == "{}"


@pytest.mark.parametrize("wrong", ["[[1]]", "{a: 1}", "-1", '""', "99999999999999999999999", "true", "''"])
def test_whatever_is_written_into_the_fields_the_answer_is_japanese(pack, wrong):
    for path in sorted(pack.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^( *(?:- )?[a-z_]+: )\S.*$", rf"\g<1>{wrong}", text), encoding="utf-8")
    found = check(pack).problems
    assert {p.file.partition("/")[0] for p in found} >= {"region.yaml", "desks", "programmes", "projects"}
    assert [p for p in found if not JAPANESE.search(p.message)] == []


def test_a_picture_that_is_not_text_is_refused(pack):
    (pack / "theme/photo.png").write_bytes(b"\x89PNG")
    (pack / "theme/broken.svg").write_bytes(b"\xff\xfe\x00")
    found = " ".join(minato.problems(pack))
    assert "theme/photo.png" in found
    assert "theme/broken.svg: UTF-8" in found
