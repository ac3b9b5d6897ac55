"""Reading YAML with positions: nothing a file holds stops the reading with an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.foundation.yaml_reader import MAX_BYTES, Parsed, read


@pytest.fixture
def file(tmp_path):
    def written(content: str | bytes) -> Parsed:
        path = tmp_path / "file.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return written


def sentences(parsed: Parsed) -> str:
    return " ".join(message for _, _, message in parsed.problems)


def test_every_value_knows_its_line(file):
    parsed = file("a: 1\nrows:\n  - name: x\n    text: |\n      long\n  - name: y\n")
    assert parsed.data == {"a": 1, "rows": [{"name": "x", "text": "long\n"}, {"name": "y"}]}
    assert [parsed.line_of(p) for p in (("a",), ("rows", 0, "name"), ("rows", 0, "text"), ("rows", 1))] == [
        1,
        3,
        4,
        6,
    ]


def test_a_missing_value_is_placed_at_what_surrounds_it(file):
    assert file("a: 1\nrows:\n  - name: x\n").line_of(("rows", 0, "text", 3)) == 3


def test_dates_times_and_codes_stay_text(file):
    assert file(
        "- 2023-04-20\n- 08:30\n- 020001\n- 1.5\n- 1_000\n- 0x10\n- yes\n- On\n- 12:30:45\n"
    ).data == [
        "2023-04-20",
        "08:30",
        "020001",
        "1.5",
        "1_000",
        "0x10",
        "yes",
        "On",
        "12:30:45",
    ]


def test_only_null_truth_and_whole_numbers_are_special(file):
    assert file("- null\n- ~\n-\n- true\n- false\n- 0\n- 42\n").data == [None, None, None, True, False, 0, 42]


def test_what_is_quoted_stays_text(file):
    assert file("- \"42\"\n- 'null'\n- \"true\"\n- !!int '7'\n").data == ["42", "null", "true", "7"]


def test_a_key_that_is_written_twice_is_named(file):
    assert file("a: 1\nb: 2\na: 3\n").problems == [(3, "a", "同じ項目が二度書かれています")]


def test_an_empty_file_holds_nothing(file):
    assert file("").data is None
    assert file("# only a remark\n").data is None
    assert file("").problems == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8 として読めません"),
        ("a: [1, 2\n", "YAML の書き方に誤りがあります"),
        ("a: b: c\n", "YAML の書き方に誤りがあります"),
        ("a: x\x00y\n", "YAML の書き方に誤りがあります"),
        ('a: "x\\0y"\n', "制御文字"),
        ("---\na: 1\n---\nb: 2\n", "一つの文書だけ"),
        ("? [a, b]\n: 1\n", "項目の名前は、文字で"),
        ("a: &x 1\nb: *x\n", "別名"),
        ("a: &x [*x]\n", "別名"),
        ("[" * 100_000, "深すぎます"),
        ("[" * 500 + "]" * 500, "深すぎます"),
        ("a" * (MAX_BYTES + 1), "大きすぎます"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_malformed_file_is_named_not_raised(file, content, says):
    parsed = file(content)
    assert says in sentences(parsed)
    assert all(line >= 1 for line, _, _ in parsed.problems)


def test_a_billion_laughs_are_refused_at_the_second_line(file):
    layers = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 40))
    assert file(f"l0: &l0 lol\n{layers}").problems == [
        (2, "", "別名（*）は使えません。もう一度書いてください")
    ]


def test_a_folder_named_like_a_file_is_a_problem(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert "読めません" in sentences(read(tmp_path / "folder.yaml"))


def test_a_byte_order_mark_does_no_harm(file):
    assert file(b"\xef\xbb\xbfa: 1\n").data == {"a": 1}


def test_a_number_with_thousands_of_digits_is_text(file):
    assert file("a: " + "9" * 5000).data == {"a": "9" * 5000}


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text("ab:- \n[]{}&*!|>#'\"~1\t", max_size=200).map(str.encode)))
def test_reading_never_raises(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    assert isinstance(read(path), Parsed)
