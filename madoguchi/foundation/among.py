"""Whether a column is one of many numbers, sent as one parameter: Django sends one for each of them."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func
from django.db.models.sql.compiler import SQLCompiler


class IsAmong(Func):
    """The condition that the column at `path` is among these numbers, for `filter()`."""

    output_field = BooleanField()

    def __init__(self, path: str, numbers: Iterable[int]) -> None:
        super().__init__(F(path))
        self._numbers = list(numbers)

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> tuple[str, Any]:
        """As a list in JSON, which SQLite reads as a table."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        listed = "SELECT value FROM json_each(%s)"
        return f"{column} IN ({listed})", (*params, json.dumps(self._numbers))

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> tuple[str, Any]:
        """As an array."""
        column, params = compiler.compile(self.get_source_expressions()[0])
        return column + " = ANY(%s::bigint[])", (*params, self._numbers)
