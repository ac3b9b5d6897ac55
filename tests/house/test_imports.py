"""Which of our modules may know allauth: the way in, on which the rest of the house must not depend."""

import ast

import pytest

from tests.house.places import parse, python_files, shown

_MAY = ("madoguchi/accounts/", "madoguchi/web/account/")


def imported(tree: ast.Module) -> set[str]:
    """The packages that a module imports, wherever it does."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_allauth_is_imported_by_the_accounts_alone():
    found = {shown(path) for path in python_files() if "allauth" in imported(parse(path))}
    assert found
    assert [name for name in sorted(found) if not name.startswith(_MAY)] == []


@pytest.mark.parametrize(
    "planted",
    ["import allauth", "from allauth.account import views", "def f():\n    import allauth.mfa.models as m"],
)
def test_an_import_is_caught_wherever_it_stands(planted):
    assert "allauth" in imported(ast.parse(planted))
