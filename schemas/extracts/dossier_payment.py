"""Fees, charges and other payments for dossiers, a daily list of the public service centre."""

import polars as pl

from schemas.column_types import CodeList, Day, Pattern, YesNo
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import AMOUNT_PAID, DELETED, dossier_column

DOSSIER_PAYMENT = Extract(
    name="dossier_payment",
    vi="Phí, lệ phí của hồ sơ",
    en="Payments for dossiers",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.DAILY,
    layout=Sheet(label="PhiLePhi"),
    semantics=Semantics.DELTA,
    tombstone="is_deleted",
    key=("payment_no",),
    days_until_due=1,
    days_of_grace=1,
    owed_from="2023-01-01",
    purpose_vi="Theo dõi thu phí, lệ phí và thanh toán trực tuyến",
    legal_ground="Decree 45/2020/NĐ-CP; Decree 107/2021/NĐ-CP",
    columns=(
        Column(
            "payment_no",
            Pattern(
                pattern=r"^GD-\d{8}-\d{6}$",
                vi="mã giao dịch dạng GD-20230517-000123",
                en="a payment number such as GD-20230517-000123",
            ),
            "Mã giao dịch",
            "Payment number",
            ("Mã giao dịch",),
            required=True,
            must_exist=True,
        ),
        dossier_column("Mã hồ sơ", "MaHoSo"),
        Column(
            "payment_kind",
            CodeList(
                codes={"Phí": "fee", "Lệ phí": "charge", "Nghĩa vụ tài chính": "financial_obligation"},
                vi="Phí, Lệ phí hoặc Nghĩa vụ tài chính",
                en="Phí (fee), Lệ phí (charge) or Nghĩa vụ tài chính (financial obligation)",
            ),
            "Loại khoản thu",
            "Kind",
            ("Loại khoản thu", "Loại khoản"),
            required=True,
            must_exist=True,
        ),
        AMOUNT_PAID,
        Column("is_exempt", YesNo(), "Miễn, giảm", "Exempt", ("Miễn, giảm", "Miễn giảm")),
        Column(
            "channel_code",
            CodeList(
                codes={"Trực tuyến": "online", "Trực tiếp": "counter"},
                vi="Trực tuyến hoặc Trực tiếp",
                en="Trực tuyến (online) or Trực tiếp (counter)",
            ),
            "Hình thức nộp",
            "Channel",
            ("Hình thức nộp",),
            required=True,
            must_exist=True,
        ),
        Column("paid_on", Day(), "Ngày nộp", "Paid on", ("Ngày nộp",), required=True, must_exist=True),
        DELETED,
    ),
    row_rules=(
        RowRule(
            "amount_vnd.negative",
            "amount_vnd",
            Severity.QUARANTINE,
            pl.col("amount_vnd") < 0,
            Wording("{column}: {found} nhỏ hơn 0.", "{column}: {found} is below 0."),
            Wording("số tiền từ 0 đồng trở lên", "an amount of 0 VND or more"),
        ),
        RowRule(
            "row.zero_without_exemption",
            "amount_vnd",
            Severity.WARN,
            (pl.col("amount_vnd") == 0) & ~pl.col("is_exempt").fill_null(value=False),
            Wording("Số tiền 0 đồng nhưng không ghi miễn, giảm.", "Nothing paid, and no exemption said."),
            Wording("ghi “Có” ở cột miễn, giảm khi không phải nộp", "“Có” under exempt where nothing is due"),
        ),
    ),
)
