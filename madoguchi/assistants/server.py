"""The server of the official SDK with our tools, over standard input and output or over HTTP."""

from collections.abc import Callable, Sequence
from datetime import date
from importlib.metadata import version
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations

from madoguchi.assistants import texts, tools
from madoguchi.assistants.reading import reading

HTTP_PATH = "/mcp"
MOST_REQUEST_BYTES = 256 * 1024
TOOLS: tuple[Callable[..., Any], ...] = (
    tools.search,
    tools.show,
    tools.match,
    tools.facts,
    tools.deadlines,
)


def build(*, site_name: str, believed: date | None = None) -> MCPServer[Any]:
    """A server that knows the five tools; `believed` is the date it takes for today, where one is set."""
    server: MCPServer[Any] = MCPServer(
        "madoguchi",
        title=site_name,
        instructions=texts.instructions(site_name, believed),
        version=version("madoguchi"),
        log_level="WARNING",
        subscriptions=False,
    )
    for tool in TOOLS:
        name = tool.__name__
        server.add_tool(
            reading(tool),
            title=texts.TITLES[name],
            description=texts.DESCRIPTIONS[name],
            annotations=ToolAnnotations(
                read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
            ),
            structured_output=True,
        )
    return server


def serve_http(server: MCPServer[Any], *, host: str, port: int, allowed_hosts: Sequence[str]) -> None:
    """Serve until stopped; requests under another name than the allowed ones are refused (DNS rebinding).

    Without sessions: nothing of one request is kept for the next."""
    server.run(
        "streamable-http",
        host=host,
        port=port,
        streamable_http_path=HTTP_PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_REQUEST_BYTES,
        transport_security=security(allowed_hosts),
    )


def security(allowed_hosts: Sequence[str]) -> TransportSecuritySettings:
    """The SDK's checks of Host and Origin, always on: left to itself it drops them on other addresses.

    The names are those that the site answers to; "*" and ".example" are no names here and allow nothing."""
    hosts = [form for host in allowed_hosts for form in (host, f"{host}:*")]
    origins = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins
    )
