"""An operator matches a file of businesses with every programme, here or in Spark."""

import importlib.util
import os
import shutil
from collections import Counter
from datetime import date

import polars as pl
import pytest

from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rules.profile import read_profile

pytestmark = pytest.mark.django_db

_FILE = {
    "id": [f"b{number}" for number in range(40)],
    "area": ["022012", None, "131016", "999999"] * 10,
    "legal_form": ["kabushiki", "sole"] * 20,
    "industry": ["2411", "5611", None, "E", "3911"] * 8,
    "employees": [5, 300, 301, None, -1, 20, 21, 0] * 5,
    "商号": ["まど"] * 40,
}


@pytest.fixture
def businesses(tmp_path):
    """A Parquet file with good and bad cells."""
    path = tmp_path / "businesses.parquet"
    pl.DataFrame(_FILE).write_parquet(path)
    return path


def counted(path):
    return pl.read_csv(path, schema_overrides={"area": pl.String}).fill_null("")


def test_counts_are_the_verdicts_that_each_business_gets_alone(installed, run, businesses, tmp_path):
    ran = run("match-bulk", str(businesses), "--on", "2023-06-01", "--counts", str(tmp_path / "c.csv"))

    assert ran.code == 0, ran.err
    counts = counted(tmp_path / "c.csv").group_by("programme", "frame", "verdict").agg(pl.sum("businesses"))
    book = rulebook.current()
    entries, rules = book.in_reach(on=date(2023, 6, 1))
    expected: Counter[tuple[str, str, str]] = Counter()
    for row in pl.DataFrame(_FILE).drop("id", "商号").rows(named=True):
        told = read_profile({key: cell for key, cell in row.items() if cell is not None}, book.dictionary)
        for entry, explanation in zip(entries, rules.match(told.facts, on=date(2023, 6, 1)), strict=True):
            expected[entry.programme, entry.rule.frame, explanation.verdict.value] += 1
    assert {row[:3]: row[3] for row in counts.rows()} == expected


def test_what_cannot_be_used_is_said_and_the_rest_goes_on(installed, run, businesses, tmp_path):
    ran = run("match-bulk", str(businesses), "--counts", str(tmp_path / "c.csv"))

    assert "項目にない列は使いません: 「id」、「商号」" in ran.err
    assert "列「area」の 10 件は使えないので、未確認とします（知らないコードです" in ran.err
    assert "列「employees」の 5 件は使えないので、未確認とします（0以上の数で書いてください" in ran.err
    assert "40 の事業者を" in ran.out


@pytest.mark.parametrize("form", ["long", "matrix"])
def test_matches_name_each_business(installed, run, businesses, tmp_path, form):
    out = tmp_path / "m.parquet"
    ran = run("match-bulk", str(businesses), "--out", str(out), "--form", form, "--id", "id")

    assert ran.code == 0, ran.err
    matches = pl.read_parquet(out)
    assert matches.columns[:2] == ["row", "id"]
    assert all(f"b{row - 1}" == name for row, name in matches.select("row", "id").rows())
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []


def test_a_csv_gives_the_same_counts(installed, run, businesses, tmp_path):
    pl.read_parquet(businesses).write_csv(tmp_path / "b.csv")
    for name in ("businesses.parquet", "b.csv"):
        run("match-bulk", str(tmp_path / name), "--counts", str(tmp_path / f"{name}.counts"))

    read = [(tmp_path / f"{name}.counts").read_text() for name in ("businesses.parquet", "b.csv")]
    assert read[0] == read[1]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no.parquet", "がありません"),
        ("b.xlsx", ".parquet、.csv、.arrow のどれか"),
        ("b.parquet", "表として読めません"),
    ],
)
def test_a_file_that_is_no_table_is_said_in_a_sentence(installed, run, tmp_path, name, says):
    if not name.startswith("no"):
        (tmp_path / name).write_bytes(b"not a table")

    ran = run("match-bulk", str(tmp_path / name), "--counts", str(tmp_path / "c.csv"))

    assert ran.code == 1
    assert says in ran.err
    assert not (tmp_path / "c.csv").exists()


def test_without_a_place_to_write_nothing_is_run(installed, run, businesses):
    ran = run("match-bulk", str(businesses))

    assert (ran.code, ran.err) == (2, "--counts か --out に、書く先を指定してください。\n")


def test_an_id_column_that_is_not_there_is_named(installed, run, businesses, tmp_path):
    ran = run("match-bulk", str(businesses), "--out", str(tmp_path / "m.parquet"), "--id", "名前")

    assert ran.code == 1
    assert "列「名前」が「businesses.parquet」にありません" in ran.err


def test_a_column_that_stands_twice_is_named_and_neither_is_used(installed, run, tmp_path):
    path = tmp_path / "b.csv"
    path.write_text("area,employees,employees\n312011,5,301\n", encoding="utf-8")
    ran = run("match-bulk", str(path), "--on", "2023-06-01", "--counts", str(tmp_path / "c.csv"))

    assert ran.code == 0
    assert "同じ名前の列が二つ以上あるので、どれも使いません: 「employees」" in ran.err
    assert "項目にない列" not in ran.err
    assert "1 の事業者を" in ran.out

    refused = run("match-bulk", str(path), "--id", "employees", "--out", str(tmp_path / "m.parquet"))
    assert (refused.code, "列「employees」が「b.csv」に二つ以上あります" in refused.err) == (1, True)

    path.write_text("area,area\n312011,312011\n", encoding="utf-8")
    ran = run("match-bulk", str(path), "--counts", str(tmp_path / "c.csv"))
    assert (ran.code, "どれも二度以上" in ran.err) == (1, True)


def test_spark_without_java_is_said_in_a_sentence(installed, run, businesses, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)

    ran = run("match-bulk", str(businesses), "--counts", str(tmp_path / "c.csv"), "--engine", "spark")

    assert ran.code == 1
    assert "java がみつかりません" in ran.err or "madoguchi[spark]" in ran.err


_HAS_SPARK = importlib.util.find_spec("pyspark") and shutil.which("java")


@pytest.mark.skipif(
    not _HAS_SPARK and not os.environ.get("MADOGUCHI_TEST_ALL"), reason="no Java 17 or madoguchi[spark]"
)
@pytest.mark.filterwarnings("default")
def test_two_workers_of_spark_find_what_one_machine_finds(installed, run, tmp_path):
    source = tmp_path / "b.csv"
    # Enough bytes for Spark to read the file in two parts.
    filler = pl.Series("note", ["x" * 60])
    pl.concat([pl.DataFrame(_FILE)] * 2000).with_columns(
        pl.Series("id", [f"b{number}" for number in range(80_000)]), filler.new_from_index(0, 80_000)
    ).write_csv(source)
    arguments = ("match-bulk", str(source), "--id", "id")
    here = run(*arguments, "--counts", str(tmp_path / "here.csv"), "--out", str(tmp_path / "here.parquet"))
    spark = run(
        *arguments, "--counts", str(tmp_path / "spark.csv"), "--out", str(tmp_path / "spark.parquet"),
        "--engine", "spark", "--master", "local[2]",
    )  # fmt: skip

    assert (here.code, spark.code) == (0, 0), here.err + spark.err
    assert (tmp_path / "here.csv").read_text() == (tmp_path / "spark.csv").read_text()
    parts = list((tmp_path / "spark.parquet").glob("*.parquet"))
    assert len(parts) == 2
    keys = ["id", "programme", "fiscal_year", "frame", "verdict"]
    one, two = (
        pl.read_parquet(path).select(pl.col(key).cast(pl.String) for key in keys).sort(keys)
        for path in (tmp_path / "here.parquet", parts)
    )
    assert one.equals(two)
    assert "列「employees」の 10,000 件は使えない" in spark.err


@pytest.mark.parametrize("option", ["--out", "--counts"])
def test_the_file_of_businesses_is_never_written_over(installed, run, businesses, tmp_path, option):
    before = businesses.read_bytes()
    (tmp_path / "link.parquet").hardlink_to(businesses)
    for name in ("businesses.parquet", "link.parquet", "../" + tmp_path.name + "/businesses.parquet"):
        ran = run("match-bulk", str(businesses), option, str(tmp_path / name))
        assert (ran.code, "書く先を別に" in ran.err) == (1, True)
    assert businesses.read_bytes() == before


def test_one_result_does_not_take_the_place_of_the_other(installed, run, businesses, tmp_path):
    ran = run("match-bulk", str(businesses), "--out", str(tmp_path / "a"), "--counts", str(tmp_path / "a"))
    assert (ran.code, "書く先を別に" in ran.err, (tmp_path / "a").exists()) == (1, True, False)


@pytest.mark.parametrize("place", [".", "nowhere/a", "pipe"])
def test_where_no_file_can_be_is_said_before_anything_is_worked_out(
    installed, run, businesses, tmp_path, place
):
    os.mkfifo(tmp_path / "pipe")
    ran = run("match-bulk", str(businesses), "--out", str(tmp_path / place))
    assert (ran.code, ran.out) == (1, "")
    assert "書" in ran.err
    assert (tmp_path / "pipe").is_fifo()


def test_a_column_cannot_name_a_business_where_a_result_has_its_name(installed, run, tmp_path):
    pl.DataFrame({"programme": ["mine"]}).write_csv(tmp_path / "b.csv")
    ran = run("match-bulk", str(tmp_path / "b.csv"), "--out", str(tmp_path / "m"), "--id", "programme")
    assert (ran.code, "--id にできません" in ran.err) == (1, True)


def test_counts_that_break_off_leave_what_was_there(installed, run, businesses, tmp_path, monkeypatch):
    (tmp_path / "c.csv").write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    assert run("match-bulk", str(businesses), "--counts", str(tmp_path / "c.csv")).code == 1
    assert (tmp_path / "c.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
