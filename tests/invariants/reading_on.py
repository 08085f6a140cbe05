"""A reader that never stops: opens the analyst edition by its fixed path, asks it, closes it, and again.

Started as `python reading_on.py EDITION STOP_FILE PAUSE_S`; imports DuckDB alone, as an analyst's own script would. Prints one
JSON line: the reads it made of each release, and the first error it met.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb

FIGURES = """
    SELECT
        (SELECT release_id FROM meta.release),
        (SELECT count(*) FROM core.fact_dossier),
        (SELECT count(*) FROM quality.delivery),
        (SELECT string_agg(kpi_code || '=' || coalesce(value::VARCHAR, '-'), ' ' ORDER BY kpi_code)
         FROM mart.kpi_scorecard WHERE period = '2023' AND unit_code = '34')
"""
"""What a reader asks: which release it is, and figures that differ from one release to the next."""


def main(edition: str, stop_file: str, pause_s: str) -> None:
    """Read until the stop file is there, with a pause after each time (seconds)."""
    # So many readers on two cores would starve the builder, which is what is to be disturbed.
    os.nice(19)
    seen: Counter[str] = Counter()
    error = None
    while not Path(stop_file).exists():
        try:
            with duckdb.connect(edition, read_only=True, config={"threads": 1}) as con:
                first, again = con.execute(FIGURES).fetchall(), con.execute(FIGURES).fetchall()
            seen[json.dumps(first[0] if first == again else [first, again], default=str)] += 1
        except duckdb.Error as met:
            error = error or f"{type(met).__name__}: {met}"
        time.sleep(float(pause_s))
    sys.stdout.write(json.dumps({"seen": seen, "error": error}))


if __name__ == "__main__":
    main(*sys.argv[1:])
