"""Contracts in the Open Data Contract Standard (Bitol, v3.2.0): columns, rules with their wording, who owes what by when.

What belongs here: a contract in the standard's words. What does not: records and rows as JSON Schema (`schemas.json_schema`).
What the standard has no word for stands under `customProperties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from schemas.column_types import CodeList, ColumnType, Pattern, WholeNumber
from schemas.contract import FORMATS, Column, Derived, Extract
from schemas.json_schema import is_always_filled
from schemas.periods import Cadence
from schemas.rules import Rule
from schemas.synonyms import confirmed

API_VERSION: Final = "v3.2.0"
_DIMENSION: Final[Mapping[str, str]] = {
    "required": "completeness",
    "missing_column": "completeness",
    "empty": "completeness",
    "duplicate_row": "uniqueness",
    "duplicate_key": "uniqueness",
    "unreadable": "conformity",
    "not_in_list": "conformity",
    "structural": "conformity",
    "header_not_found": "conformity",
    "extra_column": "conformity",
    "out_of_range": "accuracy",
    "check_digit": "accuracy",
    "after_period": "timeliness",
}
_LOGICAL: Final[Mapping[str, str]] = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "TINYINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
_EVERY: Final[Mapping[Cadence, tuple[int, str]]] = {
    Cadence.DAILY: (1, "d"),
    Cadence.WEEKLY: (7, "d"),
    Cadence.MONTHLY: (1, "m"),
    Cadence.QUARTERLY: (3, "m"),
    Cadence.TERMLY: (6, "m"),
    Cadence.YEARLY: (1, "y"),
}
Document = dict[str, Any]


def contract_document(extract: Extract) -> Document:
    """The contract as plain mappings and lists, to be written as YAML."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"thaibinh-warehouse-{extract.name}",
        "version": f"{extract.version}.0.0",
        "status": "active",
        "name": extract.name,
        "domain": extract.department,
        "description": {
            "purpose": f"{extract.purpose_vi or extract.vi} — {extract.en}",
            "usage": "Kho dữ liệu dùng chung tỉnh Thái Bình — Thái Bình's shared data warehouse",
        },
        "schema": [_table(extract)],
        "team": {
            "name": extract.department,
            "description": "Cơ quan cung cấp dữ liệu — the agencies that owe the data",
            "members": [{"username": supplier, "role": "supplier"} for supplier in extract.suppliers],
        },
        "roles": [
            {"role": "analyst", "access": "read", "description": "Không có dữ liệu cá nhân — without personal data"},
            {"role": "restricted", "access": "read", "description": "Có dữ liệu cá nhân — with personal data"},
        ],
        "slaProperties": _service_levels(extract),
        "customProperties": _custom(
            legalGround=extract.legal_ground,
            semantics=extract.semantics.value,
            eventTime=extract.event_time,
            formats=list(FORMATS),
            owedFrom=extract.owed_from,
        ),
    }


def _table(extract: Extract) -> Document:
    key = " + ".join(extract.key)
    return {
        "name": extract.name,
        "logicalType": "object",
        "physicalType": "file",
        "businessName": extract.vi,
        "description": f"{extract.vi} — {extract.en}",
        "dataGranularityDescription": f"mỗi dòng một {key} — one row per {key}",
        "properties": [
            *(_property(column, extract) for column in extract.columns),
            *(_derived(column) for column in extract.derived),
        ],
        "quality": [
            _rule(rule, extract) for rule in extract.rules if rule.column is None or rule.code in _of_rows(extract)
        ],
    }


def _of_rows(extract: Extract) -> set[str]:
    """Codes of rules that look at more than the column they point to."""
    return {rule.code for rule in extract.rules if not rule.code.startswith(f"{rule.column}.")}


def _property(column: Column, extract: Extract) -> Document:
    kind, of_rows = column.type, _of_rows(extract)
    rules = [rule for rule in extract.rules if rule.column == column.name and rule.code not in of_rows]
    said: Document = {
        "name": column.name,
        "physicalName": column.headers[0],
        "businessName": column.vi,
        "description": f"{column.vi} — {column.en}; {kind.expected.vi} — {kind.expected.en}",
        "logicalType": _logical(kind.ddl),
        "physicalType": kind.ddl,
        "required": is_always_filled(column),
        "classification": column.personal.value,
    }
    if column.name in extract.key:
        said |= {"primaryKey": True, "primaryKeyPosition": extract.key.index(column.name) + 1}
        said["unique"] = len(extract.key) == 1
    agreed = [title for title, name in confirmed(extract.name).items() if name == column.name]
    if also := [*column.headers[1:], *agreed]:
        said["synonyms"] = [{"synonym": title, "locale": "vi"} for title in also]
    if kind.example:
        said["examples"] = [kind.example]
    if options := _options(kind):
        said["logicalTypeOptions"] = options
    if isinstance(kind, CodeList):
        said["enum"] = [{"value": kept, "label": text} for kept, text in kind.spellings.items()]
    if rules:
        said["quality"] = [_rule(rule, extract) for rule in rules]
    said["customProperties"] = _custom(
        mustExist=column.must_exist,
        token=column.token,
        refersTo=column.refers_to,
        responsible=column.responsible_vi,
    )
    return said


def _derived(column: Derived) -> Document:
    return {
        "name": column.name,
        "businessName": column.vi,
        "description": f"{column.vi} — {column.en}",
        "logicalType": _logical(column.ddl),
        "physicalType": column.ddl,
        "tags": ["derived"],
        "customProperties": _custom(refersTo=column.refers_to, beside=column.beside),
    }


def _logical(ddl: str) -> str:
    return _LOGICAL.get(ddl, "number")


def _options(kind: ColumnType) -> Document:
    if isinstance(kind, Pattern):
        return {"pattern": kind.pattern}
    if isinstance(kind, WholeNumber):
        limits = {"minimum": kind.minimum, "maximum": kind.maximum}
        return {name: limit for name, limit in limits.items() if limit is not None}
    return {}


def _rule(rule: Rule, extract: Extract) -> Document:
    """A rule in its own words, as a text check: the gate alone decides it."""
    said = extract.said(rule)
    return {
        "id": rule.code.replace(".", "-"),
        "name": rule.code,
        "type": "text",
        "description": f"{said.vi} — {said.en}",
        "dimension": _DIMENSION.get(rule.code.rsplit(".", 1)[-1], "consistency"),
        "severity": rule.severity.value,
        "customProperties": _custom(stage=rule.stage.value),
    }


def _service_levels(extract: Extract) -> list[Document]:
    if extract.cadence is Cadence.ON_CHANGE:
        return [{"property": "frequency", "value": extract.cadence.value, "description": "khi có thay đổi — on change"}]
    every, unit = _EVERY[extract.cadence]
    return [
        {"property": "frequency", "value": every, "unit": unit, "description": extract.cadence.value},
        {
            "property": "latency",
            "value": extract.days_until_due,
            "unit": "d",
            "description": "hạn gửi sau khi hết kỳ — due after the period",
        },
        {
            "property": "latencyWithGrace",
            "value": extract.days_until_due + extract.days_of_grace,
            "unit": "d",
            "description": "quá hạn này coi là thiếu — missing after this",
        },
    ]


def _custom(**properties: object) -> list[Document]:
    return [{"property": name, "value": value} for name, value in properties.items() if value not in (None, "")]
