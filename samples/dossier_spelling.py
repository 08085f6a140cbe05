"""Dossier records as text: one JSON object per record, and what a correct reader makes of it.

What belongs here: the portal's field names, the varying spellings of clean values, the true state behind each line.
What does not: which line stands in which file (``dossier_plan``) and how lines are spoilt (``dossier_defects``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from samples.article import FILE_DAYS, FIRST_DAY
from samples.dossier_plan import Lines
from samples.dossiers import ABSENT, Dossiers, Records, Stage
from samples.draws import Ints, Mask, generator
from samples.people import People
from samples.province import Province

_EARLIEST_DAY: Final = -400
_LATEST_DAY: Final = FILE_DAYS + 800


@dataclass(frozen=True)
class World:
    """Everything a dossier's record is spelled from."""

    province: Province
    procedures: pl.DataFrame
    people: People
    dossiers: Dossiers
    records: Records


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


class Speller:
    """Spells records as JSON objects, in the varying ways clean values are met in."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        # A record is spelled alike wherever it stands, so that a line sent twice is the same line.
        self._spelling = generator(seed, "dossier spelling").integers(0, 1 << 30, len(world.records))
        self._days = pl.Series(
            [_json((FIRST_DAY + timedelta(days=day)).isoformat()) for day in range(_EARLIEST_DAY, _LATEST_DAY)]
        )
        self._moments = pl.Series(
            f'T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"' for second in range(86_400)
        )
        procedures, province = world.procedures, world.province
        self._procedure_codes = _quoted(procedures["procedure_code"])
        self._procedure_names = _quoted(procedures["procedure_name"])
        self._fields = _quoted(procedures["field_code"])
        self._units = _quoted(province.communes["unit_code"])
        self._places = _quoted("Bộ phận Một cửa " + province.communes["full_name"])
        self._agencies = pl.concat(
            [_quoted(province.agencies["agency_code"]), _quoted(province.agencies["agency_code_old"])]
        )

    def spell(self, lines: Lines, part: slice) -> pl.Series:
        """One JSON object per line of ``part``."""
        world = self._world
        records, dossiers = world.records, world.dossiers
        record = lines.record[part]
        of = records.dossier[record]
        stage = records.stage[record]
        status = records.status[record]
        is_known = ~np.isin(status, (1, 3))
        is_finished = np.isin(status, (9, 10))
        spelling = self._spelling[record]
        person = dossiers.person[of]
        company = dossiers.applicant_kind[of] == 2
        names = world.people.names.gather(person)
        title = pl.Series(['"', '"Công ty TNHH ']).gather(company.astype(np.int64))
        applicant = pl.select(pl.concat_str(pl.lit(title), pl.lit(names), pl.lit('"'))).to_series()
        places = len(self._world.province.agencies)
        agency = dossiers.agency[of] + np.where(of % 3 == 0, 0, places)
        submitted_second = np.minimum(of % 30_000 + 25_200, records.second[record])
        cells = {
            "MaHoSo": _between('"', dossiers.dossier_code.gather(of), '"'),
            "MaTTHC": self._procedure_codes.gather(dossiers.procedure[of]),
            "TenTTHC": self._procedure_names.gather(dossiers.procedure[of]),
            "MaLinhVuc": self._fields.gather(dossiers.procedure[of]),
            "KenhThucHien": _number(dossiers.channel[of], spelling % 7 == 0),
            "ChuHoSo": applicant,
            "LoaiDoiTuong": _number(dossiers.applicant_kind[of], spelling % 5 == 0),
            "SoGiayToChuHoSo": _between('"', world.people.citizen_numbers.gather(person), '"'),
            "NgayNopHoSo": self._time(dossiers.submitted_day[of], submitted_second),
            "NgayTiepNhan": self._date(np.where(is_known, dossiers.received_day[of], ABSENT), spelling),
            "NgayHenTra": self._date(np.where(is_known, dossiers.due_day[of], ABSENT), spelling),
            "TrangThaiHoSo": _number(status, spelling % 7 == 0),
            "NgayKetThucXuLy": self._date(np.where(is_finished, dossiers.finished_day[of], ABSENT), spelling),
            "NgayTra": self._date(np.where(stage == Stage.RETURN, dossiers.returned_day[of], ABSENT), spelling),
            "DonViXuLy": self._agencies.gather(agency),
            "NoiNopHoSo": self._places.gather(dossiers.unit[of]),
            "HoSoCoThanhPhanSoHoa": _flag(dossiers.components_digitised[of], spelling // 8),
            "TaiKhoanDuocXacThucVoiVNeID": _flag(dossiers.vneid_authenticated[of], spelling // 8),
            "DuocThanhToanTrucTuyen": _flag(dossiers.paid_online[of], spelling // 64),
            "NgayCapNhat": self._time(records.day[record], records.second[record] + lines.delay_seconds[part]),
            "MaDonViHanhChinh": self._units.gather(dossiers.unit[of]),
            "SoTienPhaiNop": _number(dossiers.amount_due_vnd[of], spelling % 11 == 0),
            "KetQuaSoHoa": _flag(dossiers.result_digitised[of] & is_finished, spelling // 64),
        }
        parts: list[pl.Expr] = []
        for field in cells:
            parts += [pl.lit(f'{"," if parts else "{"}"{field}":'), pl.col(field)]
        return pl.DataFrame(cells).select(pl.concat_str(*parts, pl.lit("}")).alias("line")).to_series()

    def _date(self, day: Ints, spelling: Ints) -> pl.Series:
        """A quoted day, or one of the two ways to leave it empty."""
        empty = np.where(spelling % 2 == 0, 0, 1) + len(self._days)
        choices = pl.concat([self._days, pl.Series(["null", '""'])])
        return choices.gather(np.where(day == ABSENT, empty, day - _EARLIEST_DAY))

    def _time(self, day: Ints, second: Ints) -> pl.Series:
        return pl.select(
            pl.lit(self._days.gather(day - _EARLIEST_DAY)).str.head(11) + pl.lit(self._moments.gather(second))
        ).to_series()


def _quoted(texts: pl.Series) -> pl.Series:
    return pl.Series([_json(text) for text in texts])


def _between(before: str, texts: pl.Series, after: str) -> pl.Series:
    return pl.select(pl.concat_str(pl.lit(before), pl.lit(texts), pl.lit(after))).to_series()


def _number(values: Ints, as_text: Mask) -> pl.Series:
    texts = pl.Series(values).cast(pl.String)
    return pl.select(
        pl.when(pl.lit(pl.Series(as_text))).then(pl.concat_str(pl.lit('"'), texts, pl.lit('"'))).otherwise(texts)
    ).to_series()


def _flag(values: Mask, spelling: Ints) -> pl.Series:
    """Yes or no in one of four spellings."""
    spellings = pl.Series(["0", "1", "false", "true", '"Không"', '"Có"', '"0"', '"1"'])
    return spellings.gather(spelling % 4 * 2 + values)


def true_states(world: World, lines: Lines, part: slice) -> pl.DataFrame:
    """What is true of the dossier at the moment each line speaks of."""
    records, dossiers, procedures = world.records, world.dossiers, world.procedures
    record = lines.record[part]
    of = records.dossier[record]
    status = records.status[record]
    is_known = ~np.isin(status, (1, 3))
    is_finished = np.isin(status, (9, 10))
    moment = records.day[record] * 86_400 + records.second[record] + lines.delay_seconds[part]
    service = procedures["service_no"].gather(dossiers.procedure[of])
    return pl.DataFrame(
        {
            "source_sheet": pl.Series([None], dtype=pl.String).new_from_index(0, len(record)),
            "dossier_code": dossiers.dossier_code.gather(of),
            "updated_at": pl.Series(moment * 1_000_000).cast(pl.Duration("us")) + datetime(2023, 1, 1),  # noqa: DTZ001
            "received_on": _dates(np.where(is_known, dossiers.received_day[of], ABSENT)),
            "finished_on": _dates(np.where(is_finished, dossiers.finished_day[of], ABSENT)),
            "due_on": _dates(np.where(is_known, dossiers.due_day[of], ABSENT)),
            "status_code": pl.Series(status, dtype=pl.Int8),
            "channel_code": pl.Series(dossiers.channel[of], dtype=pl.Int8),
            "procedure_code": procedures["procedure_code"].gather(dossiers.procedure[of]),
            "service_no": service,
            "is_essential": service.is_not_null(),
            "unit_code": world.province.communes["unit_code"].gather(dossiers.unit[of]),
            "amount_due_vnd": pl.Series(dossiers.amount_due_vnd[of]),
            "paid_online": pl.Series(dossiers.paid_online[of]),
            "components_digitised": pl.Series(dossiers.components_digitised[of]),
            "vneid_authenticated": pl.Series(dossiers.vneid_authenticated[of]),
            "result_digitised": pl.Series(dossiers.result_digitised[of] & is_finished),
        }
    )


def _dates(day: Ints) -> pl.Series:
    epoch = (FIRST_DAY - date(1970, 1, 1)).days
    days = pl.Series(day)
    return pl.select(pl.when(days != ABSENT).then(days + epoch).cast(pl.Int32).cast(pl.Date)).to_series()
