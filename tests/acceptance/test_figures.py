"""The figures of the scorecard against figures worked out from the truth alone, at the end and at New Year's Eve."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from tests.acceptance.conftest import YEAR_END, Province

_FIRST, _LAST = date(2023, 1, 1), date(2023, 12, 31)


def _scorecard(province: Province, release_id: str) -> dict[str, dict[str, float | None]]:
    rows = province.ask(
        """
        SELECT kpi_code, numerator::DOUBLE AS numerator, denominator::DOUBLE AS denominator, target, value
        FROM mart.kpi_scorecard WHERE period = '2023' AND unit_code = '34'
        """,
        release_id,
    )
    return {str(row.pop("kpi_code")): row for row in rows.to_dicts()}


def _dossiers(province: Province, *, by_year_end: bool) -> pl.DataFrame:
    """The latest accepted state of every dossier that the files received by then tell, from the truth alone."""
    sendings = province.table("sendings").filter(pl.col("extract") == "one_stop_dossier")
    if by_year_end:
        sendings = sendings.filter(pl.col("received_at") <= YEAR_END)
    counting = (
        sendings.filter(pl.col("refusal_code").is_null())
        .sort("received_at", "sha256")
        .group_by("extract", "supplier", "period", maintain_order=True)
        .last()
    )
    return (
        province.table("rows")
        .filter(pl.col("fate") == "accepted")
        .join(counting.select("path", sent_at="received_at"), on="path")
        .sort("updated_at_read", "sent_at", "source_row")
        .group_by("dossier_code", maintain_order=True)
        .last()
    )


def _expected(dossiers: pl.DataFrame) -> dict[str, tuple[int, int | None]]:
    """Numerators and denominators for 2023 by DOMAIN's definitions, in Polars."""
    received = dossiers.filter(
        pl.col("received_on").is_between(_FIRST, _LAST) & pl.col("status_code").is_in([1, 3]).not_()
    )
    resolved = dossiers.filter(pl.col("finished_on").is_between(_FIRST, _LAST) & pl.col("status_code").is_in([9, 10]))
    online = received.filter(pl.col("channel_code") == 2)
    on_time = resolved.filter(pl.col("due_on").is_null() | (pl.col("finished_on") <= pl.col("due_on")))
    payable = received.filter(pl.col("amount_due_vnd") > 0)
    return {
        "P01": (online.filter("is_essential").height, None),
        "O01": (received.height, None),
        "O02": (online.height, received.height),
        "O03": (resolved.height, None),
        "T09": (on_time.height, resolved.height),
        "T10": (online.height, received.height),
        "T11": (payable.filter("paid_online").height, payable.height),
        "T12": (resolved.filter("result_digitised").height, resolved.height),
        "T13": (received.filter("components_digitised").height, received.height),
        "T14": (received.filter("vneid_authenticated").height, received.height),
    }


@pytest.mark.parametrize("by_year_end", [False, True], ids=["everything", "new-years-eve"])
def test_dossier_figures_equal_the_truth(province: Province, *, by_year_end: bool) -> None:
    release_id = province.year_end_release_id if by_year_end else province.release_id
    told = _scorecard(province, release_id)
    for code, (numerator, denominator) in _expected(_dossiers(province, by_year_end=by_year_end)).items():
        assert told[code]["numerator"] == numerator, code
        if denominator is not None:
            assert told[code]["denominator"] == denominator, code


def test_the_article_is_reproduced(province: Province) -> None:
    figures = json.loads((province.truth / "figures.json").read_text())["figures"]
    told = _scorecard(province, province.release_id)
    for code, figure in figures.items():
        assert told[code]["value"] == pytest.approx(figure["value"], abs=1e-12), code
        if figure["numerator"] is not None:
            assert told[code]["numerator"] == figure["numerator"], code
    assert figures["P01"]["value"] == round(491_643 * 0.01)


def test_ten_of_sixteen_targets_are_met(province: Province) -> None:
    statuses = province.ask(
        """
        SELECT status, count(*) AS targets FROM mart.kpi_scorecard
        WHERE kpi_set = 'target_16' AND period = '2023' AND unit_code = '34' GROUP BY status
        """
    )
    assert dict(statuses.rows()) == {"met": 10, "not_met": 6}


def test_new_years_eve_falls_short_and_every_missing_dossier_is_explained(province: Province) -> None:
    """Each essential online dossier not counted yet is quarantined, in a refused file, or in a file not there yet."""
    at_the_end = province.ask(
        "SELECT dossier_code FROM core.fact_dossier WHERE is_online AND is_essential AND year(received_on) = 2023 "
        "AND status_code NOT IN (1, 3)"
    )
    then = province.ask(
        "SELECT dossier_code FROM core.fact_dossier WHERE is_online AND is_essential AND year(received_on) = 2023 "
        "AND status_code NOT IN (1, 3)",
        province.year_end_release_id,
    )
    missing = at_the_end.join(then, on="dossier_code", how="anti")
    assert missing.height > 10

    sendings = province.table("sendings").filter(pl.col("received_at") <= YEAR_END)
    rows = province.table("rows").join(missing, on="dossier_code").join(sendings, on="path")
    quarantined = province.ask(
        """
        SELECT DISTINCT delivery.sha256, delivery.period, finding.source_row
        FROM quality.quarantine AS finding
        JOIN quality.delivery AS delivery USING (delivery_id)
        WHERE finding.severity = 'quarantine'
        """,
        province.year_end_release_id,
    )
    refused = province.ask(
        "SELECT sha256, period FROM quality.delivery WHERE status = 'refused'", province.year_end_release_id
    )
    explained = pl.concat(
        [
            rows.join(quarantined, on=["sha256", "period", "source_row"]).select("dossier_code"),
            rows.join(refused, on=["sha256", "period"]).select("dossier_code"),
        ]
    ).unique()
    unsent = missing.join(rows, on="dossier_code", how="anti")
    not_there = province.ask(
        "SELECT period FROM quality.coverage WHERE extract = 'one_stop_dossier' AND state <> 'accepted'",
        province.year_end_release_id,
    )
    first_period = (
        province.table("rows")
        .join(unsent, on="dossier_code")
        .join(province.table("sendings").select("path", "period"), on="path")
        .group_by("dossier_code")
        .agg(pl.col("period").min())
    )
    awaited = first_period.join(not_there, on="period").select("dossier_code")
    left_over = missing.join(pl.concat([explained, awaited]), on="dossier_code", how="anti")
    assert left_over.is_empty(), left_over["dossier_code"].to_list()[:5]
