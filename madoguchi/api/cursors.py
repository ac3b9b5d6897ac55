"""Cursors: where a page ended, in a text that nobody needs to understand.

They hold the last record's own name, not a count: what is added or goes meanwhile moves nothing.
"""

import base64
import binascii

from madoguchi.api.problems import Refused


class CursorUnknown(Refused):
    """A cursor that we did not write, or wrote for another list."""

    def __init__(self, parameter: str = "cursor") -> None:
        """Name the parameter."""
        reason = "前の答えにあったものを、そのまま使ってください。"
        super().__init__(422, "パラメーターを確かめてください。", [(parameter, reason)])


def written(kind: str, after: str) -> str:
    """The cursor behind a record of a list."""
    return base64.urlsafe_b64encode(f"1:{kind}:{after}".encode()).decode().rstrip("=")


def read(kind: str, cursor: str) -> str:
    """What the cursor of such a list stands behind; empty for none. Raises CursorUnknown for any other."""
    if not cursor:
        return ""
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise CursorUnknown from error
    version, _, rest = told.partition(":")
    of, _, after = rest.partition(":")
    if version != "1" or of != kind or not after or "\0" in after:
        raise CursorUnknown
    return after
