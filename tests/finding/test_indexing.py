"""The index follows the rooms: nothing is lost in a crash, and differences are found and mended."""

import threading
from datetime import date, timedelta

import pytest
from django.db import transaction

from madoguchi.catalogue.models import Programme
from madoguchi.finding import ask, indexing, words
from madoguchi.foundation import outbox
from madoguchi.institutions.models import Desk
from madoguchi.search.index import IndexBusyError, Writer
from tests import minato

pytestmark = pytest.mark.django_db
LATER = minato.AT + timedelta(days=1)
ON = date(2025, 6, 10)


def found(text) -> list[str]:
    """What a search finds, as type:slug, in order."""
    result = ask.answer(ask.read({"q": [text]}, today=ON))
    return [f"{hit.type}:{hit.slug}" for hit in result.hits]


def test_a_loaded_pack_can_be_searched_once_the_outbox_was_followed(index):
    minato.loaded()
    assert found("補助金") == []
    assert indexing.follow() > 0
    assert found("設備導入補助金")[0] == "programme:setsubi-hojo"
    assert outbox.pending("search") == []


def test_with_nothing_waiting_the_index_is_left_alone(pack, index):
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    assert indexing.follow() == 0
    assert {path: path.stat().st_mtime_ns for path in index.rglob("*")} == before


def test_a_changed_record_is_found_by_its_new_words(pack):
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    assert "programme:keiei-sodan" not in found("資金繰り")
    indexing.follow()
    assert "programme:keiei-sodan" in found("資金繰り")


def test_a_removed_record_is_no_longer_found(pack):
    assert "event:hanro-seminar-2025" in found("販路づくりセミナー")
    minato.change(pack, "events/seminar.yaml", "hanro-seminar-2025", "hanro-juku-2025")
    minato.change(pack, "events/seminar.yaml", "name: 販路づくりセミナー", "name: 売り先の塾")
    minato.loaded(pack, at=LATER)
    indexing.follow()
    assert "event:hanro-seminar-2025" not in found("販路づくりセミナー")
    assert "event:hanro-juku-2025" in found("売り先の塾")


class Crash(BaseException):
    """The machine stops."""


def crash(*_, **__):
    raise Crash


def test_a_crash_between_the_index_and_the_outbox_is_made_good(pack, monkeypatch):
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "done", crash)
        with pytest.raises(Crash):
            indexing.follow()
    assert outbox.pending("search")
    assert indexing.follow() > 0
    assert found("資金繰り").count("programme:keiei-sodan") == 1
    assert not indexing.differences()
    assert outbox.pending("search") == []


def test_if_the_note_were_removed_first_a_crash_would_lose_the_change(pack, monkeypatch):
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    outbox.done(outbox.pending("search"))
    monkeypatch.setattr(Writer, "commit", crash)
    indexing.follow()
    assert "programme:keiei-sodan" not in found("資金繰り")
    assert indexing.differences().stale == ("programme:keiei-sodan:2025",)


def test_a_busy_index_leaves_the_notes_for_later(pack, index):
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    with Writer(index):
        assert indexing.follow() == 0
    assert outbox.pending("search")
    assert indexing.follow() > 0


def changed_and_followed(pack):
    """A change that the worker has followed before anybody else looks."""
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    return indexing.follow()


def test_a_change_that_comes_during_a_rebuild_is_not_lost(pack, monkeypatch):
    read = indexing.all_documents

    def meanwhile():
        documents = read()
        # The worker cannot get the lock, so its note stays for the next round.
        assert changed_and_followed(pack) == 0
        return documents

    monkeypatch.setattr(indexing, "all_documents", meanwhile)
    indexing.rebuild()
    monkeypatch.undo()
    assert indexing.follow() > 0
    assert not indexing.differences()


def test_documents_read_before_the_lock_would_overwrite_a_newer_change(pack, index):
    documents = indexing.all_documents()
    assert changed_and_followed(pack) > 0
    with Writer(index) as writer:
        writer.rebuild(documents)
    assert indexing.follow() == 0
    assert indexing.differences().stale == ("programme:keiei-sodan:2025",)


@pytest.mark.parametrize("mend", [indexing.follow, indexing.rebuild, indexing.catch_up])
@pytest.mark.parametrize("name", ["manifest.json", "signatures.json", "cards.data.npy"])
def test_a_damaged_index_is_built_anew(pack, index, mend, name):
    for path in index.rglob(name):
        path.write_bytes(path.read_bytes()[:20])
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack, at=LATER)
    mend()
    assert not indexing.differences()
    assert "programme:keiei-sodan" in found("資金繰り")


def test_damaged_words_are_written_anew_and_searching_goes_on_meanwhile(pack, index):
    (index / "words.json").write_text("")
    assert found("設備導入補助金")
    assert not words.are_current()
    indexing.follow()
    assert words.are_current()


def test_the_command_line_waits_for_the_worker_to_finish(pack, index, monkeypatch):
    monkeypatch.setattr(indexing, "_PATIENCE_SECONDS", 0)
    with Writer(index), pytest.raises(IndexBusyError):
        indexing.catch_up()
    monkeypatch.setattr(indexing, "_PATIENCE_SECONDS", 30)
    worker = Writer(index)
    worker.__enter__()
    threading.Timer(0.2, worker.__exit__, (None, None, None)).start()
    assert indexing.catch_up() == len(indexing.all_documents())


def test_a_note_that_nobody_understands_does_not_block_the_others(pack):
    with transaction.atomic():
        outbox.put("search", "spaceship:enterprise", at=LATER)
        outbox.put("search", "desk:minato-sodan", at=LATER)
    assert indexing.follow() == 2
    assert outbox.pending("search") == []


def test_differences_are_named_and_mended(pack):
    Programme.objects.filter(slug="setsubi-hojo").update(reading="べつのよみ")
    Desk.objects.filter(slug="minato-kita").update(is_current=False)
    Desk.objects.filter(slug="minato-sodan").update(slug="minato-madoguchi")
    found = indexing.differences()
    assert set(found.stale) == {"programme:setsubi-hojo:2025", "programme:setsubi-hojo:2024"}
    assert set(found.surplus) == {"desk:minato-kita", "desk:minato-sodan"}
    assert set(found.missing) == {"desk:minato-madoguchi"}
    indexing.catch_up()
    assert not indexing.differences()


def test_rebuilding_aside_gives_the_same_index(pack):
    before = found("補助金")
    assert indexing.rebuild() == len(indexing.all_documents())
    assert found("補助金") == before
    assert not indexing.differences()


def test_the_words_are_written_beside_the_index(pack):
    known = words.read()
    assert known["labels"]["kinds"]["subsidy"] == "補助金"
    assert known["organisations"]["minato-center"] == "センター"
    assert known["general_desk"] == "desk:minato-sodan"
    assert {"words": ["設備", "機械"]} in known["thesaurus"]
    assert {"from": ["おかね"], "to": ["補助金"]} in known["thesaurus"]
    assert [row for row in known["places"] if row["code"] == "kita"] == [
        {"code": "kita", "name": "北浜地域", "aliases": ["北浜"], "ancestors": ["310000", "000000"]}
    ]


def test_without_an_index_there_are_no_words(index):
    assert words.read() == {}
    assert words.version() == (str(index / "words.json"), 0, 0)


def test_a_new_synonym_is_known_to_the_very_next_search(pack):
    assert "programme:setsubi-hojo" not in found("からくり")
    minato.change(pack, "thesaurus.yaml", "[設備, 機械]", "[設備, 機械, からくり]")
    minato.loaded(pack, at=LATER)
    indexing.follow()
    assert "programme:setsubi-hojo" in found("からくり")


def test_an_engine_that_was_asked_before_setup_learns_the_words(index):
    assert found("おかね") == []
    minato.loaded()
    indexing.follow()
    assert "programme:setsubi-hojo" in found("おかね")
