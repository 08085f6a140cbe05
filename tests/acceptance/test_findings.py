"""Every defect the simulator planted is found, nothing else is, and every row has the fate it was meant to have."""

from __future__ import annotations

import polars as pl

from tests.acceptance.conftest import Province

_DELIVERY = ["sha256", "extract", "supplier", "period"]
_PAIR = ["path", "source_row", "rule_code"]


def _sendings(province: Province) -> pl.DataFrame:
    """The truth about each sending beside what `quality.delivery` says of it."""
    told = province.ask(
        """
        SELECT sha256, extract, supplier_code AS supplier, period, delivery_id, received_at, status AS told_status,
               refusal_code AS told_refusal, rows_read AS told_rows, rows_accepted, rows_quarantined, rows_structural
        FROM quality.delivery
        """
    )
    moment = pl.col("received_at").dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
    return province.table("sendings").with_columns(moment).join(
        told.with_columns(moment), on=[*_DELIVERY, "received_at"], how="full", coalesce=True
    )  # fmt: skip


def _found(province: Province, stage: str) -> pl.DataFrame:
    findings = province.ask(
        f"SELECT delivery_id, source_row, rule_code FROM quality.quarantine WHERE stage = '{stage}'"
    )
    return findings.join(_sendings(province).select("delivery_id", "path"), on="delivery_id").unique()


def test_every_sending_is_known_with_its_status(province: Province) -> None:
    sendings = _sendings(province)
    assert sendings.height == province.table("sendings").height
    wrong = sendings.filter(
        (pl.col("status").ne_missing(pl.col("told_status")))
        | (pl.col("refusal_code").ne_missing(pl.col("told_refusal")))
        | (pl.col("rows_read").ne_missing(pl.col("told_rows")))
    )
    assert wrong.is_empty(), wrong.select("path", "status", "told_status", "refusal_code", "told_refusal").rows()[:5]


def test_the_gate_finds_what_was_planted_and_nothing_else(province: Province) -> None:
    readable = _sendings(province).filter(pl.col("refusal_code").is_null()).select("path")
    planted = province.table("findings").filter(pl.col("stage") == "gate").join(readable, on="path").select(_PAIR)
    found = _found(province, "gate").join(readable, on="path").select(_PAIR)
    missed = planted.join(found, on=_PAIR, how="anti", nulls_equal=True)
    invented = found.join(planted, on=_PAIR, how="anti", nulls_equal=True)
    assert planted.height > 500
    assert missed.is_empty(), missed.rows()[:5]
    assert invented.is_empty(), invented.rows()[:5]


def test_the_release_finds_what_was_planted_and_nothing_else(province: Province) -> None:
    counting = _sendings(province).filter(pl.col("status") == "accepted").select("path")
    planted = province.table("findings").filter(pl.col("stage") == "release").join(counting, on="path").select(_PAIR)
    found = _found(province, "release").join(counting, on="path").select(_PAIR)
    missed = planted.join(found, on=_PAIR, how="anti", nulls_equal=True)
    invented = found.join(planted, on=_PAIR, how="anti", nulls_equal=True)
    assert planted.height > 10
    assert missed.is_empty(), missed.rows()[:5]
    assert invented.is_empty(), invented.rows()[:5]


def test_rows_have_the_fate_they_were_meant_to_have(province: Province) -> None:
    fates = province.table("rows").group_by("path", "fate").len().pivot("fate", index="path", values="len").fill_null(0)
    told = _sendings(province).join(fates, on="path", how="left").filter(pl.col("refusal_code").is_null())
    wrong = told.filter(
        (pl.col("rows_accepted") != pl.col("accepted") + pl.col("quarantined_release"))
        | (pl.col("rows_quarantined") != pl.col("quarantined_gate"))
    )
    assert wrong.is_empty(), wrong.select("path", "rows_accepted", "rows_quarantined").rows()[:5]


def test_at_least_twenty_kinds_of_defect_are_tried(province: Province) -> None:
    kinds = province.table("rows")["defects"].explode().drop_nulls().n_unique()
    assert kinds + province.table("sendings")["file_defect"].drop_nulls().n_unique() >= 20
