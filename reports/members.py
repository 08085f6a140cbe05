"""Agencies and essential services as pages have them: their figures of the year, months, balance and the SQL of both.

What belongs here: what the pages of agencies and services have in common. What does not: what only one of them shows
(`agency_pages`, `service_pages`), and the pages of administrative units (`unit_pages`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import duckdb
from markupsafe import Markup

from reports import charts, figures, prose, published, responses, wording
from reports.charts import Parted
from reports.figures import Figure, Month
from reports.published import Row
from reports.wording import Bilingual
from reports.year import Year

CSV_COLUMNS: Final = ("kpi_set", "kpi_code", "period", "numerator", "denominator", "value", "target", "status")
BALANCE: Final = ("O07", "O01", "O03", "O10", "O08")
"""Carried over + received = resolved + withdrawn + in process."""
RESOLVED: Final = ("O04", "O05", "O06")
"""Resolved before the due date, on it, and late."""
_FEWEST_MONTHS: Final = 2


@dataclass(frozen=True)
class Head:
    """An indicator as the head of a column, with its page relative to the site."""

    code: str
    page: str
    title: Bilingual


@dataclass(frozen=True)
class Trend:
    """The months of one indicator, in the order of the table's columns."""

    code: str
    page: str
    title: Bilingual
    months: Sequence[Month | None]


@dataclass(frozen=True)
class Balance:
    """Dossiers of one period: carried over + received = resolved + withdrawn + in process, or what is missing."""

    period: Bilingual
    amounts: Sequence[Bilingual]
    difference: int | None


@dataclass(frozen=True)
class Held:
    """The figures of a year, by member and indicator, and their months."""

    figures: Mapping[str, Mapping[str, Row]]
    months: Mapping[tuple[str, str], Sequence[Row]]

    def of(self, member: str) -> list[Figure]:
        """The figures of a member in the words of pages."""
        return figures.in_order(self.figures.get(member, {}).values())

    def periods(self, member: str) -> list[str]:
        """The months in which a member has a figure."""
        codes = self.figures.get(member, {})
        return sorted({month["period"] for code in codes for month in self.months.get((member, code), ())})

    def trends(self, member: str, periods: Sequence[str]) -> Iterator[Trend]:
        """The months of every figure of a member that has any."""
        for figure in self.of(member):
            months = figures.months_of(figure.row, self.months.get((member, figure.code), ()))
            told = {month.period: month for month in months}
            if told and figure.row["measure"] == "vnd":
                yield _in_millions(figure, [told.get(period) for period in periods])
            elif told:
                yield Trend(figure.code, figure.page, figure.title, [told.get(period) for period in periods])

    def balances(self, member: str, period: str) -> Iterator[Balance]:
        """The balance of the year and of each month; nothing for who has no dossiers."""
        whole_year = {code: row["numerator"] for code, row in self.figures.get(member, {}).items()}
        if not set(BALANCE) <= whole_year.keys():
            return
        yield _balance(prose.period_name(period), whole_year)
        by_month: dict[str, dict[str, Any]] = defaultdict(dict)
        for code in BALANCE:
            for row in self.months.get((member, code), ()):
                by_month[row["period"]][code] = row["numerator"]
        for month, held in sorted(by_month.items()):
            yield _balance(month_name(month), held)

    def timeliness(self, member: str, period: str) -> Markup | None:
        """How much of each month was resolved before it was due, on the day and late, as a chart; None for too few months."""
        before, on_time, late = (
            {row["period"]: row["numerator"] for row in self.months.get((member, code), ())} for code in RESOLVED
        )
        months = sorted(before.keys() | on_time.keys() | late.keys())
        if len(months) < _FEWEST_MONTHS:
            return None
        parted = [Parted(month_name(month), before.get(month), on_time.get(month), late.get(month)) for month in months]
        title = Bilingual(
            f"Hồ sơ đã giải quyết từng tháng năm {period}: trước hạn, đúng hạn, quá hạn",
            f"Dossiers resolved in each month of {period}: before they were due, on the day, late",
        )
        return charts.stacked("timeliness", title, parted, Bilingual("Tháng", "Month"))

    def csv_rows(self, member: str) -> Iterator[Row]:
        """What the SQL of a member's page gives: each figure of the year, then its months."""
        for code, row in self.figures.get(member, {}).items():
            yield {name: row[name] for name in CSV_COLUMNS}
            for month in self.months.get((member, code), ()):
                yield {**{name: month[name] for name in CSV_COLUMNS if name in month}, "kpi_set": row["kpi_set"]}


def read(con: duckdb.DuckDBPyConnection, kind: str, key: str, period: str) -> Held:
    """The figures of all members of a kind, `agency` or `service`, whose rows are told apart by `key`."""
    year: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in published.rows(con, f"pages/{kind}_figures", {"period": period}):
        year[row[key]][row["kpi_code"]] = row
    months: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in published.rows(con, f"pages/{kind}_months", {"period": period}):
        months[row[key], row["kpi_code"]].append(row)
    return Held(year, months)


def shown(held: Held, member: str, year: Year) -> dict[str, Any]:
    """What the pages of agencies and services both show of a member; what only one of them shows is empty."""
    periods = held.periods(member)
    return {
        "year": year,
        "figures": figures.by_urgency(held.of(member)),
        "month_names": [month_name(period) for period in periods],
        "trends": list(held.trends(member, periods)),
        "timeliness": held.timeliness(member, year.period),
        "balances": list(held.balances(member, year.period)),
        "in_charge": [],
        "in_charge_sql": "",
        "responses": responses.arranged([], year.period),
        "owed": [],
        "owed_sql": "",
        "typed": [],
        "typed_sql": "",
        "procedures": [],
        "procedures_sql": "",
    }


def headline(name: Bilingual, own: Sequence[Figure], period: str) -> Bilingual:
    """How many of the sixteen targets that a member has figures of are met; only its name where it has none."""
    met = figures.met_in(own, period)
    return Bilingual(f"{name.vi}: {met.vi}", f"{name.en}: {met.en}") if met else name


def heads(*codes: str) -> list[Head]:
    """Indicators as columns, in the order given."""
    return [Head(code, figures.indicator_page(code), figures.titles()[code]) for code in codes]


def code(text: str) -> Bilingual:
    """A code, which no language changes."""
    return Bilingual(text, text)


def month_name(period: str) -> Bilingual:
    """A month as the head of a narrow column."""
    return Bilingual(f"T{int(period.partition('-')[2])}", prose.period_name(period).en[:3])


def _in_millions(figure: Figure, months: Sequence[Month | None]) -> Trend:
    """The months of an amount of money in a unit that narrow columns have room for."""
    title = Bilingual(f"{figure.title.vi}, triệu đồng", f"{figure.title.en}, million VND")
    shown = [replace(each, value=wording.millions(each.rank)) if each and each.rank else each for each in months]
    return Trend(figure.code, figure.page, title, shown)


def _balance(name: Bilingual, held: Mapping[str, Any]) -> Balance:
    amounts = [held[code] for code in BALANCE if held.get(code) is not None]
    said = [wording.count(held.get(code)) for code in BALANCE]
    if len(amounts) < len(BALANCE):
        return Balance(name, said, None)
    carried, received, resolved, withdrawn, in_process = amounts
    return Balance(name, said, carried + received - resolved - withdrawn - in_process)
