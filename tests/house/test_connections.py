"""Two modules go out to other machines; what somebody typed is opened by `outgoing` alone (row 33)."""

import ast

import pytest

from tests.house.places import parse, python_files, shown

_WAYS_OUT = {
    "http.client",
    "urllib.request",
    "socket",
    "requests",
    "httpx",
    "urllib3",
    "aiohttp",
    "ftplib",
    "smtplib",
}
# Who may, and why.
_MAY: dict[str, str] = {
    "madoguchi/foundation/outside.py": "services that the settings name: https, no redirects, an end",
    "madoguchi/foundation/outgoing.py": "addresses that people typed: never an inner one",
    "madoguchi/foundation/jobs.py": "the name of this machine",
    "madoguchi/mail/operations/delivering.py": "the errors of the mail server that the operator named",
    "madoguchi/ops/serving.py": "whether a port of this machine is free",
    "madoguchi/web/account/oidc/views.py": "the errors of the provider that the operator named",
}


def ways_out(tree: ast.Module) -> set[str]:
    """The modules by which code could open a connection."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name in _WAYS_OUT or name.split(".")[0] in _WAYS_OUT}


def test_no_other_module_opens_connections():
    found = {shown(path) for path in python_files() if ways_out(parse(path))}
    assert found == set(_MAY)


@pytest.mark.parametrize(
    "planted",
    ["import socket", "from urllib import request", "import urllib.request as r", "from httpx import get"],
)
def test_another_way_out_is_caught(planted):
    assert ways_out(ast.parse(planted))


def test_ordinary_imports_are_fine():
    assert ways_out(ast.parse("from urllib.parse import urlencode\nfrom http import HTTPStatus")) == set()
