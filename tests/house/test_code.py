"""Sizes, state, orders, READMEs: rules about how modules are written."""

import ast
from collections import Counter

import pytest

from tests.house.places import PACKAGE, ROOT, parse, python_files, shown

_FAILS, _SMELLS = 800, 600
# Files over 600 lines and why they are not split.
_LONG: dict[str, str] = {}
# Queries whose rows are groups and have no primary key: how many a file has, and what makes them unique.
_GROUPED = {
    "madoguchi/usage/queries.py": (5, "the last key is what the rows are grouped by"),
    "madoguchi/businesses/queries.py": (1, "the column is what the rows are grouped by"),
}


def oversized(lines_of: dict[str, int], known: dict[str, str]) -> list[str]:
    """Files that are too long, or long without a written reason."""
    return [
        f"{name}: {lines} lines"
        for name, lines in lines_of.items()
        if lines > _FAILS or (lines > _SMELLS and name not in known)
    ]


def state_writes(tree: ast.Module, *, is_operations: bool) -> list[int]:
    """Lines that assign `.state`, or update it outside of operations: moves are compared and set."""
    lines = []
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        lines += [node.lineno for t in targets if isinstance(t, ast.Attribute) and t.attr == "state"]
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update" and not is_operations:
            lines += [node.lineno for keyword in node.keywords if keyword.arg == "state"]
    return sorted(lines)


def loose_orders(tree: ast.Module) -> list[int]:
    """Lines with an order_by() that two rows can tie in: the last key has to be the primary key."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "order_by"
        and not (
            node.args
            and isinstance(node.args[-1], ast.Constant)
            and str(node.args[-1].value).lstrip("-") in ("pk", "id")
        )
    ]


def test_files_stay_short():
    files = [*python_files(), *python_files(below=ROOT / "tests")]
    lines = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert oversized(lines, _LONG) == []
    assert {name for name, count in lines.items() if count > _SMELLS} == set(_LONG)


def test_a_long_file_is_caught():
    lines = {"a.py": 801, "b.py": 601, "c.py": 601, "d.py": 600}
    reasons = {"a.py": "no reason helps", "b.py": "one table"}
    assert oversized(lines, reasons) == ["a.py: 801 lines", "c.py: 601 lines"]


def test_nobody_assigns_a_state():
    found = [
        f"{shown(path)}:{line}"
        for path in python_files()
        for line in state_writes(parse(path), is_operations="operations" in path.as_posix())
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted", ["case.state = 'closed'", "case.state: str = ''", "rows.update(state='x')"]
)
def test_a_state_written_past_the_operation_is_caught(planted):
    assert state_writes(ast.parse(planted), is_operations=False) == [1]


def test_an_operation_may_compare_and_set():
    assert state_writes(ast.parse("rows.update(state='x')"), is_operations=True) == []


def test_every_order_of_a_query_is_unique():
    found = Counter(
        shown(path)
        for path in python_files()
        if path.name in ("queries.py", "reads.py")
        for _ in loose_orders(parse(path))
    )
    assert found == {file: count for file, (count, _) in _GROUPED.items()}


@pytest.mark.parametrize(
    "planted", ["rows.order_by('name')", "rows.order_by()", "rows.order_by('pk', 'name')"]
)
def test_an_order_in_which_rows_can_tie_is_caught(planted):
    assert loose_orders(ast.parse(planted)) == [1]


def test_an_order_that_ends_with_the_primary_key_is_fine():
    assert loose_orders(ast.parse("rows.order_by('name', '-pk')")) == []


def without_readme(folders) -> list[str]:
    """Packages without a README.md of 5 lines and more."""
    return [
        folder.name
        for folder in folders
        if not (folder / "README.md").is_file()
        or len((folder / "README.md").read_text(encoding="utf-8").splitlines()) < 5
    ]


def test_every_package_introduces_itself():
    assert without_readme(path.parent for path in sorted(PACKAGE.glob("*/__init__.py"))) == []


def test_a_package_without_an_introduction_is_caught(tmp_path):
    for name in ("told", "silent", "terse"):
        (tmp_path / name).mkdir()
    (tmp_path / "told/README.md").write_text("# told\n" * 5)
    (tmp_path / "terse/README.md").write_text("# terse\n")
    assert without_readme(sorted(tmp_path.iterdir())) == ["silent", "terse"]
