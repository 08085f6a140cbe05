"""How much a release may take away or change of the one before it, before a person has to look.

New rows are what every night brings and cost nothing. What differs is counted in `difference`; what is then done with the
release, in `release`. A table's own budget stands in the header of its SQL: `-- budget removed 1 % changed 30 %`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.difference import SCORECARD, Difference, TableDifference
from warehouse.sql_models import Budget, Model, load_models

DEFAULT = Budget(removed_share=0.01, changed_share=0.4)
"""A monthly report sent again in the first quarter changes a third of its table."""
REMOVED_ALWAYS_ALLOWED = 200
CHANGED_ALWAYS_ALLOWED = 5_000
"""One corrected report may replace the whole of a small table, and a table is small in its first weeks: a province's night
changes some 4,000 dossiers, a fifth of all there are after a week and half a hundredth after a year."""
FIGURES_SHARE = 0.10
FIGURES_ALWAYS_ALLOWED = 1_000
"""A late report of one department moves the figures of every commune that it counts."""
_WATCHED = frozenset({"dimensions", "facts"})


@dataclass(frozen=True)
class Overrun:
    """A budget that a release went over: what happened to so many rows or figures `of` all, and how many were `allowed`."""

    table: str
    what: str
    found: int
    of: int
    allowed: int


def watched_tables() -> dict[str, Budget]:
    """The tables whose rows are budgeted: dimensions and facts, each with its budget. Marts are watched by their figures."""
    return {
        model.name: budget_of(model)
        for model in load_models()
        if model.kind in _WATCHED and (model.key or model.budget is not None)
    }


def budget_of(model: Model) -> Budget:
    """The budget in a model's header, else the default."""
    return model.budget or DEFAULT


def overruns(difference: Difference) -> tuple[Overrun, ...]:
    """The budgets that a difference goes over; a table that is gone has lost all of its rows."""
    return (*_rows_over(difference), *_figures_over(difference))


def _rows_over(difference: Difference) -> Iterator[Overrun]:
    budgets = watched_tables()
    gone = {table.name for table in difference.tables if table.rows_after is None and table.name.startswith("core.")}
    for table in difference.tables:
        if table.name in budgets or table.name in gone:
            yield from _over(table, budgets.get(table.name, DEFAULT))


def _over(table: TableDifference, budget: Budget) -> Iterator[Overrun]:
    rows = table.rows_before or 0
    for what, found, share, always in (
        ("removed", table.removed or 0, budget.removed_share, REMOVED_ALWAYS_ALLOWED),
        ("changed", table.changed or 0, budget.changed_share, CHANGED_ALWAYS_ALLOWED),
    ):
        allowed = max(always, int(rows * share))
        if found > allowed:
            yield Overrun(table.name, what, found, rows, allowed)


def _figures_over(difference: Difference) -> Iterator[Overrun]:
    allowed = max(FIGURES_ALWAYS_ALLOWED, int(difference.figures_closed * FIGURES_SHARE))
    if difference.figures_closed_moved > allowed:
        yield Overrun(SCORECARD, "moved", difference.figures_closed_moved, difference.figures_closed, allowed)
