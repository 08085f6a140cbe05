"""The ways a dossier record goes wrong, each with the rules that must find it.

What belongs here: one entry per defect: which records can carry it, how it changes the record as written, what is
expected. A defect must be exact: no other rule may hold of the spoilt record. What does not: which records are chosen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias

import numpy as np

from samples.draws import Mask
from samples.expected import Expected, at_release, blank, quarantine, warn

Cell: TypeAlias = str | int | bool | None
Record: TypeAlias = dict[str, Cell]
Spoil: TypeAlias = Callable[[Record, random.Random], None]


@dataclass(frozen=True)
class Candidates:
    """What decides whether a record can carry a defect; one entry per record that may be spoilt."""

    is_received: Mask
    is_finished: Mask
    is_returned: Mask
    has_due_date: Mask
    uses_late_list: Mask
    has_later_state_after_a_gap: Mask
    is_on_plain_day: Mask


Eligible: TypeAlias = Callable[[Candidates], Mask]


@dataclass(frozen=True)
class Defect:
    """One kind of defect.

    ``twin`` says what stands beside the record: nothing, the same record again, or another with the same key.
    ``expected`` holds of the record, ``twin_expected`` of its twin. ``blanked`` is the truth column that becomes null.
    """

    name: str
    expected: tuple[Expected, ...]
    spoil: Spoil
    eligible: Eligible
    column: str = ""
    twin: Literal["none", "same", "other"] = "none"
    twin_expected: tuple[Expected, ...] = ()
    blanked: str | None = None

    @property
    def stays(self) -> bool:
        """Whether the record is accepted although it is defective."""
        return all(one.severity != "quarantine" for one in self.expected)


SHIFTED_FIELDS: Final = ("KenhThucHien", "ChuHoSo", "LoaiDoiTuong", "SoGiayToChuHoSo", "NgayNopHoSo")
_FLAGS: Final = {
    "HoSoCoThanhPhanSoHoa": "components_digitised",
    "TaiKhoanDuocXacThucVoiVNeID": "vneid_authenticated",
    "DuocThanhToanTrucTuyen": "paid_online",
    "KetQuaSoHoa": "result_digitised",
}


def _put(field: str, *choices: Cell) -> Spoil:
    def spoil(record: Record, rng: random.Random) -> None:
        record[field] = rng.choice(choices)

    return spoil


def _change(field: str, change: Callable[[str], Cell]) -> Spoil:
    def spoil(record: Record, _: random.Random) -> None:
        record[field] = change(str(record[field]))

    return spoil


def _impossible_date(field: str) -> Spoil:
    """A day that no calendar has, in the year the record names."""

    def spoil(record: Record, rng: random.Random) -> None:
        year, rest = str(record[field])[:4], str(record[field])[10:]
        record[field] = f"{year}-{rng.choice(('02-30', '04-31', '13-05', '11-00'))}{rest}"

    return spoil


def _fourteen_digits(value: str) -> str:
    return "".join(char for char in value if char.isdigit()).ljust(14, "0")


def _digit_in_name(record: Record, rng: random.Random) -> None:
    name = str(record["ChuHoSo"])
    place = rng.randrange(1, len(name))
    record["ChuHoSo"] = f"{name[:place]}{rng.randrange(10)}{name[place:]}"


def _old_card(record: Record, rng: random.Random) -> None:
    record["SoGiayToChuHoSo"] = f"15{rng.randrange(10**7):07d}"


def _unknown_procedure(record: Record, rng: random.Random) -> None:
    record["MaTTHC"] = f"8.8{rng.randrange(10**5):05d}"


def _unknown_unit(record: Record, rng: random.Random) -> None:
    record["MaDonViHanhChinh"] = f"99{rng.randrange(1000):03d}"


def _unknown_agency(record: Record, rng: random.Random) -> None:
    number = rng.randrange(90, 100)
    record["DonViXuLy"] = rng.choice((f"000.00.{number}.H54", f"H54.{number}"))


def _finish_before_receipt(record: Record, rng: random.Random) -> None:
    received = date.fromisoformat(str(record["NgayTiepNhan"]))
    record["NgayKetThucXuLy"] = (received - timedelta(days=rng.randrange(1, 9))).isoformat()


def _return_before_finish(record: Record, rng: random.Random) -> None:
    finished = date.fromisoformat(str(record["NgayKetThucXuLy"]))
    record["NgayTra"] = (finished - timedelta(days=rng.randrange(1, 4))).isoformat()


def _change_after_period(record: Record, _: random.Random) -> None:
    """The next day: still before the dossier's next true change, so that no state looks newer than it is."""
    changed = datetime.fromisoformat(str(record["NgayCapNhat"]))
    record["NgayCapNhat"] = (changed + timedelta(days=1)).isoformat()


def _shift(record: Record, _: random.Random) -> None:
    """A cell too many on the left: every value stands one column to the right and the last one is lost."""
    values = [record[field] for field in SHIFTED_FIELDS]
    record.update(zip(SHIFTED_FIELDS, ["", *values[:-1]], strict=True))
    record["ChuHoSo"] = str(values[0])


def _leave(_: Record, __: random.Random) -> None:
    """The record itself is right; its twin is the defect."""


def _other_amount(record: Record, rng: random.Random) -> None:
    record["SoTienPhaiNop"] = int(str(record["SoTienPhaiNop"] or 0)) + 1000 * rng.randrange(1, 50)


def _any(candidates: Candidates) -> Mask:
    return np.ones_like(candidates.is_received)


def _received(candidates: Candidates) -> Mask:
    return candidates.is_received


def _finished(candidates: Candidates) -> Mask:
    return candidates.is_finished


def _returned(candidates: Candidates) -> Mask:
    return candidates.is_returned


def _due(candidates: Candidates) -> Mask:
    return candidates.has_due_date


def _late_list(candidates: Candidates) -> Mask:
    return candidates.uses_late_list


def _before_a_gap(candidates: Candidates) -> Mask:
    return candidates.has_later_state_after_a_gap


def _plain_day(candidates: Candidates) -> Mask:
    return candidates.is_on_plain_day


def _one(
    name: str, expected: Expected, spoil: Spoil, eligible: Eligible = _any, *, blanked: str | None = None
) -> Defect:
    """A defect of one value, found by one rule."""
    return Defect(name, (expected,), spoil, eligible, expected.rule_code.split(".")[0], blanked=blanked)


def make_defects(repealed: Sequence[str]) -> tuple[Defect, ...]:
    """All kinds of defects; ``repealed`` are procedure codes that the third list no longer holds.

    The rarer the records that can carry a defect, the earlier it stands: kinds choose their records in this order.
    """
    return (
        _one("repealed_procedure", at_release("procedure_code.not_in_force"), _put("MaTTHC", *repealed), _late_list),
        _one("changed_after_period", quarantine("updated_at.after_period"), _change_after_period, _before_a_gap),
        _one("finish_before_receipt", quarantine("row.finish_before_receipt"), _finish_before_receipt, _finished),
        _one("finish_missing", quarantine("row.finished_on_missing"), _put("NgayKetThucXuLy", None, ""), _finished),
        _one("finish_impossible", quarantine("finished_on.unreadable"), _impossible_date("NgayKetThucXuLy"), _finished),
        _one("finish_14_digits", warn("finished_on.digits14"), _change("NgayKetThucXuLy", _fourteen_digits), _finished),
        _one("return_before_finish", warn("row.return_before_finish"), _return_before_finish, _returned),
        _one("return_impossible", blank("returned_on.unreadable"), _impossible_date("NgayTra"), _returned),
        _one("return_14_digits", warn("returned_on.digits14"), _change("NgayTra", _fourteen_digits), _returned),
        Defect(
            "duplicate_line", (), _leave, _plain_day, "row", "same", twin_expected=(quarantine("row.duplicate_row"),)
        ),
        Defect(
            "duplicate_key",
            (quarantine("row.duplicate_key"),),
            _leave,
            _plain_day,
            "row",
            "other",
            twin_expected=(quarantine("row.duplicate_key"),),
        ),
        _one("due_impossible", quarantine("due_on.unreadable"), _impossible_date("NgayHenTra"), _due),
        _one("due_14_digits", warn("due_on.digits14"), _change("NgayHenTra", _fourteen_digits), _due),
        _one("received_missing", quarantine("received_on.required"), _put("NgayTiepNhan", None, ""), _received),
        _one("received_impossible", quarantine("received_on.unreadable"), _impossible_date("NgayTiepNhan"), _received),
        _one("received_14_digits", warn("received_on.digits14"), _change("NgayTiepNhan", _fourteen_digits), _received),
        _one("status_missing", quarantine("status_code.required"), _put("TrangThaiHoSo", None, ""), _received),
        _one("status_unlisted", quarantine("status_code.not_in_list"), _put("TrangThaiHoSo", 0, 11, "99"), _received),
        Defect(
            "columns_shifted",
            (
                quarantine("channel_code.required"),
                blank("applicant_name.unreadable"),
                blank("applicant_kind.not_in_list"),
                blank("citizen_number.unreadable"),
                blank("submitted_at.unreadable"),
            ),
            _shift,
            _any,
            "row",
        ),
        _one("dossier_code_missing", quarantine("dossier_code.required"), _put("MaHoSo", None, "")),
        _one("dossier_code_cut", quarantine("dossier_code.unreadable"), _change("MaHoSo", lambda code: code[:22])),
        _one("procedure_missing", quarantine("procedure_code.required"), _put("MaTTHC", None, "")),
        _one("procedure_cut", quarantine("procedure_code.unreadable"), _change("MaTTHC", lambda code: code[:7])),
        _one(
            "procedure_suffix",
            warn("procedure_code.suffix"),
            lambda record, rng: record.update(MaTTHC=f"{record['MaTTHC']}{rng.choice(('.H54', '.000.00.00.H54'))}"),
        ),
        _one("procedure_unknown", at_release("procedure_code.unknown"), _unknown_procedure),
        _one("channel_missing", quarantine("channel_code.required"), _put("KenhThucHien", None, "")),
        _one("channel_unlisted", quarantine("channel_code.not_in_list"), _put("KenhThucHien", 0, 4, "9")),
        _one("name_with_digit", blank("applicant_name.unreadable"), _digit_in_name),
        _one("applicant_kind_unlisted", blank("applicant_kind.not_in_list"), _put("LoaiDoiTuong", 0, 3, "7")),
        _one("citizen_text", blank("citizen_number.unreadable"), _put("SoGiayToChuHoSo", "không có", "chưa cung cấp")),
        _one(
            "citizen_leading_zero_lost",
            blank("citizen_number.leading_zero"),
            _change("SoGiayToChuHoSo", lambda number: number[1:]),
        ),
        _one("citizen_old_card", blank("citizen_number.old_card"), _old_card),
        _one("submitted_impossible", blank("submitted_at.unreadable"), _impossible_date("NgayNopHoSo")),
        _one("submitted_14_digits", warn("submitted_at.digits14"), _change("NgayNopHoSo", _fourteen_digits)),
        _one("agency_missing", quarantine("agency_code.required"), _put("DonViXuLy", None, "")),
        _one("agency_text", quarantine("agency_code.unreadable"), _put("DonViXuLy", "Bộ phận Một cửa", "UBND xã")),
        _one("agency_unknown", at_release("agency_code.unknown"), _unknown_agency),
        *(
            _one(f"{column}_text", blank(f"{column}.unreadable"), _put(field, "?", "X", "chưa rõ"), blanked=column)
            for field, column in _FLAGS.items()
        ),
        _one("changed_missing", quarantine("updated_at.required"), _put("NgayCapNhat", None, "")),
        _one("changed_impossible", quarantine("updated_at.unreadable"), _impossible_date("NgayCapNhat")),
        _one("changed_14_digits", warn("updated_at.digits14"), _change("NgayCapNhat", _fourteen_digits)),
        _one("unit_missing", quarantine("unit_code.required"), _put("MaDonViHanhChinh", None, "")),
        _one(
            "unit_letter", quarantine("unit_code.unreadable"), _change("MaDonViHanhChinh", lambda code: f"{code[:4]}O")
        ),
        _one("unit_unknown", at_release("unit_code.unknown"), _unknown_unit),
        _one(
            "amount_text", quarantine("amount_due_vnd.unreadable"), _put("SoTienPhaiNop", "miễn phí", "theo thông báo")
        ),
        _one("amount_negative", quarantine("amount_due_vnd.out_of_range"), _put("SoTienPhaiNop", -20_000, -5_000)),
    )


# Defects of single values that no other rule looks at: any two on different columns hold independently.
INDEPENDENT: Final = frozenset(
    {
        "procedure_cut", "procedure_suffix", "channel_unlisted", "name_with_digit", "applicant_kind_unlisted",
        "citizen_text", "citizen_leading_zero_lost", "citizen_old_card", "submitted_impossible",
        "submitted_14_digits", "agency_text", "unit_letter", "amount_text", "amount_negative",
    }
)  # fmt: skip


def spoil_twin(record: Record, rng: random.Random) -> None:
    """Another record with the same key: a different amount to pay."""
    _other_amount(record, rng)


def event_time_as_read(record: Record) -> datetime | None:
    """The event time a correct reader sees in a spoilt record, None when it cannot be read."""
    text = "".join(char for char in str(record["NgayCapNhat"] or "") if char.isdigit())
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the province's wall time, as written
    except ValueError:
        return None
