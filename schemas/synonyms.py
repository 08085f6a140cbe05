"""Titles that somebody confirmed to mean a column, beyond those its contract names: seen once, remembered ever after.

What belongs here: reading and adding to `synonyms.csv`. A synonym is part of the rule-set of its extract and of no other.
Which titles look alike is no business of this module, and no likeness is ever taken for a synonym by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("synonyms.csv")
_FIELDS: Final = ("extract", "title", "column_name", "confirmed_on")


@cache
def confirmed(extract: str) -> Mapping[str, str]:
    """The confirmed titles of an extract and the columns they mean."""
    rows = csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8")))
    return {row["title"]: row["column_name"] for row in rows if row["extract"] == extract}


def confirm(extract: str, title: str, column: str, on: date) -> None:
    """Remember that a title means a column."""
    with FILE.open("a", encoding="utf-8", newline="") as stream:
        row = {"extract": extract, "title": title, "column_name": column, "confirmed_on": on.isoformat()}
        csv.DictWriter(stream, _FIELDS, lineterminator="\n").writerow(row)
    confirmed.cache_clear()
