"""The guard around every tool: nothing is written, nothing stays open, no trouble becomes a crash."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from mcp.server.mcpserver.exceptions import ToolError

from madoguchi.assistants.reading import WriteRefusedError, reading
from madoguchi.institutions.models import Organisation
from tests.assistants.conftest import PATIENCE, with_client

pytestmark = pytest.mark.django_db


def rename():
    """What no tool does."""
    return Organisation.objects.filter(slug="minato-ken").update(name="別の県")


def the_name():
    return Organisation.objects.values_list("name", flat=True).get(slug="minato-ken")


def in_a_thread(call):
    """The guard closes its thread's connection; that of the test must stay."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result(timeout=PATIENCE)


def test_a_tool_that_writes_is_refused(installed):
    with pytest.raises(WriteRefusedError, match="UPDATE"):
        in_a_thread(reading(rename))
    assert the_name() != "別の県"


def test_without_the_guard_it_would_have_written(installed):
    assert rename() == 1
    assert the_name() == "別の県"


def test_reading_is_let_through_and_leaves_no_connection(installed):
    def read():
        return reading(the_name)(), connection.connection

    assert in_a_thread(read) == (the_name(), None)


def test_a_database_that_fails_is_a_sentence_not_a_crash(caplog):
    def fail():
        raise OperationalError("disk I/O error at /srv/secret")

    with pytest.raises(ToolError, match="いまデータベースを読めません") as caught:
        in_a_thread(reading(fail))
    assert "secret" not in str(caught.value)
    assert "could not read the database" in caplog.text


def test_a_fault_of_ours_reaches_the_client_without_its_text(the_server):
    def crash() -> dict[str, str]:
        raise RuntimeError("secret")

    the_server.add_tool(reading(crash))
    result = with_client(the_server, lambda client: client.call_tool("crash", {}))
    assert result.is_error
    assert "secret" not in result.content[0].text
