"""The communes below the online threshold, which the sixteenth target counts: it judges communes, but has no figure of one.

What belongs here: which communes are below the threshold, by how many of their dossiers. What does not: the share of a commune
and what its own target for it is (T10), layout (`templates`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from reports import figures, prose, published
from reports.figures import Figure, Lagging
from reports.published import Parameters, Row
from reports.wording import Bilingual
from reports.year import Unit, Year, in_english
from schemas.reference import tables

CODE: Final = "T16"
"""The indicator that counts the communes which reach the threshold."""
_JUDGED: Final = "T10"
"""The indicator that judges the same share of each commune by a target."""
_QUERY: Final = "pages/below_threshold"
_PARAMETER: Final = "communes_online_threshold"


@dataclass(frozen=True)
class Below:
    """The communes below the threshold, the lowest first; `missed` communes miss the target of the figure that judges them."""

    share: Bilingual
    communes: Sequence[Lagging]
    judged: Figure | None
    missed: int
    sql: str


def read(con: duckdb.DuckDBPyConnection, year: Year, province: Unit) -> Below:
    """The communes of the province that are below the threshold, as they were at the end of the year."""
    (share,) = (row["amount"] for row in tables.parameter().iter_rows(named=True) if row["name"] == _PARAMETER)
    asked: Parameters = {
        "period": year.period,
        "unit_key": province.key,
        "last_on": year.last_day,
        "threshold": str(share),
    }
    judged = year.figures[province.key].get(_JUDGED)
    communes = [year.figures[unit.key].get(_JUDGED) for unit in year.below(province, "commune")]
    return Below(
        share=prose.percent(share),
        communes=[_commune(row, year) for row in published.rows(con, _QUERY, asked)],
        judged=figures.figure(judged) if judged else None,
        missed=sum(row is not None and row["status"] == "not_met" for row in communes),
        sql=published.readable(_QUERY, asked),
    )


def _commune(row: Row, year: Year) -> Lagging:
    unit = year.units.get(row["unit_key"])
    return Lagging(
        name=unit.name if unit else Bilingual(row["full_name"], in_english(row["name_en"], row["unit_type"])),
        page=f"{unit.page}#{_JUDGED}" if unit else "",
        value=figures.shown(row["value"], "share"),
        counted=figures.counted(row["numerator"] or 0, row["denominator"] or 0),
        rank="" if row["value"] is None else str(row["value"]),
    )
