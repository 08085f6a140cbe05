"""`warehouse trace`: where a row comes from, on the terminal. Finding it out is the warehouse's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.console import NOTHING_PUBLISHED, complain, say, table_of, wide_console
from warehouse.publishing import NoSuchReleaseError
from warehouse.storage import open_home
from warehouse.tracing import NotTraceableError, SourceRecord, Trace, trace

_FATE = {
    "shown": "→ đang hiển thị / shown",
    "older": "cũ hơn / older",
    "rejected": "bị giữ lại / rejected",
    "superseded": "tệp đã được thay / superseded",
    "deleted": "đã báo xoá / deleted",
}
_COLUMNS = ("", "Thay đổi lúc/Changed at", "Kỳ/Period", "Tệp/File", "Dòng/Line", "Nhận lúc/Received", "Lưu ý/Findings")


def trace_command(path: str | None, table: str, key: str, reveal: str | None) -> int:
    """Print a row and every line of a file that speaks about it; 1 if there is no such row, 2 before the first release."""
    try:
        found = trace(open_home(path), table, key, reveal)
    except NotTraceableError as error:
        complain(str(error))
        return 1
    except NoSuchReleaseError:
        complain(NOTHING_PUBLISHED)
        return 2
    _show(found)
    if reveal is None:
        say(
            "Dòng gốc có dữ liệu cá nhân được che; xem: --reveal LÝ DO / Lines as sent are masked; to see them: --reveal REASON"
        )
    return 0


def _show(found: Trace) -> None:
    console = wide_console()
    mark = " (MÔ PHỎNG / SIMULATED)" if found.is_simulated else ""
    if found.row:
        console.print(table_of(("", f"{found.table}{mark}"), found.row.items()))
    else:
        say(f"{found.table}{mark}: đơn vị đã báo xoá, không còn dòng nào / deleted by its supplier, no row is left")
    if found.records:
        console.print(table_of(_COLUMNS, map(_cells, found.records)))
    for text in _as_sent(found.records):
        say(text)
    say(f"release {found.release_id} · sha256 {found.records[0].sha256 if found.records else '—'}")


def _cells(record: SourceRecord) -> tuple[Any, ...]:
    return (
        _FATE.get(record.fate, record.fate),
        record.changed_at,
        f"{record.supplier_code} {record.period}",
        record.file_name,
        _place(record),
        f"{record.received_at:%d/%m/%Y %H:%M}",
        ", ".join(finding.rule_code for finding in record.findings) or None,
    )


def _as_sent(records: tuple[SourceRecord, ...]) -> Iterator[str]:
    for record in records:
        if record.raw is not None:
            yield f"{record.file_name}:{_place(record)}: {record.raw}"


def _place(record: SourceRecord) -> str:
    """The line, else the number of the record; in a workbook or an archive after the sheet or member."""
    number = record.line if record.line is not None else record.source_row
    return f"{record.source_sheet}:{number}" if record.source_sheet else str(number)
