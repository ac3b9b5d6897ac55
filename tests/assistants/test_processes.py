"""`madoguchi mcp` as a process of its own, over standard input and output and over HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import StdioServerParameters

from tests.assistants.conftest import PATIENCE, TODAY, with_client
from tests.assistants.test_tools import FACTORY
from tests.databases import database_url

pytestmark = pytest.mark.django_db

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
COMMAND = [str(Path(sys.executable).parent / "madoguchi"), "mcp"]


@pytest.fixture
def environment(installed) -> dict[str, str]:
    """What a process needs to work on the test's installation."""
    return {
        "PATH": os.environ["PATH"],
        "MADOGUCHI_DATA_DIR": str(installed),
        "MADOGUCHI_DATABASE_URL": database_url(),
        "MADOGUCHI_TODAY": TODAY.isoformat(),
    }


async def ask_everything(client):
    """One call of each tool, and one that fails."""
    listed = await client.list_tools()
    results = {
        "search": await client.call_tool("search", {"q": "設備導入補助金"}),
        "show": await client.call_tool("show", {"slug": "setsubi-hojo"}),
        "match": await client.call_tool("match", {"facts": FACTORY}),
        "facts": await client.call_tool("facts", {}),
        "deadlines": await client.call_tool("deadlines", {}),
    }
    assert set(results) == {tool.name for tool in listed.tools}
    wrong = await client.call_tool("show", {"slug": "nothing"})
    return results, wrong


def check_everything(answered):
    results, wrong = answered
    assert [name for name, result in results.items() if result.is_error] == []
    found = {name: result.structured_content for name, result in results.items()}
    assert found["search"]["results"][0]["slug"] == "setsubi-hojo"
    assert found["show"]["closes_at"] == "2025-06-30T17:00:00+09:00"
    assert found["match"]["results"][0]["verdict"] == "eligible"
    assert found["facts"]["facts"]
    assert [row["days_left"] for row in found["deadlines"]["deadlines"]] == [20]
    assert wrong.is_error
    assert "「nothing」という制度は、ありません" in wrong.content[0].text


# ── standard input and output ───────────────────────────────────────────────────────────────────────
def test_all_tools_answer_over_standard_input_and_output(environment):
    command = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment)
    check_everything(with_client(command, ask_everything))


def request(number: int, method: str, **params) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n"


def test_standard_output_holds_the_protocol_and_nothing_else(environment):
    said = (
        request(1, "initialize", **HELLO)
        + '{"jsonrpc": "2.0", "method": "notifications/initialized"}\n'
        + request(2, "tools/call", name="match", arguments={"facts": FACTORY | {"capital_yen": "ひみつ"}})
        + request(3, "tools/call", name="show", arguments={"slug": "ひみつ"})
        + "これは要求ではありません\n"
    )
    with subprocess.Popen(
        COMMAND,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        # A line that never comes would be waited for without end.
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            process.stdin.write(said)
            process.stdin.flush()
            answered = {}
            while {1, 2, 3} - set(answered):
                message = json.loads(process.stdout.readline())
                answered[message.get("id")] = message
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            watch.cancel()
            process.kill()
    assert [json.loads(line)["jsonrpc"] for line in out.splitlines()] == ["2.0"] * len(out.splitlines())
    assert answered[1]["result"]["serverInfo"]["title"] == "窓口みなと"
    assert answered[2]["result"]["structuredContent"]["problems"][0]["fact"] == "capital_yen"
    assert answered[3]["result"]["isError"]
    # What somebody told is not written down either.
    assert "ひみつ" not in err


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_when_it_is_told_to(environment, ending):
    with subprocess.Popen(
        COMMAND, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            process.stdin.write(request(1, "initialize", **HELLO))
            process.stdin.flush()
            assert process.stdout.readline()
            process.send_signal(ending)
            assert process.wait() == -ending
        finally:
            watch.cancel()
            process.kill()


def test_what_is_not_set_up_says_so_on_standard_error_only(environment, tmp_path):
    bare = environment | {"MADOGUCHI_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        COMMAND, env=bare, input="", capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "madoguchi setup" in done.stderr


# ── HTTP ────────────────────────────────────────────────────────────────────────────────────────────
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def serving(environment):
    """The address of a server that answers, ended afterwards."""
    port = free_port()
    with subprocess.Popen([*COMMAND, "--http", "--port", str(port)], env=environment) as process:
        try:
            until = time.monotonic() + PATIENCE
            while not answers(port):
                assert process.poll() is None, "the server did not start"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def status_of(address: str, *, body: bytes = b"{}", **headers: str) -> int:
    """How a bare request is answered."""
    usual = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    asked = urllib.request.Request(address, data=body, headers=usual | headers)  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answered:  # noqa: S310
            return answered.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_all_tools_answer_over_http_and_strangers_are_turned_away(environment):
    with serving(environment) as address:
        check_everything(with_client(address, ask_everything))
        listing = request(1, "tools/list").encode()
        assert status_of(address, body=listing) == 200
        assert status_of(address, body=listing, Host="evil.example") == 421
        assert status_of(address, body=listing, Origin="https://evil.example") == 403
        assert status_of(address, body=b" " * 300_000) == 413


def test_a_busy_port_is_named_before_anything_starts(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--http", "--port", str(port)],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert f"ポート {port} は、ほかのプログラムが使っています" in done.stderr
