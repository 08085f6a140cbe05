"""Contracts as files for others: the Open Data Contract Standard in YAML, JSON Schema, and the Excel template.

What belongs here: which files are made of a contract and what they are called. What does not: what they say (`schemas`
and `reports.template`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml
from upath import UPath

from schemas.contract import Extract
from schemas.extracts import all_extracts
from schemas.json_schema import record_schema, row_schema
from schemas.open_data_contract import contract_document
from warehouse.storage import put_bytes


def write_exports(folder: UPath) -> list[UPath]:
    """Write the exports of every contract; returns the files."""
    written = []
    for extract in all_extracts().values():
        for name, content in exports_of(extract).items():
            put_bytes(folder / name, content)
            written.append(folder / name)
    return written


def exports_of(extract: Extract) -> Mapping[str, bytes]:
    """The contract in open standards, by the name of the file."""
    document = yaml.safe_dump(contract_document(extract), allow_unicode=True, sort_keys=False, width=120)
    return {
        f"{extract.name}.odcs.yaml": document.encode(),
        f"{extract.name}.record.schema.json": _json(record_schema(extract)),
        f"{extract.name}.row.schema.json": _json(row_schema(extract)),
    }


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
