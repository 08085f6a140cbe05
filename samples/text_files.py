"""Writes reports as programs do: delimited text, or an array of JSON objects.

What belongs here: the bytes of text and where its records stand. What does not: the content of any one report.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from io import StringIO

from samples.forms import Row, TextForm, Written
from samples.landing import TrueRow


def write_text(form: TextForm, rows: Sequence[Row]) -> Written:
    """A file of the rows under the titles of the form."""
    if form.delimiter is None:
        return Written(".json", None, _records(form, rows), _truth(rows, first=1), [])
    # The header stands on the first line.
    return Written(".csv", None, _lines(form, form.delimiter, rows), _truth(rows, first=2), [])


def _truth(rows: Sequence[Row], *, first: int) -> list[TrueRow]:
    return [TrueRow(number, row.defects, row.expected) for number, row in enumerate(rows, first)]


def _records(form: TextForm, rows: Sequence[Row]) -> bytes:
    """One object on a line."""
    lines = [
        json.dumps({column.title: row.cells.get(column.field) for column in form.columns}, ensure_ascii=False)
        for row in rows
    ]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _lines(form: TextForm, delimiter: str, rows: Sequence[Row]) -> bytes:
    """UTF-8 with its mark, lines ended as on Windows."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(column.title for column in form.columns)
    writer.writerows([row.cells.get(column.field) for column in form.columns] for row in rows)
    return lines.getvalue().encode("utf-8-sig")
