"""Withdrawals: which of its deliveries a supplier takes back, as if it had not sent them until then."""

from schemas.column_types import Pattern, PersonName, Text
from schemas.contract import Column, Extract, Personal, Records, ReleaseRule, Semantics
from schemas.periods import Cadence
from schemas.reference import tables
from schemas.rules import Severity, Wording

ON_BEHALF_OF_ALL = "VPUB"
"""The office that runs the warehouse writes down what others withdraw by letter."""

DELIVERY_WITHDRAWAL = Extract(
    name="delivery_withdrawal",
    vi="Rút lại tệp đã gửi",
    en="Withdrawals of deliveries",
    suppliers=tables.agency_short_codes(),
    department="office",
    cadence=Cadence.ON_CHANGE,
    layout=Records(),
    semantics=Semantics.EVENTS,
    key=("withdrawn_delivery_id",),
    purpose_vi="Đơn vị rút lại tệp đã gửi; tệp trước đó lại được tính, hoặc không tệp nào",
    legal_ground="Decree 47/2020/NĐ-CP",
    columns=(
        Column(
            "withdrawn_delivery_id",
            Pattern(pattern=r"^[0-9a-f]{16}$", vi="mã nội dung gửi, 16 ký tự", en="a delivery's id, 16 characters"),
            "Mã nội dung gửi",
            "Delivery",
            ("MaNoiDungGui", "withdrawn_delivery_id"),
            required=True,
            must_exist=True,
        ),
        Column("document_no", Text(), "Số văn bản", "Number of the document", ("SoVanBan", "document_no")),
        Column(
            "decided_by",
            PersonName(),
            "Người quyết định",
            "Who decided",
            ("NguoiQuyetDinh", "decided_by"),
            required=True,
            must_exist=True,
            personal=Personal.BASIC,
        ),
        Column("reason", Text(), "Lý do", "Reason", ("LyDo", "reason"), required=True, must_exist=True),
    ),
    release_rules=(
        ReleaseRule(
            "row.withdraws_nothing",
            "withdrawn_delivery_id",
            Severity.QUARANTINE,
            Wording("mã của tệp đã gửi trước khi rút", "the id of something sent before the withdrawal"),
        ),
        ReleaseRule(
            "row.withdraws_anothers",
            "withdrawn_delivery_id",
            Severity.QUARANTINE,
            Wording("tệp của chính đơn vị", "a delivery of the supplier's own"),
        ),
    ),
)
