"""Layouts of packs: recognised by their signs, on top of the general words, refused when broken."""

import pytest

from madoguchi.importers.annual_report.layout import BrokenLayoutError, choose, general, load
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.reading import read_bytes
from tests.house.places import ROOT
from tests.importers.reports import rows

_TEXT = """令和５年度 かぜまち実績書
① 人を育てる

取り組み表

連番 なまえ おかね（千円） うけもち
1 人材の塾 1,200 産業課
2 見学会 300 教育課
しめて 1,500
"""
_LAYOUT = """
title: かぜまち
recognise: [かぜまち実績書]
words:
  number: [連番]
  name: [なまえ]
  cost: [おかね]
  unit: [うけもち]
  subtotal: [しめて]
  list_caption: [取り組み表]
"""


@pytest.fixture
def layout_file(tmp_path):
    path = tmp_path / "kazemachi.yaml"
    path.write_text(_LAYOUT, encoding="utf-8")
    return path


def test_a_layout_teaches_the_words_of_a_family(layout_file):
    document = read_bytes("a.txt", _TEXT.encode())
    assert rows(read_report(document, general())) == {}
    draft = read_report(document, load(layout_file))
    assert draft.layout == "かぜまち"
    assert rows(draft) == {
        "①": [(1, "人材の塾", 1200, False, "産業課"), (2, "見学会", 300, False, "教育課")],
    }


def test_the_layout_is_told_from_the_text(layout_file):
    assert choose(read_bytes("a.txt", _TEXT.encode()), [layout_file]).title == "かぜまち"
    other = read_bytes("b.txt", _TEXT.replace("かぜまち", "うみまち").encode())
    assert choose(other, [layout_file]).title == general().title


@pytest.mark.parametrize("text", ["title: [", "title: a\nwords: {nmae: [b]}\n", "recognise: [a]\n"])
def test_a_broken_layout_is_refused_with_its_line(tmp_path, text):
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenLayoutError, match=r"broken\.yaml の \d+ 行目"):
        load(path)


def test_the_layouts_of_the_packs_can_be_read():
    paths = sorted((ROOT / "packs").glob("*/layouts/*.yaml"))
    assert paths
    assert all(load(path).title for path in paths)
