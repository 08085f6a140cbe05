"""Decisions about lists that were held because too many codes were missing: who confirms the list, who turns it down."""

from schemas.column_types import CodeList, Pattern, Text
from schemas.contract import Column, Extract, Records, Semantics
from schemas.periods import Cadence

LIST_DECISION = Extract(
    name="list_decision",
    vi="Quyết định về danh mục bị giữ lại",
    en="Decisions about lists held back",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.ON_CHANGE,
    layout=Records(),
    semantics=Semantics.EVENTS,
    key=("list_sha256",),
    purpose_vi="Xác nhận hoặc bác danh mục làm mất nhiều mã cùng lúc",
    legal_ground="Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "list_sha256",
            Pattern(pattern=r"^[0-9a-f]{64}$", vi="SHA-256 của tệp danh mục", en="the SHA-256 of the list's file"),
            "Mã tệp danh mục (SHA-256)",
            "SHA-256 of the list's file",
            ("MaTep", "list_sha256"),
            required=True,
            must_exist=True,
        ),
        Column(
            "decision",
            CodeList(
                codes={"Chấp nhận": "accepted", "Không chấp nhận": "rejected"},
                vi="Chấp nhận hoặc Không chấp nhận",
                en="Chấp nhận (accepted) or Không chấp nhận (rejected)",
            ),
            "Quyết định",
            "Decision",
            ("QuyetDinh", "decision"),
            required=True,
            must_exist=True,
        ),
        Column(
            "decision_no",
            Text(),
            "Số văn bản",
            "Number of the document",
            ("SoVanBan", "decision_no"),
            required=True,
            must_exist=True,
        ),
        Column("reason", Text(), "Lý do", "Reason", ("LyDo", "reason"), required=True, must_exist=True),
    ),
)
