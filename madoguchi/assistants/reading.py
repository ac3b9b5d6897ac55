"""The guard around every tool: it may only read, and what fails in the database becomes a sentence."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, connection
from mcp.server.mcpserver.exceptions import ToolError

logger = logging.getLogger(__name__)

P = ParamSpec("P")
Answer = TypeVar("Answer")

_TROUBLE = (
    "いまデータベースを読めません。しばらくしてから、もう一度お試しください。"
    "（The database cannot be read at the moment; try again later.）"
)


class WriteRefusedError(Exception):
    """A tool tried to change something: a mistake in our code, never of the caller."""


def reading(tool: Callable[P, Answer]) -> Callable[P, Answer]:
    """The tool with a connection of its own for each call, on which nothing but SELECT is let through.

    The SDK calls tools in threads that come and go: a connection left open would outlive its thread."""

    @wraps(tool)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            with connection.execute_wrapper(_only_select):
                return tool(*args, **kwargs)
        except DatabaseError as error:
            logger.exception("A tool could not read the database")
            raise ToolError(_TROUBLE) from error
        finally:
            connection.close()

    return guarded


def _only_select(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if not sql.lstrip(" (").upper().startswith("SELECT"):
        raise WriteRefusedError(f"Tools of assistants only read; refused: {sql[:60]}")
    return execute(sql, params, many, context)
