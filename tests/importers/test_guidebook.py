"""Guidebooks of made-up regions: what each programme offers, to whom, until when, and whom to call."""

from fractions import Fraction

import pytest

from madoguchi.importers.documents.reading import read, read_bytes
from madoguchi.importers.guidebook import facts
from madoguchi.importers.guidebook.as_json import as_json
from madoguchi.importers.guidebook.drafts import EntryDraft, GuidebookDraft
from madoguchi.importers.guidebook.reading import read_guidebook
from madoguchi.importers.guidebook.summary import summary
from tests.importers.reports import PLACE


def guide(name: str = "guide") -> GuidebookDraft:
    return read_guidebook(read(PLACE / f"{name}.txt"))


def entry(number: int, name: str = "guide") -> EntryDraft:
    return guide(name).entries[number - 1]


def values(found) -> list:
    return [each.value for each in found]


def test_programmes_are_numbered_across_chapters():
    assert [(each.number, each.name.value) for each in guide().entries] == [
        (1, "ものづくり設備導入補助金"),
        (2, "販路開拓チャレンジ補助金"),
        (3, "創業なんでも相談"),
    ]
    assert [each.lines for each in guide().entries] == [(5, 13), (14, 26), (30, 34)]


def test_programmes_with_a_mark_instead_of_a_number_are_found():
    assert [each.name.value for each in guide("guide_marks").entries] == [
        "空き店舗改装費補助",
        "経営なんでも専門家派遣",
        "勤労者生活資金",
    ]


def test_the_summary_is_rejoined_with_its_lines():
    found = entry(1).summary
    assert found is not None
    assert found.value == "生産性の向上のために設備を導入する中小企業者に、経費の一部を補助します。"
    assert found.lines == (6, 7)


def test_rates_are_fractions():
    assert values(entry(1).rates) == [Fraction(2, 3), Fraction(3, 4)]
    assert values(entry(2).rates) == [Fraction(1, 2)]
    assert values(entry(1, "guide_marks").rates) == [Fraction(1, 2)]
    assert entry(3).rates == ()


def test_caps_are_whole_yen():
    assert values(entry(1).caps_yen) == [3_000_000]
    assert values(entry(2).caps_yen) == [500_000]
    assert values(entry(1, "guide_marks").caps_yen) == [1_000_000]
    assert values(entry(3, "guide_marks").caps_yen) == [2_000_000]


def test_windows_are_kept_as_printed():
    assert values(entry(1).windows) == ["令和６年４月１５日から６月２８日まで"]
    assert values(entry(2).windows) == ["随時"]


def lines_typed(*texts):
    return read_bytes("typed.txt", "\n".join(texts).encode()).lines


@pytest.mark.parametrize(
    ("line", "is_when"),
    [
        ("２０２４年４～５月に公募予定（ホームページに掲載）", True),
        ("令和６年６月２８日まで受け付けます", True),
        ("受付期間：随時", True),
        ("募集時期　令和６年７月（予定）", True),
        ("現在募集中", True),
        ("平成２９年４月１日から県が認定の窓口になりました", False),
        ("※令和５年７月から、相談の窓口を設けました", False),
        ("無料、原則２回 ※令和２年度から通算し２回まで申請可", False),
        ("受付時間：平日８：３０～１７：１５（土日祝日は休み）", False),
        ("申込方法：協会のホームページから", False),
        ("申込方法：令和６年５月までに電話で", True),
    ],
)
def test_only_what_says_when_to_apply_is_a_window(line, is_when):
    assert bool(list(facts.windows(lines_typed(line)))) == is_when


def test_two_limits_that_share_their_word_are_both_read():
    text = "（但し、計画の費用の総額３００万円及び伴走の費用の総額１００万円を上限とする。）"
    assert [found.value for found in facts.caps(lines_typed(text))] == [3_000_000, 1_000_000]


def test_requirements_are_read_behind_and_below_their_label():
    assert values(entry(1).requirements) == ["県内に主たる事務所がある中小企業者"]
    assert values(entry(2).requirements) == [
        "・県内で１年以上事業を営んでいること",
        "・県税に未納がないこと",
        "・過去３年間にこの補助金を受けていないこと",
    ]
    assert [each.lines for each in entry(2).requirements] == [(17, 17), (18, 18), (19, 20)]


def test_a_contact_has_its_desk_telephone_and_fax():
    contact = entry(1).contacts[0].value
    assert contact.desk == "みなみ県産業部 ものづくり課 設備係"
    assert (contact.phones, contact.faxes) == (("099-123-4567",), ("099-123-4568",))
    assert entry(2).contacts[0].value.phones == ("099-123-7777（内線225）",)
    assert values(entry(2).urls) == ["https://www.pref.example.jp/shogyo/hojo.html"]


def test_an_entry_without_a_telephone_number_is_named():
    called = "1　一つ目の制度\n説明です。\nTEL 099-111-2222\n2　二つ目の制度\n説明です。\nTEL 099-111-2223\n"
    text = f"{called}3　三つ目の制度\n説明です。\n"
    draft = read_guidebook(read_bytes("a.txt", text.encode()))
    assert [note.code for note in draft.notes] == ["no_contact"]
    assert draft.notes[0].lines == (7,)


def test_every_field_carries_where_it_stands_and_how_sure_it_is():
    found = as_json(guide())["programmes"][1]["caps_yen"][0]
    assert found["lines"] == [21, 21]
    assert 0 < found["confidence"] <= 1
    assert set(found) == {"value", "source", "lines", "page", "confidence", "reason"}


def test_the_summary_names_what_was_left_out():
    lines = list(summary(guide()))
    assert "みつかったもの: 制度 3、連絡先 3、割合 3、上限額 2、期間 2、要件 5" in lines
    assert any(line.startswith("取り込まなかったところ") for line in lines)


def test_reading_twice_gives_the_same():
    assert guide() == guide()
