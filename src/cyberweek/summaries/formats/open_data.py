"""Open data of a frozen version: two tables as CSV and Parquet, with what their columns mean (CSV on the Web).

What is withheld is empty, and `withheld` says so. The same version gives the same bytes.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # as above
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cyberweek.documents.formats.csv import csv_file
from cyberweek.kernel.core.localized import LANGUAGES
from cyberweek.summaries.enums import Table

Json = dict[str, Any]
TEXT, WHOLE, NUMBER, TRUTH, MOMENT = "string", "integer", "decimal", "boolean", "datetime"
_ARROW: Final = {
    TEXT: pa.string(),
    WHOLE: pa.int64(),
    NUMBER: pa.decimal128(28, 2),
    TRUTH: pa.bool_(),
    MOMENT: pa.string(),
}
LICENCES: Final = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, its kind, what it means."""

    name: str
    kind: str
    means: Any


COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    Table.TOTALS: (
        Column("edition", TEXT, _("Short name of the edition.")),
        Column(
            "region", TEXT, _("Code of the region; with /rest after it: what belongs to none of the regions below.")
        ),
        Column("region_zh", TEXT, _("Name of the region in Chinese.")),
        Column("region_en", TEXT, _("Name of the region in English.")),
        Column("indicator", TEXT, _("Code of the indicator, the same in every edition.")),
        Column("indicator_zh", TEXT, _("Name of the indicator in Chinese.")),
        Column("indicator_en", TEXT, _("Name of the indicator in English.")),
        Column("unit_of_count", TEXT, _("What one of it is. People are never added to person-times.")),
        Column("adds_up", TEXT, _("How it adds up: sum, max, union (each person once), none.")),
        Column("value", NUMBER, _("The figure; empty where it is withheld.")),
        Column("low", NUMBER, _("Where each person counts once: at least so many, with 95 %.")),
        Column("high", NUMBER, _("Where each person counts once: at most so many, with 95 %.")),
        Column("withheld", TRUTH, _("True where the figure is of fewer than ten people, or would tell such a one.")),
        Column("figures", WHOLE, _("How many single figures it is made of.")),
        Column("machine_logs", WHOLE, _("Of these: by machine logs.")),
        Column("documents", WHOLE, _("Of these: shown by documents.")),
        Column("estimates", WHOLE, _("Of these: estimates.")),
        Column("as_of", MOMENT, _("When the figure was made (UTC).")),
    ),
    Table.ACTIVITIES: (
        Column("edition", TEXT, _("Short name of the edition.")),
        Column("region", TEXT, _("Code of the region.")),
        Column("region_zh", TEXT, _("Name of the region in Chinese.")),
        Column("region_en", TEXT, _("Name of the region in English.")),
        Column("kind", TEXT, _("Kind of activity.")),
        Column("kind_zh", TEXT, _("Name of the kind in Chinese.")),
        Column("kind_en", TEXT, _("Name of the kind in English.")),
        Column("activities", WHOLE, _("How many published activities.")),
    ),
}


def _two(text: Json) -> tuple[str, str]:
    return str(text.get("zh-Hans", "")), str(text.get("en", ""))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def rows_of(content: Json, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, each as wide as its columns."""
    slug = content["edition"]["slug"]
    if table == Table.ACTIVITIES:
        return [
            (slug, row["region"], *_two(row["name"]), row["kind"], *_two(row["label"]), row["activities"])
            for row in content["kinds"]
        ]
    return [
        (
            slug, row["region"], *_two(row["name"]), row["indicator"], *_two(row["label"]), row["count"], row["adding"],
            _decimal(row["value"]), _decimal(row["low"]), _decimal(row["high"]), row["withheld"], row["figures"],
            row["logs"], row["documents"], row["estimates"], row["as_of"],
        )
        for row in content["totals"]
    ]  # fmt: skip


def as_csv(content: Json, table: str) -> bytes:
    """UTF-8 with a mark; nothing in it runs as a formula."""
    head = [column.name for column in COLUMNS[table]]
    return csv_file([head, *([_plain(cell) for cell in row] for row in rows_of(content, table))])


def _plain(cell: Any) -> Any:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else cell


def as_parquet(content: Json, table: str, *, sha256: str) -> bytes:
    """With the meaning of each column, the licence and the hash of the version in its metadata."""
    columns = COLUMNS[table]
    fields = []
    for column in columns:
        meaning = {f"description:{tag}": text for tag, text in in_both(column.means).items()}
        fields.append(pa.field(column.name, _ARROW[column.kind], metadata=meaning))
    about = {
        "licence": content["licence"],
        "sha256": sha256,
        "dictionary": json.dumps(dictionary(content, sha256=sha256)),
    }
    schema = pa.schema(fields, metadata=about)
    rows = rows_of(content, table)
    arrays = [
        pa.array([_quantized(row[n], column.kind) for row in rows], type=_ARROW[column.kind])
        for n, column in enumerate(columns)
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def _quantized(cell: Any, kind: str) -> Any:
    return cell.quantize(Decimal("0.01")) if kind == NUMBER and cell is not None else cell


def in_both(text: Any) -> dict[str, str]:
    """A text of ours in every language."""
    made = {}
    for tag in LANGUAGES:
        with override(tag.lower()):
            made[tag] = str(text)
    return made


def dictionary(content: Json, *, sha256: str) -> Json:
    """What the tables hold, as CSVW (https://www.w3.org/TR/tabular-metadata/)."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": content["edition"]["title"],
        "dc:publisher": content["unit"]["name"],
        "dc:issued": content["at"],
        "dc:license": {"@id": LICENCES.get(content["licence"], content["licence"])},
        "dc:identifier": f"sha256:{sha256}",
        "dc:description": in_both(
            _("Counts of fewer than ten people are withheld, and others with them so that no sum gives them away.")
        ),
        "tables": [
            {
                "url": f"{table}.csv",
                "dc:title": in_both(Table(table).label),
                "tableSchema": {
                    "columns": [
                        {
                            "name": one.name,
                            "titles": one.name,
                            "datatype": one.kind,
                            "dc:description": in_both(one.means),
                        }
                        for one in COLUMNS[table]
                    ]
                },
            }
            for table in Table.values
        ],
    }
