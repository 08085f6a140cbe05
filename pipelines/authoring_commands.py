"""`warehouse template` and `warehouse contracts export`: where files made of contracts are written, what is said of them.

What they hold belongs to `reports`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from upath import UPath

from pipelines.console import say
from reports.contract_files import write_exports
from reports.template import workbook_of
from schemas.extracts import all_extracts
from schemas.periods import span
from warehouse.ledger import LOCAL_TIME


def write_template(extract: str, out: Path | None, period: str | None) -> int:
    """Write the template of an extract, with the code lists of the last day of a period or of today; returns 0."""
    on = span(period).last_on if period else datetime.now(LOCAL_TIME).date()
    target = out or Path(f"mau-{extract}.xlsx")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(workbook_of(all_extracts()[extract], on))
    say(str(target))
    return 0


def export_contracts(out: Path) -> int:
    """Write every contract in open standards into a folder; returns 0."""
    written = write_exports(UPath(out))
    say(f"{len(written)} tệp / files: {out}")
    return 0
