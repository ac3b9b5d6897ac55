"""`madoguchi import annual-report|guidebook`: what it prints, and what it refuses."""

import json

import pytest

from madoguchi.ops.cli import main
from tests.importers.reports import PLACE


def test_a_report_is_printed_as_json(capsys):
    assert main(["import", "annual-report", str(PLACE / "tsubame.txt"), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"policies", "warnings"}
    policy = data["policies"][0]
    assert set(policy) == {"no", "programmes", "stated_subtotal", "computed_subtotal"}
    programme = policy["programmes"][1]
    assert set(programme) == {
        "no",
        "name",
        "budget_thousand_yen",
        "new",
        "repeat",
        "unit",
        "policies",
        "indicators",
    }
    assert programme["indicators"][0]["values"]["2022"] == {
        "raw": "27件・3件",
        "parts": [
            {"number": 27, "unit": "件", "cumulative": False, "as_of": None, "label": None},
            {"number": 3, "unit": "件", "cumulative": False, "as_of": None, "label": None},
        ],
    }


def test_a_report_is_summed_up_for_people(capsys):
    assert main(["import", "annual-report", str(PLACE / "tsubame.txt")]) == 0
    said = capsys.readouterr().out
    assert "方針 2、事業 6（ページつき 6）、指標 8" in said
    assert "Ⅱ 3 事業、小計 47,653千円・行の合計 47,635千円（不一致）" in said
    assert "まだ何も公開していません。" in said


def test_a_guidebook_is_printed_as_json(capsys):
    assert main(["import", "guidebook", str(PLACE / "guide.txt"), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["programmes"][0]["name"]["value"] == "ものづくり設備導入補助金"


@pytest.mark.parametrize(
    ("command", "name", "right"),
    [("annual-report", "guide", "guidebook"), ("guidebook", "kaede", "annual-report")],
)
def test_a_file_of_the_other_kind_is_sent_to_its_command(capsys, command, name, right):
    assert main(["import", command, str(PLACE / f"{name}.txt")]) == 1
    assert f"madoguchi import {right}" in capsys.readouterr().err


def test_a_file_that_is_missing_or_unreadable_is_refused_in_a_sentence(capsys, tmp_path):
    assert main(["import", "annual-report", str(tmp_path / "no.pdf")]) == 2
    assert "ありません" in capsys.readouterr().err
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    assert main(["import", "annual-report", str(tmp_path / "broken.pdf")]) == 1
    assert "読み取れませんでした" in capsys.readouterr().err
