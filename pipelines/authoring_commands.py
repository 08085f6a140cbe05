"""`warehouse template`, `contracts export` and `synonym confirm`: what is written where, and what is said of it.

What the files made of contracts hold belongs to `reports`, what a synonym does to `schemas.synonyms`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from upath import UPath

from pipelines.console import complain, say
from reports.contract_files import write_exports
from reports.template import workbook_of
from schemas import synonyms
from schemas.extracts import all_extracts
from schemas.periods import span
from warehouse.headers import column_of
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


def confirm_synonym(extract: str, title: str, column: str) -> int:
    """Remember that a title of an extract means a column; returns 0, or 2 when it means something already or nothing can."""
    contract = all_extracts()[extract]
    columns = [known.name for known in contract.columns]
    if column not in columns:
        complain(f"Không có cột / There is no such column: {column}; có / there are: {', '.join(columns)}")
        return 2
    if not title.strip():
        complain("Tiêu đề trống / The title is empty")
        return 2
    if known := column_of(title, contract):
        complain(f"Tiêu đề đã là của cột / The title stands for a column already: {known}")
        return 2
    synonyms.confirm(extract, title.strip(), column, datetime.now(LOCAL_TIME).date())
    say(f"{title.strip()} → {column}: {synonyms.FILE}")
    say("Tệp mới được đọc theo đó; tệp cũ: warehouse replay / New files are read so; earlier ones: warehouse replay")
    return 0
