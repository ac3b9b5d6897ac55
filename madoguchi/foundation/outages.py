"""Which database errors pass by themselves: who waits and tries again is served."""

from django.db import DatabaseError, InterfaceError, OperationalError

RETRY_AFTER_SECONDS = "120"
# What passes by itself: no connection, too many of them, a lock, a deadlock, shutting down or starting,
# read-only; as PostgreSQL numbers errors (Appendix A of its manual) and SQLite names them (rescode.html).
_STATES = ("08", "53300", "55P03", "40001", "40P01", "57P", "25006")
_NAMES = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_READONLY")
# A connection that never came about, or broke, has neither.
_WORDS = ("connection", "resolve host")


def is_away(error: BaseException | None) -> bool:
    """Whether a database error passes by itself; a table or column that is missing does not."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return False
    if state := getattr(error.__cause__, "sqlstate", None):
        return bool(state.startswith(_STATES))
    if name := getattr(error.__cause__, "sqlite_errorname", None):
        return bool(name.startswith(_NAMES))
    return isinstance(error, OperationalError | InterfaceError) and any(
        word in str(error).lower() for word in _WORDS
    )
