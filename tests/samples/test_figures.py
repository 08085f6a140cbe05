"""The article's figures hold: once from the truth about every row, once from the files themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from samples import simulate
from tests.samples.conftest import SCALE, Year, read_year

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)
AFTER_ALL = datetime(2024, 1, 26, tzinfo=LOCAL)
AT_YEAR_END = datetime(2024, 1, 1, tzinfo=LOCAL)


def counting(year: Year, until: datetime) -> pl.DataFrame:
    """The last readable sending of each slot among those received before ``until``."""
    return (
        year.sendings.filter((pl.col("received_at") < until) & pl.col("refusal_code").is_null())
        .sort("received_at", "sha256")
        .unique(["extract", "supplier", "period"], keep="last", maintain_order=True)
    )


def shown_dossiers(year: Year, until: datetime) -> pl.DataFrame:
    """The latest accepted state of every dossier."""
    return (
        counting(year, until)
        .filter(pl.col("extract") == "one_stop_dossier")
        .select("path", "received_at")
        .join(year.rows.filter(pl.col("fate") == "accepted"), on="path")
        .sort("updated_at", "received_at", "source_row")
        .unique("dossier_code", keep="last")
    )


def dossier_figures(year: Year, until: datetime) -> dict[str, Any]:
    shown = shown_dossiers(year, until)
    received = shown.filter(pl.col("received_on").is_between(FIRST, LAST) & ~pl.col("status_code").is_in([1, 3]))
    resolved = shown.filter(pl.col("status_code").is_in([9, 10]) & pl.col("finished_on").is_between(FIRST, LAST))
    online = received.filter(pl.col("channel_code") == 2)
    essential = online.filter("is_essential")
    to_pay = received.filter(pl.col("amount_due_vnd") > 0)
    communes = received.group_by("unit_code").agg(online=(pl.col("channel_code") == 2).mean())
    on_time = resolved.filter(pl.col("due_on").is_null() | (pl.col("finished_on") <= pl.col("due_on")))
    open_in_year = shown.filter(
        (pl.col("received_on") <= LAST)
        & ~pl.col("status_code").is_in([1, 3])
        & (pl.col("finished_on").is_null() | (pl.col("finished_on") >= FIRST))
    )
    withdrawn = open_in_year.filter((pl.col("status_code") == 7) & (pl.col("updated_at").dt.date() <= LAST))
    return {
        "T09": (len(on_time), len(resolved)),
        "T10": (len(online), len(received)),
        "T11": (to_pay["paid_online"].sum(), len(to_pay)),
        "T12": (resolved["result_digitised"].sum(), len(resolved)),
        "T13": (received["components_digitised"].sum(), len(received)),
        "T14": (received["vneid_authenticated"].sum(), len(received)),
        "T15": (essential["service_no"].n_unique(), 53),
        "T16": (len(communes.filter(pl.col("online") >= 0.6)), 260),
        "P01": (len(essential), None),
        "P02": (len(essential.join(resolved, on="dossier_code", how="semi")), None),
        "O03": (len(resolved), None),
        "O06": (len(resolved) - len(on_time), None),
        "O08": (len(open_in_year) - len(resolved) - len(withdrawn), None),
        "O10": (len(withdrawn), None),
    }


def sheet_rows(year: Year, extract: str) -> Iterator[tuple[str, list[Any]]]:
    """Numbered data rows of every counting workbook of an extract, with its period."""
    for path, period in counting(year, AFTER_ALL).filter(pl.col("extract") == extract).select("path", "period").rows():
        workbook = CalamineWorkbook.from_path(year.landing / path)
        for cells in workbook.get_sheet_by_index(0).to_python():
            if isinstance(cells[0], int | float):
                yield period, cells


def number(cell: Any) -> int:
    return int(float(str(cell).replace(".0", ""))) if isinstance(cell, float) else int(str(cell).replace(".", ""))


def test_dossier_figures_follow_from_the_rows(year: Year) -> None:
    computed = dossier_figures(year, AFTER_ALL)
    stated = {code: (year.figures[code]["numerator"], year.figures[code]["denominator"]) for code in computed}
    assert computed == stated


def test_counts_of_the_article_are_scaled_exactly(year: Year) -> None:
    assert year.figures["P01"]["numerator"] == round(491_643 * SCALE)
    assert year.figures["P06"]["numerator"] == round(958_367 * SCALE)
    assert year.figures["P06"]["target"] == round(794_301 * SCALE)
    assert year.figures["P03"]["numerator"] == 53


@pytest.mark.parametrize(
    ("code", "target", "is_met"),
    [
        ("T01", 1.0, True), ("T02", 1.0, True), ("T03", 0.9, True), ("T04", 0.8, True), ("T05", 0.6, True),
        ("T06", 1.0, True), ("T07", 0.54, True), ("T08", 0.7, True), ("T09", 0.95, True), ("T10", 0.7, False),
        ("T11", 0.5, False), ("T12", 0.8, False), ("T13", 0.8, False), ("T14", 0.6, False), ("T15", 1.0, True),
        ("T16", 1.0, False),
    ],
)  # fmt: skip
def test_ten_of_sixteen_targets_are_met(year: Year, code: str, target: float, is_met: bool) -> None:
    assert (year.figures[code]["value"] >= target) is is_met


def test_the_year_end_falls_short(year: Year) -> None:
    at_year_end = dossier_figures(year, AT_YEAR_END)
    for code in ("T10", "P01", "P02", "O03"):
        assert at_year_end[code][0] < year.figures[code]["numerator"]
    arrived = counting(year, AT_YEAR_END)
    assert arrived.filter(pl.col("period").is_in(["2023-W52", "2023-12", "2023-Q4", "2023-12-31"])).is_empty()


def test_work_files_give_the_reported_shares(year: Year) -> None:
    rows = [(cells[3], number(cells[4]), number(cells[5])) for _, cells in sheet_rows(year, "work_file_processing")]
    sums = pl.DataFrame(rows, ["level", "total", "online"], orient="row").group_by("level").sum()
    exact = {level: (online * 10, total) for level, total, online in sums.iter_rows()}
    assert all(
        tenfold == total * tenths
        for (tenfold, total), tenths in ((exact["Tỉnh"], 9), (exact["Huyện"], 8), (exact["Xã"], 6))
    )


def test_the_fourth_quarter_gives_the_reported_shares(year: Year) -> None:
    rows = [
        (cells[3], number(cells[4]), number(cells[5]))
        for period, cells in sheet_rows(year, "digital_infrastructure")
        if period == "2023-Q4"
    ]
    sums = pl.DataFrame(rows, ["measure", "numerator", "denominator"], orient="row").group_by("measure").sum()
    shares = {measure: (numerator, denominator) for measure, numerator, denominator in sums.iter_rows()}
    assert shares["fibre_communes"] == (260, 260)
    assert shares["shared_databases"][0] == shares["shared_databases"][1]
    assert shares["accounts_15plus"][0] * 10 == shares["accounts_15plus"][1] * 7
    assert shares["official_chip_card"][0] == shares["official_chip_card"][1]
    assert shares["official_portal_account"][0] < shares["official_portal_account"][1]
    assert 0.54 < shares["fibre_households"][0] / shares["fibre_households"][1] < 0.55


def test_week_52_gives_the_reported_accounts_and_cards(year: Year) -> None:
    rows = [cells for period, cells in sheet_rows(year, "identity_issuance") if period == "2023-W52"]
    eligible, cards, accounts, target = (sum(number(cells[place]) for cells in rows) for place in (2, 4, 6, 7))
    assert len(rows) == 260
    assert all(number(cells[2]) == number(cells[4]) for cells in rows)
    assert (eligible, cards) == (year.figures["P05"]["denominator"], year.figures["P05"]["numerator"])
    assert (accounts, target) == (year.figures["P06"]["numerator"], year.figures["P06"]["target"])


def test_weeks_add_up_to_the_cumulative_counts(clean_year: Year) -> None:
    frame = pl.DataFrame(
        [
            (period, number(cells[0]), *(number(cells[place]) for place in (3, 4, 5, 6)))
            for period, cells in sheet_rows(clean_year, "identity_issuance")
        ],
        ["period", "commune", "cards", "cards_all", "eid", "eid_all"],
        orient="row",
    ).sort("commune", "period")
    grown = frame.with_columns(pl.col("cards_all", "eid_all").diff().over("commune").name.suffix("_grown")).drop_nulls()
    assert len(grown) == 54 * 260
    assert grown.filter(
        (pl.col("cards") != pl.col("cards_all_grown")) | (pl.col("eid") != pl.col("eid_all_grown"))
    ).is_empty()


def test_every_eligible_procedure_in_force_is_offered_in_full(year: Year) -> None:
    in_force = [cells for period, cells in sheet_rows(year, "procedure_catalogue") if period == "2023-07-01"]
    eligible = [cells for cells in in_force if cells[6] == "Có"]
    assert len(eligible) == year.figures["T01"]["denominator"] < len(in_force)
    assert {cells[5] for cells in eligible} == {"Toàn trình"}


@pytest.mark.slow
def test_at_full_scale_the_figures_are_those_of_the_article(tmp_path: Path) -> None:
    simulate(out=tmp_path, scale=1, seed=1)
    year = read_year(tmp_path)
    computed = dossier_figures(year, AFTER_ALL)
    assert computed["P01"] == (491_643, None)
    assert {code: pair[0] for code, pair in computed.items()} == {
        code: year.figures[code]["numerator"] for code in computed
    }
    assert year.figures["P05"]["numerator"] == year.figures["P05"]["denominator"] > 1_500_000
    assert json.loads((tmp_path / "truth" / "figures.json").read_text(encoding="utf-8"))["scale"] == 1
