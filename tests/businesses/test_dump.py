"""The agency's list as a file of our own."""

import sqlite3
import threading
import zipfile
from contextlib import suppress

import pytest

from madoguchi.businesses.registers import dump
from madoguchi.businesses.registers.dump import UnreadableDumpError
from madoguchi.ops.cli import main
from tests.businesses.register_rows import NUMBER, a_number, a_row, as_csv

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def file(tmp_path):
    def write(*rows, name="all.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(as_csv(*rows).encode(encoding))
        return path

    return write


def test_a_loaded_corporation_is_found_by_its_number(file):
    loaded = dump.load(file(a_row()))
    assert (loaded.rows, loaded.deleted, loaded.skipped, dump.count()) == (1, 0, 0, 1)
    found = dump.find(NUMBER)
    assert (found.number, found.name, found.kana) == (NUMBER, "株式会社みほん商店", "ミホンショウテン")
    assert (found.area_code, found.street_line, found.postal_code) == (
        "131016",
        "霞が関三丁目１番１号",
        "100-0013",
    )
    assert found.legal_form == "kabushiki"
    assert dump.find(a_number(99)) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_unicode_and_shift_jis_are_told_apart(file, encoding):
    dump.load(file(a_row(name="㈱髙﨑ミホン"), encoding=encoding))
    assert dump.find(NUMBER).name == "㈱髙﨑ミホン"


def test_a_character_on_the_edge_of_the_sample_is_no_shift_jis(file, monkeypatch):
    monkeypatch.setattr(dump, "_LOOKED_AT", as_csv(a_row()).encode().index("株".encode()) + 1)
    dump.load(file(a_row()))
    assert dump.find(NUMBER).name == "株式会社みほん商店"


def test_the_zip_of_the_agency_is_read_beside_its_signature(file, tmp_path):
    archive = tmp_path / "13_tokyo_all_20261127.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.write(file(a_row()), "13_tokyo_all_20261127.csv")
        written.writestr("13_tokyo_all_20261127.csv.asc", "signature")
    assert dump.load(archive).rows == 1


def test_loading_the_same_again_changes_nothing(file):
    dump.load(file(a_row()))
    before = dump.find(NUMBER)
    dump.load(file(a_row()))
    assert (dump.find(NUMBER), dump.count()) == (before, 1)


def test_differences_change_close_and_delete(file):
    other, gone = a_number(2), a_number(3)
    dump.load(file(a_row(), a_row(other), a_row(gone)))
    dump.load(
        file(
            a_row(process="11", name="古い名前", latest="0", updateDate="2026-05-01"),
            a_row(process="11", name="株式会社あたらしい", updateDate="2026-05-01"),
            a_row(other, process="21", closeDate="2026-05-02", closeCause="01", updateDate="2026-05-03"),
            a_row(gone, process="99", updateDate="2026-05-03"),
            name="diff.csv",
        )
    )
    assert dump.find(NUMBER).name == "株式会社あたらしい"
    assert (dump.find(other).closed_on, dump.find(other).close_cause) == ("2026-05-02", "01")
    assert dump.find(gone) is None


def test_an_older_file_takes_nothing_back(file):
    dump.load(file(a_row(name="株式会社あたらしい", updateDate="2026-05-01")))
    dump.load(file(a_row(updateDate="2026-04-01"), name="older.csv"))
    assert dump.find(NUMBER).name == "株式会社あたらしい"


def test_a_row_that_cannot_be_read_is_named_and_the_rest_goes_on(file):
    loaded = dump.load(file(a_row(), ["x", "y"], a_row("番号")))
    assert (loaded.rows, loaded.skipped) == (1, 2)
    assert loaded.mistakes[0] == "2 行目: 30 列ではなく 2 列あります。"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe", "名前,住所\r\nみほん,東京\r\n".encode(), b"%PDF-1.7"]
)
def test_another_file_is_refused_or_adds_nothing(tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with suppress(UnreadableDumpError):
        assert dump.load(path).rows == 0


def test_while_the_first_list_is_written_nobody_reads_half_of_it(file):
    rows = [a_row(a_number(base)) for base in range(1, 4)]
    seen = []
    dump.load(file(*rows), tell=lambda _rows: seen.append(dump.is_there()))
    assert seen == [False]
    assert dump.count() == 3


def test_an_interrupted_first_list_is_begun_anew(file, monkeypatch):
    monkeypatch.setattr(dump, "_BATCH", 1)

    def stop(rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dump.load(file(a_row(), a_row(a_number(2))), tell=stop)
    assert not dump.is_there()
    assert dump.load(file(a_row())).rows == 1
    assert dump.count() == 1


def test_numbers_are_looked_up_while_differences_come_in(file):
    dump.load(file(*(a_row(a_number(base)) for base in range(1, 500))))
    wrong, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            try:
                if dump.find(a_number(7)) is None:
                    wrong.append("gone")
            except sqlite3.Error as error:
                wrong.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    for day in range(1, 20):
        dump.load(
            file(
                *(a_row(a_number(base), updateDate=f"2026-06-{day:02}") for base in range(1, 500)),
                name="d.csv",
            )
        )
    stop.set()
    reader.join()
    assert wrong == []


def test_the_command_says_what_it_did(file, capsys):
    assert main(["register", "load", str(file(a_row(), ["x"]))]) == 0
    said = capsys.readouterr()
    assert "1 件を入れ、0 件を消しました、読めない行 1" in said.out
    assert "2 行目" in said.err
    assert main(["register", "show", NUMBER]) == 0
    assert "株式会社みほん商店\t法人番号公表サイト" in capsys.readouterr().out


def test_the_command_refuses_what_is_no_number_and_no_file(file, tmp_path, capsys):
    assert main(["register", "show", NUMBER]) == 1
    dump.load(file(a_row()))
    assert main(["register", "show", "123"]) == 2
    assert main(["register", "show", a_number(5)]) == 1
    assert "台帳にありません" in capsys.readouterr().out
    assert main(["register", "load", str(tmp_path / "nothing.zip")]) == 1
