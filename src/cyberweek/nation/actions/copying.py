"""Rows by COPY: as fast as the database takes them, with every constraint and trigger of the table in force."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows into the model's table; gives how many. JSON is given as text (`text_of`)."""
    names = ", ".join(f'"{name}"' for name in columns)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many new rows, from the table's own sequence: nobody else gets them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def analyze(*tables: type[models.Model]) -> None:
    """Tell the planner how large they have become: later statements of the same load depend on it."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))


def text_of(value: Any) -> str:
    """JSON as text."""
    return json.dumps(value, ensure_ascii=False)
