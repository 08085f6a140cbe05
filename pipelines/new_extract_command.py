"""`warehouse new-extract`: a draft of contract, asset and golden delivery from a sample, and what a person must decide.

What is guessed, and how it is written down, belongs to `warehouse.drafting`; here is what is asked and what is said.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import schemas
from pipelines.console import complain, say, table_of, wide_console
from reports.template import workbook_of
from schemas import extracts
from schemas.contract import Personal
from schemas.periods import Cadence, of_day, span
from schemas.reference import tables
from warehouse.drafting.column_names import snake_case
from warehouse.drafting.guess import Guess
from warehouse.drafting.sample import read_sample
from warehouse.drafting.source import Draft
from warehouse.drafting.writing import AlreadyThereError, Written, write_draft
from warehouse.ledger import LOCAL_TIME
from warehouse.readers.reading import Refusal

_PERSONAL = {
    Personal.NONE: "",
    Personal.BASIC: "cá nhân / personal",
    Personal.SENSITIVE: "nhạy cảm / sensitive",
}
_ALWAYS = (
    "Tên biểu, mục đích, căn cứ, hạn gửi, quy tắc giữa các cột / Its title, purpose, legal ground, due day, rules of rows",
    "Từng kiểu cột, cột bắt buộc, khoá; dữ liệu cá nhân / Each column's type, what is required, the key; personal data",
)


def new_extract(
    sample: Path,
    name: str | None,
    title: str | None,
    supplier: str,
    department: str,
    cadence: Cadence,
    period: str | None,
) -> int:
    """Draft an extract from a sample into the source tree this runs from; returns 0, or 2 when nothing was written."""
    root = Path(schemas.__file__).resolve().parents[1]
    name = name or snake_case(sample.stem)
    if problem := _problem(root, name, supplier, department):
        complain(problem)
        return 2
    period = period or of_day(datetime.now(LOCAL_TIME).date(), cadence)
    try:
        found = read_sample(sample)
        said = title or name.replace("_", " ").capitalize()
        draft = Draft(name, said, supplier, department, cadence, period, found.sheet, found.header_rows)
        written = write_draft(root, found, draft)
    except Refusal as refusal:
        complain(f"Không đọc được mẫu / The sample cannot be read: {refusal.found} ({refusal.code})")
        return 2
    except AlreadyThereError as error:
        complain(f"Đã có / Already there: {error}")
        return 2
    _tidy(root, [file for file in written.files if file.suffix == ".py"])
    is_kept = _golden_outcome(root, name)
    template = _template(name, period)
    _tell(root, written, template, is_kept=is_kept)
    return 0


def _problem(root: Path, name: str, supplier: str, department: str) -> str | None:
    if not (root / "pyproject.toml").exists():
        return f"Cần mã nguồn của dự án / The project's source tree is needed: {root}"
    for word in (name, department):
        if not word.isidentifier() or word != word.lower():
            return f"Tên cần dạng snake_case / A name must be snake_case: {word}"
    if supplier not in tables.agency()["short_code"].to_list():
        return f"Không có đơn vị / There is no such agency: {supplier}"
    return None


def _tidy(root: Path, files: Iterable[Path]) -> None:
    """Let the formatter have the last word where it is installed."""
    if find_spec("ruff"):
        names = [str(file) for file in files]
        for words in (("check", "--fix"), ("format",)):
            subprocess.run([sys.executable, "-m", "ruff", *words, "--quiet", *names], cwd=root, check=False)


def _golden_outcome(root: Path, name: str) -> bool:
    """Have the golden test write what comes of the delivery; whether it then holds."""
    if not find_spec("pytest"):
        return False
    words = ("-q", "-n", "0", "-p", "no:cacheprovider", "tests/golden", "-k", name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=root,
        env=os.environ | {"REWRITE_GOLDEN": "1"},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _template(name: str, period: str) -> Path:
    importlib.invalidate_caches()
    extracts.all_extracts.cache_clear()
    target = Path(f"mau-{name}.xlsx")
    target.write_bytes(workbook_of(extracts.all_extracts()[name], span(period).last_on))
    return target


def _tell(root: Path, written: Written, template: Path, *, is_kept: bool) -> None:
    titles = (
        "Tiêu đề/Title",
        "Cột/Column",
        "Kiểu/Type",
        "Đọc được/Read",
        "Trống/Empty",
        "Khoá/Key",
        "Cá nhân/Personal",
    )
    rows = (_cells(column, written.guesses.key) for column in written.guesses.columns)
    wide_console().print(
        table_of(titles, rows, title=f"Đã đoán từ {written.rows} dòng / Guessed from {written.rows} rows")
    )
    say("Cần người quyết định / For a person to decide:")
    for line in (*_ALWAYS, *_decisions(written)):
        say(f"  - {line}")
    say("Đã viết / Written:")
    for file in written.files:
        say(f"  {file.relative_to(root)}")
    say(f"  {template}")
    say(
        "Tệp mẫu trong tests/golden đã thay dữ liệu cá nhân bằng dữ liệu giả; hãy đọc lại trước khi ghi nhận / "
        "Personal data in the golden file were replaced by made-up ones; read it before it is committed"
    )
    if not is_kept:
        say(
            "Chưa ghi được kết quả mong đợi / The expected outcome is still to be written: "
            "REWRITE_GOLDEN=1 .venv/bin/pytest tests/golden"
        )


def _cells(column: Guess, key: Sequence[str]) -> tuple[str, ...]:
    needed = " *" if column.is_required else ""
    return (
        column.title,
        column.name,
        f"{type(column.kind).__name__}{needed}",
        f"{column.fitting}/{column.filled}",
        str(column.cells - column.filled),
        "✓" if column.name in key or (column.name == "unit_name" and "unit_code" in key) else "",
        _PERSONAL[column.personal],
    )


def _decisions(written: Written) -> Iterable[str]:
    if not written.guesses.is_key_unique:
        key = " + ".join(written.guesses.key)
        yield f"Khoá {key} lặp lại trong mẫu / The key {key} repeats in the sample"
    if written.guesses.summed:
        summed = ", ".join(written.guesses.summed)
        yield f"Dòng tổng phải bằng tổng các dòng ở {summed} / A total row must equal the sum of its rows in {summed}"
    if written.is_cut:
        yield f"Chỉ xem {written.rows} dòng đầu / Only the first {written.rows} rows were looked at"
    for column in written.guesses.columns:
        for doubt in column.doubts:
            yield f"{column.title} ({column.name}): {doubt.vi} / {doubt.en}"
