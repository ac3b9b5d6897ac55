"""The command line: help everywhere, errors as sentences, JSON alone where JSON is asked for."""

import argparse
import os
import socket
import subprocess
import sys

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from madoguchi.finding import indexing
from madoguchi.foundation.models import AuditEvent
from madoguchi.ops import cli, finding, packing, serving
from tests import minato
from tests.house.places import ROOT

PACK = str(minato.MINATO)


def commands(parser, before=()) -> list[tuple[str, ...]]:
    """Every command and its subcommands, as they are typed."""
    found = [before]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                found += commands(below, (*before, name))
    return found


@pytest.mark.parametrize("words", commands(cli._parser(())), ids=" ".join)
def test_every_command_explains_itself(run, words):
    done = run(*words, "--help") if words != ("django",) else run("--help")
    assert done.code == 0
    assert "usage: madoguchi" in done.out


@pytest.mark.parametrize(
    "words", [(), ("fly",), ("pack",), ("serve", "--port", "x"), ("serve", "--port", "70000")]
)
def test_arguments_that_are_not_understood_end_with_2(run, words):
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert "引数を読めませんでした" in done.err


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ImproperlyConfigured("MADOGUCHI_DEBUG='x'"), "設定に誤りがあります"),
        (OperationalError("no such host"), "データベースかファイルに"),
        (PermissionError("index"), "データベースかファイルに"),
    ],
)
def test_what_the_operator_can_mend_is_a_sentence_not_a_traceback(run, monkeypatch, error, says):
    def fail(_):
        raise error

    monkeypatch.setattr(finding, "_reindex", fail)
    done = run("reindex")
    assert (done.code, done.out) == (1, "")
    assert says in done.err
    assert "Traceback" not in done.err


TROUBLES = {
    "database is locked": "ほかの処理が使っています",
    "attempt to write a readonly database": "書き込みが許されていません",
    "cannot execute INSERT in a read-only transaction": "書き込みが許されていません",
    "database or disk is full": "ディスクの空きがありません",
    "[Errno 28] No space left on device": "ディスクの空きがありません",
    "[Errno 13] Permission denied: 'index'": "読み書きが許されていません",
    'connection to server at "127.0.0.1", port 1 failed: Connection refused': "つながりません",
}


@pytest.mark.parametrize(("said", "sentence"), TROUBLES.items(), ids=TROUBLES)
def test_what_a_database_or_the_system_says_is_told_in_japanese_and_kept(run, monkeypatch, said, sentence):
    def fail(_):
        raise OperationalError(said)

    monkeypatch.setattr(finding, "_reindex", fail)
    done = run("reindex")
    assert done.code == 1
    assert sentence in done.err
    assert said in done.err


def test_a_reader_that_stops_reading_is_no_fault(home):
    reading, writing = os.pipe()
    os.close(reading)
    asked = f"from madoguchi.ops import cli; raise SystemExit(cli.main(['pack', 'check', '{PACK}']))"
    command = [sys.executable, "-c", asked]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_interrupted_command_ends_as_shells_expect(run, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(finding, "_reindex", interrupt)
    assert run("reindex").code == 130


# ── packs ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_right_pack_is_said_to_be_right(run):
    done = run("pack", "check", PACK)
    assert (done.code, done.out) == (0, "誤りはありません（制度 3、窓口 2、事業 2、催し 1）。\n")


def test_problems_of_a_pack_are_one_line_each(run, tmp_path):
    pack = minato.copied(tmp_path)
    minato.change(pack, "desks/minato.yaml", "free: true", "fre: true")
    done = run("pack", "check", str(pack))
    assert done.code == 1
    assert done.out.splitlines()[0].startswith("desks/minato.yaml:13: desks.0.fre: 知らない項目です")
    as_json = run("pack", "check", str(pack), "--format", "json").json()
    assert as_json["problems"][0] | {"message": ""} == {
        "file": "desks/minato.yaml",
        "line": 13,
        "field": "desks.0.fre",
        "message": "",
    }


@pytest.mark.parametrize("action", ["check", "load", "coverage"])
def test_an_unknown_pack_is_named(run, action):
    done = run("pack", action, "atlantis")
    assert done.code == 1
    assert "atlantis" in done.out
    assert "地域パックがありません" in done.out


@pytest.mark.django_db
def test_loading_tells_what_changed_and_then_nothing(run, home):
    first = run("pack", "load", PACK)
    assert first.code == 0
    assert "新しく入ったもの　制度 3：keiei-sodan、senmonka-haken、setsubi-hojo" in first.out
    assert (home / "believed-today").read_text() == "2025-06-10\n"
    assert run("pack", "load", PACK).out == "地域パックは前に読み込んだものと同じです。\n"
    assert run("pack", "load", PACK, "--format", "json").json() == {
        "added": {},
        "changed": {},
        "removed": {},
        "kept": {},
    }


@pytest.mark.django_db
def test_every_kind_of_change_has_a_word(run, home, tmp_path):
    pack = minato.copied(tmp_path)
    run("pack", "load", str(pack))
    minato.change(pack, "thesaurus.yaml", "[設備, 機械]", "[設備, 装置]")
    minato.change(pack, "vocabulary.yaml", "label: 相談}", "label: ご相談}")
    minato.change(pack, "policies.yaml", "short: 売り先", "short: 販路")
    minato.change(pack, "region.yaml", "tagline: みなと県", "tagline: 県")
    minato.change(
        pack, "projects/listed.yaml", "repeat: true, policies: null", "repeat: true, policies: [m2]"
    )
    done = run("pack", "load", str(pack))
    for word in ("類義語", "ことばの一覧", "基本方針", "地域の設定", "一覧"):
        assert word in done.out


@pytest.mark.django_db
def test_a_wrong_pack_loads_nothing(run, home, tmp_path):
    pack = minato.copied(tmp_path)
    minato.change(pack, "desks/minato.yaml", "free: true", "fre: true")
    done = run("pack", "load", str(pack))
    assert (done.code, AuditEvent.objects.count()) == (1, 0)
    assert "何も読み込んでいません" in done.out


def test_coverage_is_written_and_gaps_are_named(run, tmp_path):
    pack = minato.copied(tmp_path)
    assert run("pack", "coverage", str(pack), "--into", str(tmp_path)).code == 0
    assert (tmp_path / "minato-coverage.md").is_file()
    assert (tmp_path / "minato-oddities.md").is_file()
    minato.change(pack, "programmes/senmonka-haken.yaml", 'section: "3"', 'section: "2"')
    done = run("pack", "coverage", str(pack), "--into", str(tmp_path))
    assert done.code == 1
    assert "まだどの記録にもない節: 900 の「3」" in done.out


# ── finding ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_search_shows_names_and_addresses(run, installed):
    done = run("search", "設備導入補助金")
    assert done.code == 0
    assert "・設備導入補助金（令和7年度）\n  /programmes/setsubi-hojo/" in done.out


def test_a_search_as_json_prints_json_alone(run, installed):
    done = run("search", "設備", "--kind", "補助金", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert [row["slug"] for row in done.json()["results"]] == ["setsubi-hojo"]


def test_an_unknown_condition_is_named_and_nothing_is_printed(run, installed):
    done = run("search", "設備", "--kind", "宇宙", "--format", "json")
    assert (done.code, done.out) == (2, "")
    assert "kind=宇宙" in done.err
    assert "known values）: 相談、専門家派遣" in done.err


def test_of_a_place_nobody_knows_no_list_of_all_places_is_made(run, installed):
    assert "known values" not in run("search", "設備", "--area", "zzz").err


def test_nothing_that_fits_leads_to_what_is_near(run, installed):
    done = run("search", "設備導入補助金", "--area", "000000", "--kind", "matching")
    assert done.code == 0
    assert done.out.startswith("0 件")
    assert "近いもの" in done.out


@pytest.mark.parametrize("limit", ["0", "-5"])
def test_a_limit_below_one_still_counts(run, installed, limit):
    answer = run("search", "設備", f"--limit={limit}", "--format", "json").json()
    assert answer["total"] > 0
    assert answer["results"] == []


@time_machine.travel("2025-06-10 12:00+09:00")
def test_a_programme_is_shown_with_its_reception(run, installed):
    shown = run("show", "setsubi-hojo", "--format", "json").json()
    assert (shown["fiscal_year"], shown["reception"], shown["kinds"]) == (2025, "open", ["補助金"])
    assert shown["frames"][1] | {"name": ""} == {
        "name": "",
        "variant": "",
        "rate": "2/3",
        "rate_low": None,
        "cap_yen": 3_000_000,
        "cap_low_yen": 500_000,
        "amount_yen": None,
    }
    assert (
        run("show", "setsubi-hojo", "--fiscal-year", "2024", "--format", "json").json()["reception"]
        == "closed"
    )


def test_what_is_not_stated_is_left_to_the_desk(run, installed):
    assert "いくら: 窓口で確認" in run("show", "setsubi-hojo").out


@pytest.mark.parametrize("words", [("nothing",), ("setsubi-hojo", "--fiscal-year", "1999")])
def test_an_unknown_programme_is_named(run, installed, words):
    done = run("show", *words, "--format", "json")
    assert (done.code, done.out) == (1, "")
    assert words[0] in done.err


def test_an_index_that_agrees_is_said_to_agree(run, installed):
    assert run("check").out == "索引はデータベースと合っています。\n"
    assert run("check", "--format", "json").json()["missing"] == []


def test_differences_are_named_then_mended(run, installed, tmp_path):
    pack = minato.copied(tmp_path)
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack)
    first = run("check")
    assert first.code == 1
    assert "古いもの 1: programme:keiei-sodan:2025" in first.out
    mended = run("check", "--mend", "--format", "json")
    assert (mended.code, mended.json()["mended"]) == (0, True)
    assert run("check").code == 0


def test_reindexing_says_how_many(run, installed):
    assert run("reindex").out == f"索引を作り直しました（{len(indexing.all_documents())} 件）。\n"


def test_graded_questions_give_figures(run, installed, tmp_path):
    questions = tmp_path / "questions.yaml"
    questions.write_text('- {q: 設備導入補助金, answers: {"programme:setsubi-hojo": 3}}\n', encoding="utf-8")
    done = run("search-eval", str(questions), "--format", "json")
    assert done.json()["ndcg_at_10"] == pytest.approx(1)
    assert "nDCG@10 1.000" in run("search-eval", str(questions), "--verbose").out


@pytest.mark.parametrize("content", ["a: [1", "42"])
def test_questions_that_cannot_be_read_are_named(run, installed, tmp_path, content):
    (tmp_path / "questions.yaml").write_text(content)
    done = run("search-eval", str(tmp_path / "questions.yaml"))
    assert (done.code, done.out) == (2, "")
    assert "questions.yaml" in done.err


@pytest.mark.parametrize("words", [("search", "設備"), ("search-eval", "questions.yaml")])
def test_without_an_index_nothing_is_said_to_be_found(run, home, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "questions.yaml").write_text('- {q: 設備, answers: {"programme:a": 3}}\n', encoding="utf-8")
    done = run(*words)
    assert (done.code, done.out) == (1, "")
    assert "madoguchi setup" in done.err


# ── serving ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def busy_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def started(monkeypatch):
    """What would have been started."""
    commands_started = []
    monkeypatch.setattr(serving, "_become", lambda command: commands_started.append(command) or 0)
    return commands_started


def test_a_busy_port_is_named_before_anything_starts(run, busy_port, started):
    done = run("serve", "--port", str(busy_port))
    assert done.code == 1
    assert f"ポート {busy_port} は、ほかのプログラムが使っています" in done.err
    assert started == []


def test_a_host_that_does_not_exist_is_named(run, started):
    done = run("serve", "--host", "nowhere.invalid", "--port", "8000")
    assert done.code == 1
    assert "nowhere.invalid という場所がありません" in done.err
    assert started == []


@pytest.mark.django_db
def test_what_is_not_set_up_is_not_served(run, home, started):
    done = run("serve", "--port", str(free_port()))
    assert done.code == 1
    assert "madoguchi setup" in done.err
    assert started == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_what_is_set_up_is_served(run, installed, started):
    port = free_port()
    done = run("serve", "--port", str(port), "--workers", "3")
    assert done.code == 0
    assert f"http://127.0.0.1:{port}/" in done.out
    (command,) = started
    assert command[command.index("--workers") + 1] == "3"


def test_working_once_follows_what_waits(run, installed, tmp_path):
    pack = minato.copied(tmp_path)
    minato.change(pack, "programmes/keiei-sodan.yaml", "経営の困りごとを", "資金繰りの困りごとを")
    minato.loaded(pack)
    assert run("work", "--once").code == 0
    assert run("check").code == 0


# ── setup ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_setup_makes_an_installation_and_again_changes_nothing(run, home):
    first = run("setup", "--pack", PACK)
    assert first.code == 0
    assert "準備ができました" in first.out
    assert (home / "index" / "current").exists()
    assert any((home / "static").iterdir())
    assert run("search", "設備導入補助金", "--format", "json").json()["total"] > 0
    again = run("setup", "--pack", PACK)
    assert again.code == 0
    assert "前に読み込んだものと同じです" in again.out


@pytest.mark.django_db(transaction=True)
def test_a_second_setup_of_the_same_is_quick_but_sees_what_is_missing(run, home):
    run("setup", "--pack", PACK)
    (home / "static" / "staticfiles.json").touch()
    quick = "準備は前のままで整っています"
    assert quick in run("setup", "--pack", PACK).out
    (home / "index" / "current").unlink()
    assert quick not in run("setup", "--pack", PACK).out
    assert quick in run("setup", "--pack", PACK).out
    run("pack", "load", PACK)
    assert quick not in run("setup", "--pack", PACK).out


@pytest.mark.django_db(transaction=True)
def test_setup_stops_at_an_unknown_pack(run, home):
    done = run("setup", "--pack", "atlantis")
    assert done.code == 1
    assert "地域パックがありません" in done.out
    assert not (home / "index").exists()


def test_the_packs_that_come_with_the_software_are_found_by_name():
    assert packing.find_pack("aomori") == ROOT / "packs" / "aomori"
    assert packing.find_pack(PACK) == minato.MINATO


def names(words=()):
    """The commands that a parser for these words knows."""
    (subparsers,) = (action for action in cli._parser(words)._actions if action.choices)
    return set(subparsers.choices)


def test_every_command_has_its_module_in_the_table():
    assert names() == {*cli.MODULES, "django"}


@pytest.mark.parametrize("name", cli.MODULES)
def test_a_command_is_read_without_the_others(name):
    beside = {other for other, module in cli.MODULES.items() if module == cli.MODULES[name]}
    assert names((name,)) == {*beside, "django"}
