"""From the pack through the database to the printed structure: every keyed number of the real report."""

import csv
from collections.abc import Iterator
from decimal import Decimal

import pytest

from madoguchi.reporting.annual.as_json import as_json
from madoguchi.reporting.annual.collect import collect
from tests import minato
from tests.house.places import ROOT
from tests.results.oracle.tables import PLACE

# As the document states them, in thousand yen.
SUBTOTALS = {
    "①": 956_168,
    "②": 3_712_330,
    "③": 12_034_032,
    "④": 176_409,
    "⑤": 102_803,
    "⑥⑦": 183_866,
    "⑧": 120_836,
}


def keyed(name: str) -> Iterator[dict[str, str]]:
    with (PLACE / f"report_2023_{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.fixture
def printed(db):
    minato.loaded(ROOT / "packs" / "aomori")
    return as_json(collect(2023))


def test_the_report_of_2023_is_the_printed_one_to_the_last_digit(printed):
    subtotals = {row["no"]: (row["stated_subtotal"], row["computed_subtotal"]) for row in printed["policies"]}
    assert subtotals == {mark: (thousand, thousand) for mark, thousand in SUBTOTALS.items()}
    rows = {(policy["no"], row["no"]): row for policy in printed["policies"] for row in policy["programmes"]}
    lists, cells = list(keyed("lists")), [row for row in keyed("cells") if row["what"] != "name"]
    assert (len(rows), len(lists)) == (119, 119)
    assert [wrong for row in lists if (wrong := differs(row, rows))] == []
    assert len(cells) > 700
    assert [wrong for cell in cells if (wrong := is_not_in(cell, rows))] == []


def differs(row, rows):
    found = rows[row["list"], int(row["number"])]
    told = (found["budget_thousand_yen"], found["new"], found["repeat"])
    wanted = (int(row["cost"].replace(",", "")), bool(row["new"]), bool(row["repeat"]))
    return "" if told == wanted else f"{row['list']}-{row['number']}: {told} is not {wanted}"


def is_not_in(cell, rows):
    """What is wrong with a keyed cell, empty when the report prints it."""
    where = f"{cell['list']}-{cell['number']} row {cell['row']} {cell['year']}"
    indicator = rows[cell["list"], int(cell["number"])]["indicators"][int(cell["row"]) - 1]
    found = indicator["values"].get(cell["year"]) or indicator.get("undated")
    if found is None:
        return f"{where}: no cell"
    numbers = [Decimal(str(part["number"])) for part in found["parts"]]
    if cell["what"] == "value":
        is_there = Decimal(cell["printed"].replace(",", "")) in numbers
    else:
        is_there = not numbers or cell["what"] != "not_measured"
    return "" if is_there else f"{where}: {cell['printed']} is not in {found['raw']}"
