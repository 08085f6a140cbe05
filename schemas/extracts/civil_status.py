"""Births, deaths and marriages as the communes register them, a monthly list of the Department of Justice."""

import polars as pl

from schemas.column_types import CodeList, Day, PartialDay, Pattern, Text
from schemas.contract import Column, Extract, RowRule, Semantics, Sheet, UnitByName, precision_of
from schemas.periods import Cadence
from schemas.rules import Severity, Wording
from schemas.shared_columns import (
    COMMUNE_BY_NAME,
    OLD_CARD_ENDED,
    birth_against_number,
    citizen_number,
    person_name,
    sex_against_number,
)

CIVIL_STATUS = Extract(
    name="civil_status",
    vi="Sự kiện hộ tịch",
    en="Civil status events",
    suppliers=("STP",),
    department="justice",
    cadence=Cadence.MONTHLY,
    layout=Sheet(label="HoTich"),
    semantics=Semantics.FULL,
    key=("registration_no",),
    days_until_due=5,
    days_of_grace=5,
    owed_from="2023-01",
    purpose_vi="Theo dõi khai sinh, khai tử, kết hôn; làm sạch dữ liệu dân cư",
    legal_ground="Law on Civil Status 60/2014/QH13; Decision 06/QĐ-TTg (2022)",
    unit_by_name=UnitByName("unit_name", "unit_code", "district_name", accepts_variants=True),
    derived=(
        COMMUNE_BY_NAME,
        precision_of("event_on", "Độ chính xác của ngày xảy ra", "How precise the day of the event is"),
    ),
    columns=(
        Column(
            "registration_no",
            Pattern(
                pattern=r"^(KS|KT|KH)-\d{5}-\d{4}-\d{4}$",
                vi="số đăng ký dạng KS-12433-2023-0001",
                en="a registration number such as KS-12433-2023-0001",
            ),
            "Số đăng ký",
            "Registration number",
            ("Số đăng ký",),
            required=True,
            must_exist=True,
        ),
        Column(
            "event_kind",
            CodeList(
                codes={"Khai sinh": "birth", "Khai tử": "death", "Kết hôn": "marriage"},
                vi="Khai sinh, Khai tử hoặc Kết hôn",
                en="Khai sinh (birth), Khai tử (death) or Kết hôn (marriage)",
            ),
            "Loại sự kiện",
            "Event",
            ("Loại sự kiện",),
            required=True,
            must_exist=True,
        ),
        person_name("full_name", "Họ và tên", "Full name", "Họ và tên"),
        citizen_number("Số định danh", "Personal number", "Số định danh", "Số giấy tờ"),
        Column(
            "sex",
            CodeList(
                codes={"Nam": "male", "Nữ": "female"},
                vi="Nam hoặc Nữ",
                en="Nam (male) or Nữ (female)",
                on_unreadable=Severity.BLANK,
            ),
            "Giới tính",
            "Sex",
            ("Giới tính",),
        ),
        Column("district_name", Text(), "Huyện/Thành phố", "District", ("Huyện/Thành phố",), must_exist=True),
        Column(
            "unit_name",
            Text(),
            "Xã/Phường/Thị trấn",
            "Commune",
            ("Xã/Phường/Thị trấn",),
            required=True,
            must_exist=True,
        ),
        Column(
            "event_on",
            PartialDay(has_serials=False),
            "Ngày xảy ra",
            "Day of the event",
            ("Ngày xảy ra", "Ngày sinh, chết, cưới"),
            required=True,
            must_exist=True,
        ),
        Column(
            "registered_on", Day(), "Ngày đăng ký", "Registered on", ("Ngày đăng ký",), required=True, must_exist=True
        ),
    ),
    row_rules=(
        RowRule(
            "row.registered_before_event",
            "registered_on",
            Severity.QUARANTINE,
            pl.col("registered_on") < pl.col("event_on"),
            Wording("Ngày đăng ký {found} trước ngày xảy ra.", "Registered on {found}, before it happened."),
            Wording("ngày đăng ký không trước ngày xảy ra", "a day on or after that of the event"),
        ),
        sex_against_number("sex"),
        birth_against_number("event_on", of_whom=pl.col("event_kind") == "birth"),
        OLD_CARD_ENDED,
    ),
)
