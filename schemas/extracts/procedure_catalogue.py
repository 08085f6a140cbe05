"""The catalogue of administrative procedures, sent as a whole whenever it changes; the period is the day it takes force."""

from schemas.column_types import AgencyCode, CodeList, ProcedureCode, Text, WholeNumber, YesNo
from schemas.contract import Column, Extract, ReferenceList, Semantics, Sheet
from schemas.periods import Cadence
from schemas.rules import Severity

PROCEDURE_CATALOGUE = Extract(
    name="procedure_catalogue",
    vi="Danh mục thủ tục hành chính",
    en="Catalogue of administrative procedures",
    suppliers=("VPUB",),
    department="office",
    cadence=Cadence.ON_CHANGE,
    layout=Sheet(label="DanhMucTTHC"),
    semantics=Semantics.FULL,
    key=("procedure_code",),
    reference_list=ReferenceList(),
    purpose_vi="Danh mục dùng chung về thủ tục hành chính",
    legal_ground="Decree 61/2018/NĐ-CP; Decree 42/2022/NĐ-CP",
    columns=(
        Column(
            "procedure_code",
            ProcedureCode(),
            "Mã TTHC",
            "Procedure code",
            ("Mã TTHC", "Mã thủ tục"),
            required=True,
            must_exist=True,
        ),
        Column(
            "procedure_name",
            Text(),
            "Tên thủ tục hành chính",
            "Procedure name",
            ("Tên thủ tục hành chính", "Tên TTHC"),
            required=True,
            must_exist=True,
        ),
        Column("field_name", Text(), "Lĩnh vực", "Field", ("Lĩnh vực",)),
        Column(
            "agency_code",
            AgencyCode(),
            "Mã cơ quan thực hiện",
            "Responsible agency",
            ("Mã cơ quan thực hiện", "Mã cơ quan"),
            required=True,
            must_exist=True,
            refers_to="core.dim_agency",
        ),
        Column(
            "service_level",
            CodeList(
                codes={"Toàn trình": "full", "Một phần": "partial", "Không trực tuyến": "none"},
                vi="Toàn trình, Một phần hoặc Không trực tuyến",
                en="Toàn trình (full), Một phần (partial) or Không trực tuyến (none)",
            ),
            "Mức độ cung cấp",
            "Level of online service",
            ("Mức độ cung cấp", "Mức độ DVC"),
            required=True,
            must_exist=True,
        ),
        Column(
            "full_process_eligible",
            YesNo(on_unreadable=Severity.QUARANTINE),
            "Đủ điều kiện toàn trình",
            "Eligible for full online process",
            ("Đủ điều kiện toàn trình",),
            required=True,
            must_exist=True,
        ),
        Column(
            "processing_days",
            WholeNumber(
                minimum=0,
                maximum=365,
                unit_vi="số ngày",
                unit_en="a number of days",
                on_unreadable=Severity.BLANK,
                on_out_of_range=Severity.BLANK,
            ),
            "Thời hạn giải quyết (ngày)",
            "Time limit (days)",
            ("Thời hạn giải quyết (ngày)", "Thời hạn giải quyết"),
        ),
        Column("decision_no", Text(), "Quyết định công bố", "Publishing decision", ("Quyết định công bố",)),
    ),
)
