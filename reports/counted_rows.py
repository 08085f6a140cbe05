"""Which rows of an evidence query an indicator counts: those of its denominator, and among them those of its numerator.

What belongs here: that choice, by indicator, and the query that makes it. What does not: the rows themselves
(`sql/evidence`), the formula of a figure (`warehouse/sql/explain`), and how rows are shown (`drill`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot import exp

IN_NUMERATOR: Final = "in_numerator"
_BEHIND: Final = "behind"
_NOTHING_LACKS: Final = "numerator = denominator"


@dataclass(frozen=True)
class Counted:
    """Conditions on the columns of an evidence query; an empty one holds for every row, or says that there is no such part.

    `of` holds for the rows of the denominator, of a count for the rows counted; `part` for those of the numerator. Where
    `is_summed`, a row carries numbers that are added up, and `part` says that nothing is lacking in it.
    """

    of: str = ""
    part: str = ""
    is_summed: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """The columns that the conditions look at."""
        conditions = [sqlglot.parse_one(text, dialect="duckdb") for text in (self.of, self.part) if text]
        return frozenset(column.name for each in conditions for column in each.find_all(exp.Column))

    def chosen_from(self, sql: str) -> str:
        """An evidence query that gives only these rows, with the column `in_numerator` where there is a part."""
        if not self.of and not self.part:
            return sql
        rows = sqlglot.parse_one(sql, dialect="duckdb")
        order = rows.args["order"].pop()
        for column in order.find_all(exp.Column):
            column.set("table", None)
        chosen = exp.select("*").from_(_BEHIND).with_(_BEHIND, as_=rows, dialect="duckdb")
        if self.part:
            mark = exp.alias_(
                exp.func("coalesce", exp.condition(self.part, dialect="duckdb"), exp.false()), IN_NUMERATOR
            )
            chosen = chosen.select(mark)
        if self.of:
            chosen = chosen.where(self.of, dialect="duckdb")
        chosen.set("order", order)
        return chosen.sql("duckdb", pretty=True, indent=4, pad=4)


def _of_measure(code: str) -> Counted:
    return Counted(of=f"measure_code = '{code}'", part=_NOTHING_LACKS, is_summed=True)


def _of_level(code: str) -> Counted:
    return Counted(of=f"level_code = '{code}'", part="files_online = files_total", is_summed=True)


MEASURE_OF: Final[Mapping[str, str]] = {
    "T02": "shared_databases",
    "T06": "fibre_communes",
    "T07": "fibre_households",
    "T08": "accounts_15plus",
    "R01": "official_chip_card",
    "R02": "official_eid_account",
    "R03": "official_portal_account",
}
"""The measure of a report that an indicator counts, where one report holds several."""

_OF_INDICATOR: Final[Mapping[str, Counted]] = {
    **{code: _of_measure(measure) for code, measure in MEASURE_OF.items()},
    "T01": Counted(of="full_process_eligible", part="service_level = 'full'"),
    "P03": Counted(of="essential_service_no IS NOT NULL"),
    "T03": _of_level("province"),
    "T04": _of_level("district"),
    "T05": _of_level("commune"),
    "T10": Counted(part="is_online"),
    "T11": Counted(of="has_amount_due", part="paid_online"),
    "T13": Counted(part="components_digitised"),
    "T14": Counted(part="vneid_authenticated"),
    "T16": Counted(part="is_commune_reaching"),
    "O02": Counted(part="is_online"),
    "O12": Counted(part="is_reusing"),
    "O13": Counted(of="is_full_process", part="is_online"),
    "T09": Counted(part="is_on_time"),
    "T12": Counted(part="result_digitised"),
    "O04": Counted(of="days_late < 0"),
    "O05": Counted(of="coalesce(days_late, 0) = 0"),
    "O06": Counted(of="days_late > 0"),
    "O09": Counted(of="is_paused"),
    "P02": Counted(part="is_resolved_by_end"),
    "P05": Counted(part="cards_issued_cumulative >= eligible_persons", is_summed=True),
    "S01": Counted(of="overall_score IS NOT NULL"),
    "S02": Counted(of="overall_score IS NOT NULL", part="overall_score >= 4"),
    "S03": Counted(of="is_answered_on_time IS NOT NULL", part="is_answered_on_time"),
    "W01": Counted(part="is_non_cash"),
    "W02": Counted(of="is_last_of_person", part="is_non_cash"),
    "R04": Counted(part=_NOTHING_LACKS, is_summed=True),
    "D01": Counted(part="is_connected"),
    "D02": Counted(part="is_connected_and_used"),
    "D03": Counted(part="on_both = on_either", is_summed=True),
    "C01": Counted(part="is_matched"),
}
_EVERY_ROW: Final = Counted()


def of_indicator(code: str) -> Counted:
    """Which rows an indicator counts; every row of its evidence where nothing else is said."""
    return _OF_INDICATOR.get(code, _EVERY_ROW)
