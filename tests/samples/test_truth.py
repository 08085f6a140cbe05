"""The truth tables describe the files that lie in the landing zone, no more and no less."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from samples import simulate, simulation
from tests.samples.conftest import Year

FLAGS = ("HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "KetQuaSoHoa")
FILE_DEFECTS = {
    "truncated", "wrong_header", "missing_column", "extra_column", "total_wrong", "resent_unchanged",
    "resent_corrected", "resent_a_b_a", "late", "rows_missing", "rows_spoilt",
}  # fmt: skip


def tree(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def records(year: Year, path: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((year.landing / path).read_text(encoding="utf-8"))
    return loaded


def spoilt(year: Year, defect: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Records as written with a single defect, beside their truth."""
    readable = year.sendings.filter(pl.col("refusal_code").is_null(), pl.col("extract") == "one_stop_dossier")
    rows = year.rows.filter(pl.col("defects") == [defect]).join(readable.select("path"), on="path", how="semi")
    assert len(rows), f"no {defect} is planted"
    return [(records(year, row["path"])[row["source_row"] - 1], row) for row in rows.iter_rows(named=True)]


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        simulate(out=tmp_path / name, scale=0.002, seed=seed)
    one, two, other = (tree(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert set(one) == set(other)
    assert one != other


@pytest.mark.slow
def test_lists_of_people_made_by_a_process_beside_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Counter[str]()
    for name, from_scale in (("alone", 1.0), ("beside", 0.0)):
        monkeypatch.setattr(simulation, "_WORTH_A_PROCESS", from_scale)
        made.clear()
        simulate(
            out=tmp_path / name,
            scale=0.002,
            seed=7,
            all_extracts=True,
            on_progress=lambda extract, n: made.update({extract: n}),
        )
        sent = pl.read_parquet(tmp_path / name / "truth" / "sendings.parquet")
        assert made == dict(sent.group_by("extract").len().iter_rows())
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    assert sorted(path.name for path in beside.iterdir()) == ["landing", "truth"]
    assert tree(alone / "landing") == tree(beside / "landing")
    for table in ("sendings", "rows", "findings", "missing"):
        assert pl.read_parquet(alone / "truth" / f"{table}.parquet").equals(
            pl.read_parquet(beside / "truth" / f"{table}.parquet")
        )


@pytest.mark.slow
def test_lists_of_people_that_cannot_be_made_end_the_simulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "_WORTH_A_PROCESS", 0.0)
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "pupil").write_text("in the way")
    with pytest.raises(RuntimeError, match="exit code 1"):
        simulate(out=tmp_path, scale=0.002, all_extracts=True)


def test_every_file_has_a_sending_a_manifest_and_its_time(year: Year) -> None:
    files = {path for path in year.landing.rglob("*") if path.is_file() and not path.name.endswith(".manifest.json")}
    assert {str(path.relative_to(year.landing)) for path in files} == set(year.sendings["path"])
    for row in year.sendings.iter_rows(named=True):
        path = year.landing / row["path"]
        manifest = json.loads(path.with_name(f"{path.name}.manifest.json").read_text(encoding="utf-8"))
        assert manifest["origin"] == "simulated"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == manifest["sha256"] == row["sha256"]
        assert datetime.fromisoformat(manifest["received_at"]) == row["received_at"]
        assert path.stat().st_mtime == row["received_at"].timestamp()
        assert [manifest[key] for key in ("extract", "supplier", "period", "part")] == [
            row[key] for key in ("extract", "supplier", "period", "part")
        ]


def test_truth_has_a_row_for_every_row_of_a_file(year: Year) -> None:
    counted = dict(year.rows.group_by("path").len().iter_rows())
    for row in year.sendings.iter_rows(named=True):
        assert counted.get(row["path"]) == row["rows_read"]
        if row["rows_read"] is None:
            assert row["refusal_code"] in {"file.unreadable", "file.header_not_found"}
        elif row["path"].endswith(".json"):
            assert len(records(year, row["path"])) == row["rows_read"]


def test_sheet_rows_lie_where_truth_says(year: Year) -> None:
    sheets = year.rows.filter(pl.col("source_sheet").is_not_null(), pl.col("fate") != "refused")
    for (path, sheet), rows in sheets.group_by("path", "source_sheet"):
        grid = (
            CalamineWorkbook.from_path(year.landing / str(path))
            .get_sheet_by_name(str(sheet))
            .to_python(skip_empty_area=False)
        )
        numbered = {line for line, cells in enumerate(grid, 1) if isinstance(cells[0], int | float)}
        assert set(rows["source_row"]) == numbered
        assert any("SỐ LIỆU MÔ PHỎNG" in cells for cells in grid)


def test_total_findings_point_at_the_total_row(year: Year) -> None:
    totals = year.findings.filter(pl.col("rule_code") == "total.mismatch")
    assert len(totals) >= 3
    for path, sheet, line in totals.select("path", "source_sheet", "source_row").iter_rows():
        grid = CalamineWorkbook.from_path(year.landing / path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        assert "Tổng cộng" in grid[line - 1]


def test_statuses_follow_from_the_order_of_arrival(year: Year) -> None:
    slots: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in year.sendings.sort("received_at", "sha256").iter_rows(named=True):
        slots[row["extract"], row["supplier"], row["period"]].append(row)
    for sendings in slots.values():
        readable = [one for one in sendings if one["refusal_code"] is None]
        assert readable, "every refused file is sent again"
        repeats = [False, *(one["sha256"] == before["sha256"] for before, one in pairwise(readable))]
        last = max(place for place, repeated in enumerate(repeats) if not repeated)
        expected = [
            "duplicate" if repeated else "accepted" if place == last else "superseded"
            for place, repeated in enumerate(repeats)
        ]
        assert [one["status"] for one in readable] == expected
        assert all(one["status"] == "refused" for one in sendings if one["refusal_code"] is not None)
    assert set(year.sendings["status"]) == {"accepted", "refused", "superseded", "duplicate"}


def test_all_periods_are_there_but_the_one_withheld(year: Year) -> None:
    periods = year.sendings.unique(["extract", "supplier", "period"]).group_by("extract").len()
    assert dict(periods.iter_rows()) == {
        "one_stop_dossier": 365 + 24,
        "identity_issuance": 52 + 2,
        "work_file_processing": 12,
        "digital_infrastructure": 12,
        "procedure_catalogue": 3,
    }
    assert year.missing.select("extract", "period").rows() == [("identity_issuance", "2024-W02")]


def test_everything_arrives_by_the_twenty_fifth_of_january(year: Year) -> None:
    assert year.sendings["received_at"].max().isoformat() < "2024-01-25T06:00"  # type: ignore[union-attr]


def test_many_kinds_of_defects_are_planted(year: Year) -> None:
    kinds = set(year.rows["defects"].explode().drop_nulls())
    assert len(kinds) >= 40
    assert set(year.sendings["file_defect"].drop_nulls()) == FILE_DEFECTS
    several = year.rows.filter(pl.col("defects").list.len() > 1)
    assert set(several["defects"].list.len()) == {2, 3}
    assert len(several.unique(["dossier_code", "updated_at"])) >= 20


def test_the_share_of_spoilt_records_is_as_asked(year: Year) -> None:
    dossiers = year.rows.filter(pl.col("source_sheet").is_null())
    share = len(dossiers.filter(pl.col("defects").list.len() == 1)) / len(dossiers)
    assert 0.018 < share < 0.023


def test_fates_follow_from_the_findings(year: Year) -> None:
    stages = (
        year.findings.filter(pl.col("severity") == "quarantine")
        .group_by("path", "source_row")
        .agg(gate=(pl.col("stage") == "gate").any())
    )
    judged = year.rows.filter(pl.col("fate") != "refused").join(stages, on=["path", "source_row"], how="left")
    expected = (
        pl.when(pl.col("gate").is_null())
        .then(pl.lit("accepted"))
        .when("gate")
        .then(pl.lit("quarantined_gate"))
        .otherwise(pl.lit("quarantined_release"))
    )
    assert judged.filter(pl.col("fate") != expected).is_empty()
    assert judged["gate"].drop_nulls().len() == len(stages)


def test_findings_stand_on_spoilt_rows_only(year: Year) -> None:
    placed = year.findings.filter(pl.col("source_row").is_not_null(), pl.col("rule_code") != "total.mismatch")
    spoilt_rows = year.rows.filter(pl.col("defects").list.len() > 0)
    assert placed.join(spoilt_rows, on=["path", "source_row"], how="anti").is_empty()


def test_refused_files_have_one_finding_and_no_accepted_row(year: Year) -> None:
    refused = year.sendings.filter(pl.col("status") == "refused")
    assert len(refused) >= 10
    found = year.findings.join(refused, on="path", how="semi")
    assert found["severity"].unique().to_list() == ["refuse"]
    assert len(found) == len(refused)
    assert year.rows.join(refused, on="path", how="semi")["fate"].unique().to_list() == ["refused"]


def test_what_stays_wrong_touches_no_figure(year: Year) -> None:
    """Every dossier ends in its true state, but for paper ones whose return to the applicant was never corrected."""
    dossiers = year.rows.filter(pl.col("dossier_code").is_not_null(), pl.col("fate") != "refused")
    newest = dossiers.group_by("dossier_code").agg(true=pl.col("updated_at").max())
    accepted = (
        dossiers.filter(pl.col("fate") == "accepted").group_by("dossier_code").agg(shown=pl.col("updated_at").max())
    )
    behind = newest.join(accepted, on="dossier_code", how="left").filter(
        pl.col("shown").is_null() | (pl.col("shown") < pl.col("true"))
    )
    wrong = dossiers.join(behind, on="dossier_code").filter(pl.col("updated_at") == pl.col("true"))
    assert len(wrong)
    assert wrong["is_essential"].any() is False
    assert 2 not in wrong["channel_code"]
    assert wrong["status_code"].unique().to_list() == [10]
    shown = dossiers.join(behind, left_on=["dossier_code", "updated_at"], right_on=["dossier_code", "shown"])
    same = wrong.join(shown, on="dossier_code")
    assert len(same) >= len(behind)
    assert same.filter(pl.col("finished_on") != pl.col("finished_on_right")).is_empty()


def test_a_dossier_stands_once_in_a_daily_file_unless_it_is_twinned_or_corrected(year: Year) -> None:
    whole = year.rows.filter(pl.col("dossier_code").is_not_null(), pl.col("fate") != "refused")
    several = whole.group_by("path", "dossier_code", "updated_at").len().filter(pl.col("len") > 1)
    twinned = whole.filter(
        pl.col("defects").list.contains("duplicate_line") | pl.col("defects").list.contains("duplicate_key")
    )
    assert several.join(twinned, on=["path", "dossier_code", "updated_at"], how="anti").is_empty()


def test_no_change_lies_after_the_period_of_its_file(year: Year) -> None:
    dossiers = year.rows.filter(pl.col("dossier_code").is_not_null()).join(
        year.sendings.select("path", "period"), on="path"
    )
    late = dossiers.filter(pl.col("updated_at").dt.date() > pl.col("period").str.to_date())
    assert late.is_empty()


def test_duplicate_lines_are_identical_and_duplicate_keys_are_not(year: Year) -> None:
    for defect, same in (("duplicate_line", True), ("duplicate_key", False)):
        twins: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for record, row in spoilt(year, defect):
            twins[row["path"], row["dossier_code"]].append(record)
        for one, other in twins.values():
            assert (one == other) is same
            assert (one["MaHoSo"], one["NgayCapNhat"]) == (other["MaHoSo"], other["NgayCapNhat"])


def test_shifted_columns_lose_the_last_value(year: Year) -> None:
    for record, _ in spoilt(year, "columns_shifted"):
        assert record["KenhThucHien"] == ""
        assert record["ChuHoSo"] in {"1", "2", "3"}
        assert not any(char.isdigit() for char in record["LoaiDoiTuong"])
        assert str(record["SoGiayToChuHoSo"]) in {"1", "2"}
        assert len(record["NgayNopHoSo"]) == 12


def test_spoilt_values_break_the_rule_they_name(year: Year) -> None:
    assert all(
        record["NgayKetThucXuLy"] < record["NgayTiepNhan"] for record, _ in spoilt(year, "finish_before_receipt")
    )
    assert all(record["NgayTra"] < record["NgayKetThucXuLy"] for record, _ in spoilt(year, "return_before_finish"))
    assert all(len(record["SoGiayToChuHoSo"]) == 11 for record, _ in spoilt(year, "citizen_leading_zero_lost"))
    assert all(len(record["NgayTiepNhan"]) == 14 for record, _ in spoilt(year, "received_14_digits"))
    assert all(record["MaTTHC"].endswith(".H54") for record, _ in spoilt(year, "procedure_suffix"))
    assert all(row["received_on"].isoformat() >= "2023-07-01" for _, row in spoilt(year, "repealed_procedure"))
    assert all(row["updated_at_read"] > row["updated_at"] for _, row in spoilt(year, "changed_after_period"))
    assert all(row["updated_at_read"] is None for _, row in spoilt(year, "changed_impossible"))


def test_clean_values_are_met_in_several_spellings(year: Year) -> None:
    path = year.sendings.filter(pl.col("period") == "2023-05-17")["path"].item()
    written = records(year, path)
    spellings = {(type(record[flag]).__name__, record[flag]) for record in written for flag in FLAGS}
    assert {("int", 1), ("bool", True), ("str", "Có"), ("str", "1")} <= spellings
    assert {type(record["KenhThucHien"]) for record in written} == {int, str}
    assert {record["DonViXuLy"][:3] for record in written} == {"000", "H54"}


def test_records_change_two_to_three_times_on_average(year: Year) -> None:
    dossiers = year.rows.filter(pl.col("dossier_code").is_not_null())
    assert 2.2 < len(dossiers) / dossiers["dossier_code"].n_unique() < 2.5


def test_without_dirt_every_file_is_right_and_comes_once(clean_year: Year) -> None:
    assert clean_year.findings.is_empty()
    assert clean_year.missing.is_empty()
    assert clean_year.rows["fate"].unique().to_list() == ["accepted"]
    assert clean_year.sendings["status"].unique().to_list() == ["accepted"]
    assert clean_year.sendings["file_defect"].null_count() == len(clean_year.sendings)


@pytest.mark.parametrize("wrong", [{"year": 2022}, {"scale": 0.001}, {"scale": 2.0}, {"dirt": -0.1}, {"dirt": 0.5}])
def test_impossible_wishes_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        simulate(out=tmp_path, **wrong)
    assert not any(tmp_path.iterdir())
