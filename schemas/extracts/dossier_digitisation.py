"""Papers of a dossier as they are digitised: components handed in and results handed out."""

from schemas.column_types import CodeList, Moment, WholeNumber, YesNo
from schemas.contract import Column, Extract, Records, Semantics
from schemas.periods import Cadence
from schemas.rules import Severity
from schemas.shared_columns import DELETED, dossier_column

_MOST_PAPERS = 999


def _flag(name: str, vi: str, en: str, header: str, *, on_unreadable: Severity = Severity.BLANK) -> Column:
    must_exist = on_unreadable is Severity.QUARANTINE
    return Column(
        name, YesNo(on_unreadable=on_unreadable), vi, en, (header,), required=must_exist, must_exist=must_exist
    )


DOSSIER_DIGITISATION = Extract(
    name="dossier_digitisation",
    vi="Số hóa giấy tờ hồ sơ",
    en="Papers digitised",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.DAILY,
    layout=Records(),
    semantics=Semantics.DELTA,
    tombstone="is_deleted",
    key=("dossier_code", "paper_no"),
    days_until_due=1,
    days_of_grace=1,
    owed_from="2023-01-01",
    purpose_vi="Theo dõi số hóa, ký số và tái sử dụng giấy tờ trong giải quyết thủ tục hành chính",
    legal_ground="Decree 107/2021/NĐ-CP; Decree 45/2020/NĐ-CP",
    columns=(
        dossier_column("MaHoSo", "Mã hồ sơ"),
        Column(
            "paper_no",
            WholeNumber(minimum=1, maximum=_MOST_PAPERS),
            "Số thứ tự giấy tờ",
            "Number of the paper",
            ("SoThuTuGiayTo",),
            required=True,
            must_exist=True,
        ),
        Column(
            "paper_kind",
            CodeList(
                codes={"1": "component", "2": "result"},
                vi="1 thành phần hồ sơ hoặc 2 kết quả",
                en="1 component or 2 result",
            ),
            "Loại giấy tờ",
            "Kind of paper",
            ("LoaiGiayTo",),
            required=True,
            must_exist=True,
        ),
        _flag("is_digitised", "Đã số hóa", "Digitised", "DaSoHoa", on_unreadable=Severity.QUARANTINE),
        _flag("is_signed", "Đã ký số", "Digitally signed", "KySo"),
        _flag("is_reused", "Tái sử dụng", "Reused", "TaiSuDung"),
        Column(
            "recorded_at", Moment(), "Thời điểm ghi nhận", "Recorded at", ("ThoiDiem",), required=True, must_exist=True
        ),
        DELETED,
    ),
)
