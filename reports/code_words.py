"""What the codes in rows behind figures stand for: measures, levels, states and results, services, units and agencies.

What belongs here: the words for the values of a column, by its name. What does not: titles of columns and how rows are shown
(`evidence_rows`), words for statuses that pages share (`wording`), extracts and suppliers (`senders`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import duckdb
import polars as pl

from reports import counted_rows, figures, published
from reports.published import Parameters
from reports.wording import Bilingual
from reports.year import in_english
from schemas.column_types import CodeList
from schemas.extracts import all_extracts
from schemas.reference import tables

Words = Mapping[str, Mapping[Any, Bilingual]]
"""By the name of a column, what each of its codes is called."""

_LISTS: Final[Mapping[str, str]] = {
    "status_code": "dossier_status",
    "service_level": "service_level",
    "level_code": "agency_level",
}
"""The packaged list of a column's codes; for other columns the words that suppliers write for them are taken."""


def read(con: duckdb.DuckDBPyConnection, period: Parameters) -> Words:
    """The words of all columns; of units and agencies as they were called in a period, from `first_day` to `day_after`."""
    named: dict[str, dict[Any, Bilingual]] = defaultdict(dict)
    for row in published.rows(con, "pages/code_names", period):
        name = Bilingual(row["name_vi"], in_english(row["name_en"], row["unit_type"]))
        named[row["column_name"]][row["code"]] = name
    return {**_packaged(), **named}


@cache
def _packaged() -> Words:
    services = {
        row["service_no"]: Bilingual(row["service_vi"], row["service_en"])
        for row in tables.essential_service().iter_rows(named=True)
    }
    return {
        **_as_written(),
        **{column: dict(_listed(name)) for column, name in _LISTS.items()},
        "measure_code": _measures(),
        "service_no": services,
        "essential_service_no": services,
    }


def _as_written() -> Words:
    """The words that contracts take for a code; the code itself is in English."""
    return {
        column.name: {
            code: Bilingual(written, str(code).replace("_", " ")) for code, written in column.type.spellings.items()
        }
        for extract in all_extracts().values()
        for column in extract.columns
        if isinstance(column.type, CodeList) and any(str(code) != word for word, code in column.type.codes.items())
    }


def _listed(name: str) -> Iterator[tuple[Any, Bilingual]]:
    for row in tables.code_list().filter(pl.col("list") == name).iter_rows(named=True):
        code = row["canonical"]
        yield int(code) if code.isdecimal() else code, Bilingual(row["label_vi"], row["label_en"])


def _measures() -> Mapping[Any, Bilingual]:
    """A measure is called as the indicator that counts it."""
    return {measure: figures.titles()[code] for code, measure in counted_rows.MEASURE_OF.items()}
