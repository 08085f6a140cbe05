"""Batches may be judged together: what is found in each is what would be found in it alone."""

import polars as pl
import pytest

from schemas import pandera_model
from schemas.extracts import all_extracts
from schemas.pandera_model import failures, failures_of_each
from schemas.parsing import duplicate_flags, key_hashes, parse

CATALOGUE = all_extracts()["procedure_catalogue"]


def parsed(*codes: str) -> pl.DataFrame:
    """A batch with one row per procedure code; all else is missing."""
    texts = pl.DataFrame({"procedure_code": codes}).with_columns(
        delivery=pl.lit(0, pl.UInt32),
        source_sheet=pl.lit(None, pl.String),
        source_row=pl.int_range(pl.len()),
        period_last_on=pl.date(2023, 12, 31),
    )
    batch = parse(texts, CATALOGUE)
    return batch.hstack(duplicate_flags(key_hashes(batch, CATALOGUE)))


@pytest.mark.parametrize("together_bytes", [0, 1 << 30])
def test_batches_judged_together_have_the_failures_they_have_alone(
    together_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandera_model, "_TOGETHER_BYTES", together_bytes)
    batches = [parsed("1.001193", "không"), parsed("1.001193"), parsed("x", "1.000001.H54", "1.001193", "1.001193")]
    alone = [failures(CATALOGUE, batch) for batch in batches]
    assert "procedure_code.unreadable" in alone[0]["rule_code"]
    assert alone[0]["at"].max() == 1
    judged = list(failures_of_each(CATALOGUE, iter(batches)))
    assert all(batch is given for (batch, _), given in zip(judged, batches, strict=True))
    assert all(found.equals(by_itself) for (_, found), by_itself in zip(judged, alone, strict=True))
