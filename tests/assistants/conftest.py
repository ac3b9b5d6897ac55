"""The fictional pack, committed and indexed once: tools read in threads and processes of their own.

Tests that use it are marked `django_db` all the same, so that pytest-django makes a database.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import anyio
import pytest
from django.core.management import call_command
from django.test import override_settings
from mcp import Client

from madoguchi.assistants import server
from madoguchi.finding import indexing
from tests import minato

TODAY = date(2025, 6, 10)
# Nothing here takes longer than a few seconds; what hangs shall fail.
PATIENCE = 60


@pytest.fixture(scope="package")
def installed(django_db_setup, django_db_blocker, tmp_path_factory):
    """An installation with the fictional pack, on 10 June 2025; its data directory."""
    home = tmp_path_factory.mktemp("assistants")
    with (
        django_db_blocker.unblock(),
        override_settings(DATA_DIR=home, INDEX_DIR=home / "index", TODAY=TODAY),
    ):
        try:
            minato.loaded()
            indexing.follow()
            yield home
        finally:
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def the_server(installed):
    """Our server inside this process."""
    return server.build(site_name="窓口みなと", believed=TODAY)


def with_client(target: Any, use: Callable[[Client], Any]) -> Any:
    """What a function makes of the SDK's own client, connected to a server, a command or an address."""

    async def go() -> Any:
        with anyio.fail_after(PATIENCE):
            async with Client(target) as client:
                return await use(client)

    # The client puts a failure into a group of one.
    try:
        return anyio.run(go)
    except BaseExceptionGroup as group:
        only: BaseException = group
        while isinstance(only, BaseExceptionGroup) and len(only.exceptions) == 1:
            only = only.exceptions[0]
        raise only from None


@pytest.fixture
def call(the_server):
    """Call a tool; the result as the SDK's client checked it against the tool's schema."""

    def go(tool: str, **arguments: Any):
        return with_client(the_server, lambda client: client.call_tool(tool, arguments))

    return go


@pytest.fixture
def answer(call):
    """Call a tool that must not fail; its structured answer."""

    def go(tool: str, **arguments: Any) -> dict[str, Any]:
        result = call(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    return go


@pytest.fixture
def refusal(call):
    """Call a tool that must fail; the sentence."""

    def go(tool: str, **arguments: Any) -> str:
        result = call(tool, **arguments)
        assert result.is_error
        assert result.structured_content is None
        return result.content[0].text

    return go
