"""The data dictionary is current and names every column."""

from madoguchi.ops.describing import as_markdown
from tests.house.places import ROOT


def test_the_committed_data_dictionary_is_the_written_one():
    assert (ROOT / "docs/data-dictionary.md").read_text(encoding="utf-8") == as_markdown(), (
        "write it anew: madoguchi data-dictionary"
    )


def test_a_column_has_type_target_and_meaning():
    text = as_markdown()
    assert "| `industries` | JSON |  | 日本標準産業分類。空はどの業種でも |" in text
    assert "| `unit` | → institutions.Unit | yes |  |" in text
    assert "| `programmes` | ⇉ catalogue.Programme |  |  |" in text
    assert "(draft, published, superseded, withdrawn)" in text
    assert "`catalogue_edition_one_published`" in text


def test_the_command_writes_it(run, tmp_path):
    done = run("data-dictionary", "--into", str(tmp_path / "dictionary.md"))
    assert done.code == 0
    assert (tmp_path / "dictionary.md").read_text(encoding="utf-8") == as_markdown()
