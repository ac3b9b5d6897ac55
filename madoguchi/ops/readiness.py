"""Whether this installation was set up, as every command that needs it asks."""

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from madoguchi.search.index import is_readable

# Remembers what the last `madoguchi setup` was made of; whoever loads another pack forgets it.
SET_UP_WITH = "set-up-with"
# In Japanese and in English.
NOT_SET_UP = (
    "まだ準備ができていません。先に madoguchi setup を実行してください。",
    "Not set up yet: run `madoguchi setup` first.",
)


def why_not_ready() -> str | None:
    """What to do first, in both languages, or None when the database and the index are there."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if waiting or not is_readable(settings.INDEX_DIR):
        return "\n".join((*NOT_SET_UP, str(settings.DATA_DIR)))
    return None
