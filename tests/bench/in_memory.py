"""Reading and judging alone: from the bytes of a CSV file to its rows split in memory, nothing written. Prints seconds."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import polars as pl

from schemas.extracts import all_extracts
from schemas.pandera_model import failures_of_each
from schemas.parsing import duplicate_flags, flagged, key_hashes, parse
from schemas.rules import Severity
from tests.bench import declare_contract
from warehouse.judgement import BATCH_ROWS
from warehouse.readers import delimited
from warehouse.readers.reading import ahead


def main(file: str) -> None:
    """Print {"judged_s", "accepted", "rejected"} as JSON."""
    declare_contract()
    extract = all_extracts()["dossier_million"]
    quarantining = [rule.code for rule in extract.rules if rule.severity is Severity.QUARANTINE]
    began = perf_counter()
    reading = delimited.read(Path(file), extract)
    parsed, hashes = [], []
    for batch in ahead(parse(texts, extract) for texts in ahead(_in_batches(reading.batches))):
        hashes.append(key_hashes(batch, extract))
        parsed.append(batch)
    flags = duplicate_flags(pl.concat(hashes))
    accepted, rejected = [], []
    for judged, found in ahead(failures_of_each(extract, flagged(parsed, flags))):
        broken = found.filter(pl.col("rule_code").is_in(quarantining))["at"].unique()
        is_rejected = pl.int_range(judged.height, dtype=pl.UInt32, eager=True).is_in(broken.implode())
        accepted.append(judged.filter(~is_rejected))
        rejected.append(judged.filter(is_rejected))
    judged_s = perf_counter() - began
    rows = {"accepted": accepted, "rejected": rejected}
    print(json.dumps({"judged_s": judged_s} | {side: sum(f.height for f in frames) for side, frames in rows.items()}))


def _in_batches(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Frames in the layout that `parse` takes, joined until there are enough rows to be worth a pass."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame.with_columns(delivery=pl.lit(0, pl.UInt32), period_last_on=pl.date(2023, 12, 31)))
        if sum(frame.height for frame in waiting) >= BATCH_ROWS:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


if __name__ == "__main__":
    main(sys.argv[1])
