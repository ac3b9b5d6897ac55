"""Writing rows past Django's models, as fast as the database takes them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import JSONField, Model


@contextmanager
def careless() -> Iterator[None]:
    """Do not wait for the disk: what is made here can be made again."""
    off, on = {
        "postgresql": ("SET synchronous_commit = off", "SET synchronous_commit = on"),
        "sqlite": ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(off)
        yield
        cursor.execute(on)


def put(model: type[Model], columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as fast as the database takes them; columns that are not named get the field's default."""
    names = columns.split()
    others = [
        each for each in model._meta.concrete_fields if each.column not in names and each.column != "id"
    ]
    rest = tuple(
        json.dumps(each.get_default()) if isinstance(each, JSONField) else each.get_default()
        for each in others
    )
    listed = ", ".join(f'"{name}"' for name in [*names, *(each.column for each in others)])
    table = model._meta.db_table
    complete = ((*row, *rest) for row in rows)
    with transaction.atomic():
        _write(table, listed, len(names) + len(others), complete)


def _write(table: str, listed: str, width: int, rows: Iterable[Sequence[object]]) -> None:
    if connection.vendor == "postgresql":
        with (
            connection.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * width)
    connection.connection.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)
