"""`madoguchi mcp`: the catalogue for assistants over the Model Context Protocol."""

import argparse
import logging
import signal
import sys

from django.conf import settings
from django.db import connection

from madoguchi.foundation import clock
from madoguchi.institutions import queries as institutions
from madoguchi.ops.readiness import why_not_ready
from madoguchi.ops.serving import port_number, port_problem


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the command."""
    mcp = commands.add_parser(
        "mcp", help="アシスタント（AI）が目録から答えるための、MCP のサーバーを動かします"
    )
    mcp.add_argument("--http", action="store_true", help="標準入出力でなく HTTP で動かします")
    mcp.add_argument("--port", type=port_number, default=8100, help="HTTP のポート（初期値: 8100）")
    mcp.add_argument("--host", default="127.0.0.1", help="HTTP で待ち受ける場所（初期値: この機械だけ）")
    mcp.set_defaults(run=_mcp)


def _mcp(arguments: argparse.Namespace) -> int:
    problem = (port_problem(arguments.host, arguments.port) if arguments.http else None) or why_not_ready()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    # The SDK takes a second to import: no other command shall wait for it.
    from madoguchi.assistants import server as assistants  # noqa: PLC0415

    # At INFO the SDK writes down why a tool refused, which may hold what somebody told.
    logging.getLogger("mcp").setLevel(logging.WARNING)
    region = institutions.region()
    connection.close()
    server = assistants.build(
        site_name=region.site_name if region else "Madoguchi",
        believed=clock.today() if clock.is_shifted() else None,
    )
    if not arguments.http:
        # Python's own handler would wait for the thread that reads standard input, which may never end.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        server.run("stdio")
        return 0
    address = f"http://{arguments.host}:{arguments.port}{assistants.HTTP_PATH}"
    print(f"アシスタントのための窓口を開いています: {address}", file=sys.stderr, flush=True)
    assistants.serve_http(
        server, host=arguments.host, port=arguments.port, allowed_hosts=settings.ALLOWED_HOSTS
    )
    return 0
