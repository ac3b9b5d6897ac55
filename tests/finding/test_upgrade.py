"""After an upgrade the old index reads as empty: nothing may leave it so, or half filled."""

from datetime import date

import pytest

from madoguchi.finding import ask, engine, indexing
from madoguchi.foundation import outbox
from madoguchi.search import corrections
from madoguchi.search import index as index_module
from tests import minato

pytestmark = pytest.mark.django_db


@pytest.fixture
def upgraded(pack, monkeypatch):
    monkeypatch.setattr(index_module, "LAYOUT", index_module.LAYOUT + 1)


@pytest.mark.usefixtures("upgraded")
@pytest.mark.parametrize("mend", [indexing.follow, indexing.catch_up])
def test_an_index_of_another_layout_is_built_anew_from_everything(mend):
    assert indexing.differences()
    assert mend() == len(indexing.all_documents())
    assert not indexing.differences()


def test_a_note_does_not_fill_an_index_of_another_layout_by_itself_alone(upgraded, pack):
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack)
    indexing.follow()
    assert not indexing.differences()
    assert outbox.pending("search") == []


@pytest.mark.usefixtures("pack")
def test_after_warming_up_kana_do_not_wait_for_the_vocabulary(monkeypatch):
    engine.warm_up()
    monkeypatch.setattr(corrections, "_known", lambda _: pytest.fail("read in a visitor's search"))
    assert ask.answer(ask.read({"q": ["ほじょきん"]}, today=date(2025, 6, 10))).hits
