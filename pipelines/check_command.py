"""`warehouse check`: what a clerk sees of a file before sending it. The judging itself is the warehouse's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.console import say, table_of, wide_console
from schemas.extracts import all_extracts
from warehouse.judging import check_file

if TYPE_CHECKING:
    from schemas.contract import Extract
    from warehouse.judging import CheckResult

MOST_FINDINGS_SHOWN = 200
_SEVERITY = {
    "refuse": "từ chối tệp / file refused",
    "quarantine": "giữ lại dòng / row rejected",
    "blank": "bỏ trống ô / value emptied",
    "warn": "nhắc nhở / warning",
}
_VERDICT = {
    0: "Tệp dùng được / The file is fine",
    1: "Một số dòng bị giữ lại / Some rows were rejected",
    2: "Tệp bị từ chối / The file was refused",
}


def check_command(file: Path, extract: str, period: str, supplier: str | None) -> int:
    """Judge a file without keeping it, print what was found, return 0, 1 or 2."""
    result = check_file(file, extract, period, supplier)
    shown = result.findings.sort("source_sheet", "source_row", "column_name").head(MOST_FINDINGS_SHOWN)
    if shown.height:
        columns = ("Trang/Sheet", "Dòng/Row", "Cột/Column", "Thấy/Found", "Cần/Expected", "Mức/Severity")
        rows = (_cells(all_extracts()[extract], finding) for finding in shown.iter_rows(named=True))
        wide_console().print(table_of(columns, rows, title=f"Tệp / File: {file.name}"))
    if result.findings.height > shown.height:
        left = result.findings.height - shown.height
        say(f"… còn {left} lỗi nữa / {left} more findings")
    say(_verdict(result))
    return result.exit_code


def _cells(contract: Extract, finding: dict[str, Any]) -> tuple[Any, ...]:
    name = finding["column_name"]
    titles = {column.name: column.vi for column in contract.columns}
    return (
        finding["source_sheet"],
        finding["source_row"],
        titles.get(name, name),
        finding["found"],
        f"{finding['expected_vi']}\n{finding['expected_en']}",
        _SEVERITY[finding["severity"]],
    )


def _verdict(result: CheckResult) -> str:
    receipt = result.receipt
    if result.exit_code == 2:
        return f"{_VERDICT[2]}: {receipt.refusal_vi} / {receipt.refusal_en}"
    counts = (
        f"{receipt.rows_read} đọc/read, {receipt.rows_accepted} nhận/accepted, {receipt.rows_quarantined} giữ/rejected,"
        f" {receipt.rows_structural} hỏng/broken"
    )
    return f"{_VERDICT[result.exit_code]}: {counts}"
