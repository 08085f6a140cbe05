"""The vocabulary of column types: a contract names one per column, and everything about reading its texts follows.

Types stand in the modules of this package by kind of value; contracts take them from here.
"""

from schemas.column_types.amounts import Amount
from schemas.column_types.basic import (
    CUT_AMONG_TEXTS,
    LARGEST_COUNT,
    AgencyCode,
    CodeList,
    ColumnType,
    DossierCode,
    Flag,
    Pattern,
    PersonName,
    ProcedureCode,
    Share,
    Text,
    WholeNumber,
    YesNo,
    commune_code,
    dossier_code,
)
from schemas.column_types.days import PRECISIONS, Day, Moment, PartialDay
from schemas.column_types.registrations import (
    OLD_CARD,
    HealthCard,
    InsuranceNumber,
    PersonalNumber,
    Phone,
    TaxCode,
    birth_year_of,
    is_of_woman,
)

__all__ = [
    "CUT_AMONG_TEXTS",
    "LARGEST_COUNT",
    "OLD_CARD",
    "PRECISIONS",
    "AgencyCode",
    "Amount",
    "CodeList",
    "ColumnType",
    "Day",
    "DossierCode",
    "Flag",
    "HealthCard",
    "InsuranceNumber",
    "Moment",
    "PartialDay",
    "Pattern",
    "PersonName",
    "PersonalNumber",
    "Phone",
    "ProcedureCode",
    "Share",
    "TaxCode",
    "Text",
    "WholeNumber",
    "YesNo",
    "birth_year_of",
    "commune_code",
    "dossier_code",
    "is_of_woman",
]
