"""Steps of processing a dossier, as each is completed: who had it, from when to when."""

import polars as pl

from schemas.column_types import AgencyCode, Moment, Text, WholeNumber
from schemas.contract import Column, Extract, Records, RowRule, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import DELETED, agency_unknown, dossier_column, person_name

_MOST_STEPS = 99

DOSSIER_STEP = Extract(
    name="dossier_step",
    vi="Bước xử lý hồ sơ",
    en="Steps of processing",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.DAILY,
    layout=Records(),
    semantics=Semantics.DELTA,
    tombstone="is_deleted",
    key=("dossier_code", "step_no"),
    days_until_due=1,
    days_of_grace=1,
    owed_from="2023-01-01",
    purpose_vi="Theo dõi thời gian xử lý từng bước của hồ sơ",
    legal_ground="Decree 61/2018/NĐ-CP; Decree 107/2021/NĐ-CP",
    columns=(
        dossier_column("MaHoSo", "Mã hồ sơ"),
        Column(
            "step_no",
            WholeNumber(minimum=1, maximum=_MOST_STEPS),
            "Số thứ tự bước",
            "Number of the step",
            ("SoBuoc", "Bước"),
            required=True,
            must_exist=True,
        ),
        Column("step_name", Text(), "Tên bước", "Step", ("TenBuoc", "Tên bước")),
        Column(
            "agency_code",
            AgencyCode(),
            "Đơn vị xử lý",
            "Handling agency",
            ("DonViXuLy",),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        person_name("officer_name", "Cán bộ xử lý", "Officer", "CanBoXuLy"),
        Column("started_at", Moment(), "Bắt đầu", "Started at", ("BatDau",), required=True, must_exist=True),
        Column("ended_at", Moment(), "Kết thúc", "Ended at", ("KetThuc",), required=True, must_exist=True),
        DELETED,
    ),
    row_rules=(
        RowRule(
            "row.end_before_start",
            "ended_at",
            Severity.QUARANTINE,
            pl.col("ended_at") < pl.col("started_at"),
            Wording("Kết thúc {found} trước khi bắt đầu.", "Ended at {found}, before it started."),
            Wording("kết thúc không trước khi bắt đầu", "an end at or after the start"),
        ),
    ),
    release_rules=(agency_unknown("agency_code"),),
)
