"""Rule-sets: the identity of everything by which a delivery is judged, so that a judgement can be repeated.

An id is a pure function of the contract's declarations, the wording of its rules, the parsing version and the packaged
reference tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import polars as pl

from schemas.contract import Extract
from schemas.parsing import PARSING_VERSION
from schemas.reference import tables
from schemas.rules import Stage, Wording


@dataclass(frozen=True)
class RuleSet:
    """The rules of one extract at one time."""

    id: str
    extract: str
    contract_version: int
    parsing_version: int
    reference_version: str


@cache
def rule_set_of(extract: Extract) -> RuleSet:
    """The rule-set under which this code judges the extract."""
    declared = [
        extract.name,
        str(extract.version),
        str(PARSING_VERSION),
        tables.version(),
        repr(extract.layout),
        repr(
            [(c.name, repr(c.type), c.headers, c.required, c.must_exist, c.personal, c.token) for c in extract.columns]
        ),
        repr([(r.code, r.column, r.severity, str(r.hit)) for r in extract.row_rules]),
        repr([(r.code, r.severity, r.message, r.expected) for r in extract.rules if r.stage is Stage.GATE]),
        repr(extract.key),
    ]
    digest = hashlib.sha256("\x1f".join(declared).encode()).hexdigest()
    return RuleSet(digest[:16], extract.name, extract.version, PARSING_VERSION, tables.version())


def combined_id(rule_set_ids: Iterable[str]) -> str:
    """One id for several rule-sets together: the rule-set of a release."""
    return hashlib.sha256("\x1f".join(sorted(set(rule_set_ids))).encode()).hexdigest()[:16]


def rules_table(extract: Extract) -> pl.DataFrame:
    """The rules of an extract as rows: extract, rule_code, column_name, stage, severity, expected_*, message_*.

    `{column}` is already filled in with the column's title; `{found}` and `{expected}` are filled in per finding.
    """
    rows = []
    for rule in extract.rules:
        title = extract.title(rule.column) if rule.column else Wording("", "")
        rows.append(
            {
                "extract": extract.name,
                "rule_code": rule.code,
                "column_name": rule.column,
                "stage": rule.stage.value,
                "severity": rule.severity.value,
                "expected_vi": rule.expected.vi,
                "expected_en": rule.expected.en,
                "message_vi": rule.message.vi.replace("{column}", title.vi),
                "message_en": rule.message.en.replace("{column}", title.en),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"column_name": pl.String})
