"""Writes small ledgers for tests: sendings with made-up judgements, in the layout that judging writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from upath import UPath

from schemas import periods
from schemas.extracts import all_extracts
from schemas.rule_set import rule_set_of
from warehouse import archive
from warehouse.ledger import (
    Receipt,
    Sending,
    delivery_id_of,
    judgement_folder,
    record_rule_set,
    sending_id_of,
    write_receipt,
    write_sending,
)
from warehouse.storage import Home

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PROCEDURE = "1.000001"
COMMUNE = "12433"
AGENCY = "H54.53"

_POSITION = {"delivery_id": pl.String, "source_sheet": pl.String, "source_row": pl.Int64}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "one_stop_dossier": {
        "dossier_code": "000.00.53.H54-230517-0001",
        "procedure_code": PROCEDURE,
        "channel_code": 2,
        "status_code": 4,
        "submitted_at": datetime.fromisoformat("2023-05-17T08:00:00"),
        "received_on": date(2023, 5, 17),
        "due_on": date(2023, 5, 24),
        "agency_code": AGENCY,
        "updated_at": datetime.fromisoformat("2023-05-17T09:00:00"),
        "unit_code": COMMUNE,
        "citizen_token": "0" * 32,
        "amount_due_vnd": 0,
        "paid_online": False,
        "components_digitised": False,
        "result_digitised": False,
        "vneid_authenticated": False,
    },
    "procedure_catalogue": {
        "procedure_code": PROCEDURE,
        "procedure_name": "Đăng ký khai sinh",
        "agency_code": AGENCY,
        "service_level": "full",
        "full_process_eligible": True,
        "processing_days": 5,
    },
    "identity_issuance": {
        "unit_code": COMMUNE,
        "eligible_persons": 100,
        "cards_issued": 1,
        "cards_issued_cumulative": 50,
        "eid_issued": 1,
        "eid_activated_cumulative": 20,
        "eid_target": 30,
    },
    "work_file_processing": {
        "agency_code": AGENCY,
        "level_code": "province",
        "files_total": 100,
        "files_online": 90,
        "online_share": 0.9,
    },
    "essential_service_report": {
        "procedure_code": PROCEDURE,
        "service_name": "Đăng ký khai sinh",
        "dossiers_total": 10,
        "dossiers_online": 9,
        "online_share": 0.9,
    },
    "target_response": {
        "kpi_code": "T10",
        "owner_agency_code": AGENCY,
        "cause": "Thiếu máy quét",
        "remedy": "Trang bị máy quét",
        "deadline_on": date(2024, 6, 30),
    },
    "shared_database": {
        "database_code": "CSDL-001",
        "database_name": "Cơ sở dữ liệu hộ tịch",
        "owner_agency_code": AGENCY,
        "connected_on": date(2021, 3, 5),
        "consumers": "H54.01; H54.02",
        "last_used_on": date(2023, 5, 20),
    },
    "satisfaction_response": {
        "response_no": "PH-2305-000001",
        "dossier_code": "000.00.53.H54-230517-0001",
        "response_kind": "survey",
        "citizen_token": "0" * 32,
        "overall_score": 5,
        "received_on": date(2023, 5, 20),
    },
    "portal_reconciliation": {
        "agency_code": AGENCY,
        "dossiers_received": 1,
        "dossiers_online": 1,
        "dossier_codes": "000.00.53.H54-230517-0001",
    },
    "population_check_result": {
        "batch_no": "DS-20230515-01",
        "line_no": 1,
        "register_code": "insurance",
        "citizen_token": "0" * 32,
        "unit_code": COMMUNE,
        "result_code": "matched",
        "sent_on": date(2023, 5, 3),
        "returned_on": date(2023, 5, 15),
    },
    "taxpayer": {
        "tax_token": "0" * 32,
        "taxpayer_kind": "enterprise",
        "status_code": "00",
        "unit_code": COMMUNE,
        "registered_on": date(2015, 6, 1),
    },
    "insurance_participant": {
        "insurance_token": "0" * 32,
        "citizen_token": "1" * 32,
        "participation_code": "compulsory",
        "unit_code": COMMUNE,
        "joined_on": date(2015, 6, 1),
        "contribution_vnd": 500_000,
    },
    "land_change": {
        "change_no": "BD-2305-000001",
        "change_kind": "transfer",
        "unit_code": COMMUNE,
        "area_m2": Decimal("100.5"),
        "changed_on": date(2023, 5, 17),
    },
    "civil_status": {
        "registration_no": "KS-12433-2023-0001",
        "event_kind": "birth",
        "unit_code": COMMUNE,
        "event_on": date(2023, 5, 3),
        "event_on_precision": "day",
        "registered_on": date(2023, 5, 17),
    },
    "welfare_payment": {
        "beneficiary_token": "0" * 32,
        "citizen_token": "1" * 32,
        "born_on_precision": "day",
        "unit_code": COMMUNE,
        "benefit_kind": "elderly",
        "amount_vnd": Decimal(360_000),
        "payment_method": "account",
    },
    "pupil": {
        "pupil_token": "0" * 32,
        "citizen_token": "1" * 32,
        "born_on_precision": "day",
        "sex": "female",
        "unit_code": COMMUNE,
        "school_code": "34336001",
        "grade": 5,
    },
    "dossier_step": {
        "dossier_code": "000.00.53.H54-230517-0001",
        "step_no": 1,
        "step_name": "Tiếp nhận",
        "agency_code": AGENCY,
        "started_at": datetime.fromisoformat("2023-05-17T08:00:00"),
        "ended_at": datetime.fromisoformat("2023-05-17T09:30:00"),
    },
    "dossier_payment": {
        "payment_no": "GD-20230517-000001",
        "dossier_code": "000.00.53.H54-230517-0001",
        "payment_kind": "fee",
        "amount_vnd": Decimal(20_000),
        "is_exempt": False,
        "channel_code": "online",
        "paid_on": date(2023, 5, 17),
    },
    "dossier_digitisation": {
        "dossier_code": "000.00.53.H54-230517-0001",
        "paper_no": 1,
        "paper_kind": "component",
        "is_digitised": True,
        "is_signed": False,
        "is_reused": False,
        "recorded_at": datetime.fromisoformat("2023-05-17T09:30:00"),
    },
    "administrative_unit_list": {
        "unit_code": COMMUNE,
        "level": "commune",
        "unit_type": "Phường",
        "name": "Lê Hồng Phong",
        "parent_code": "336",
        "province_code": "34",
    },
    "agency_list": {"agency_code": AGENCY, "name_vi": "Sở Tư pháp", "level": "province", "unit_code": "34"},
    "succession_list": {"subject": "unit"},
    "delivery_withdrawal": {"document_no": "21/CV-VPUB", "reason": "Gửi nhầm tháng"},
    "list_decision": {"decision": "accepted", "decision_no": "12/CV-VPUB", "reason": "Sáp nhập thật"},
    "digital_infrastructure": {
        "unit_code": COMMUNE,
        "measure_code": "fibre_households",
        "numerator": 54,
        "denominator": 100,
    },
}


@dataclass
class LedgerKit:
    """A ledger under construction; every `send` is one sending with its judgement."""

    home: Home
    sent: list[Sending] = field(default_factory=list)

    def send(
        self,
        extract: str,
        period: str,
        rows: Sequence[Mapping[str, Any]] = (),
        *,
        rejected: Sequence[Mapping[str, Any]] = (),
        received_at: datetime | None = None,
        content: str = "",
        supplier: str | None = None,
        part: str | None = None,
        refused: str | None = None,
        origin: str = "simulated",
        archived: Path | None = None,
        header: str | None = None,
        profile: Mapping[str, Mapping[str, float | int | None]] | None = None,
    ) -> Sending:
        """Record a sending and judge it: `rows` accepted, `rejected` quarantined by a rule; `content` tells bytes apart.

        Rows name only what matters; the rest has defaults. Positions count from 1, accepted rows first. `archived` is a
        file whose bytes go to the archive; `header` and `profile` are what judging would say of its titles and columns.
        """
        contract = all_extracts()[extract]
        supplier = supplier or contract.suppliers[0]
        said = repr((extract, period, [sorted(row.items()) for row in rows], [*rejected], content, refused))
        sha256 = (
            archive.take_in(self.home, UPath(archived))[0] if archived else hashlib.sha256(said.encode()).hexdigest()
        )
        delivery_id = delivery_id_of(sha256, extract, supplier, period, part)
        received_at = received_at or datetime.combine(
            periods.span(period).last_on + timedelta(days=1), datetime.min.time(), HANOI
        )
        sending = Sending(
            sending_id_of(delivery_id, received_at),
            delivery_id,
            extract,
            supplier,
            period,
            part,
            f"{extract}_{period}",
            sha256,
            len(said),
            received_at,
            datetime.now(HANOI),
            origin,
        )
        write_sending(self.home, sending)
        self._judge(
            sending,
            rows,
            rejected,
            refused,
            {"found_as": {"header": header} if header else {}, "profile": profile or {}},
        )
        self.sent.append(sending)
        return sending

    def send_text(self, sending: Mapping[str, Any]) -> Sending:
        """`send` for a sending written in YAML; moments without a zone are local."""
        said = dict(sending)
        if received_at := said.get("received_at"):
            said["received_at"] = datetime.fromisoformat(str(received_at)).replace(tzinfo=HANOI)
        return self.send(said.pop("extract"), str(said.pop("period")), **said)

    def _judge(
        self,
        sending: Sending,
        rows: Sequence[Mapping[str, Any]],
        rejected: Sequence[Mapping[str, Any]],
        refused: str | None,
        seen: Mapping[str, Any],
    ) -> None:
        contract = all_extracts()[sending.extract]
        record_rule_set(self.home, rule_set_of(contract))
        rule_set_id = rule_set_of(contract).id
        folder = Path(str(judgement_folder(self.home, rule_set_id, sending.delivery_id)))
        folder.mkdir(parents=True, exist_ok=True)
        accepted = [
            {"delivery_id": sending.delivery_id, "source_row": position} | dict(_DEFAULTS[sending.extract]) | dict(row)
            for position, row in enumerate(rows, start=1)
        ]
        held = [
            {"delivery_id": sending.delivery_id, "source_row": position, "raw": "{}"} | dict(row)
            for position, row in enumerate(rejected, start=len(rows) + 1)
        ]
        key = {name: contract.kept[name] for name in contract.kept_key}
        findings = [
            {
                "delivery_id": sending.delivery_id,
                "source_row": row["source_row"],
                "column_name": contract.key[0],
                "rule_code": row.get("rule_code", "row.duplicate_key"),
            }
            for row in held
        ]
        _write(folder / "accepted.parquet", accepted, {**_POSITION, **contract.kept})
        _write(folder / "rejected.parquet", held, {**_POSITION, **key})
        _write(folder / "quarantined.parquet", held, {**_POSITION, "raw": pl.String})
        _write(
            folder / "findings.parquet",
            findings,
            {**_POSITION, "column_name": pl.String, "rule_code": pl.String, "found": pl.String},
        )
        read = len(rows) + len(held)
        write_receipt(
            self.home,
            Receipt(
                delivery_id=sending.delivery_id,
                extract=sending.extract,
                supplier_code=sending.supplier_code,
                period=sending.period,
                part=sending.part,
                sha256=sending.sha256,
                rule_set_id=rule_set_id,
                status="refused" if refused else "accepted",
                refusal_code=refused,
                refusal_vi=None,
                refusal_en=None,
                positions=read,
                rows_set_aside=0,
                set_aside_kinds={},
                rows_read=read,
                rows_accepted=len(rows),
                rows_quarantined=len(held),
                rows_structural=0,
                rule_rows={},
                changes={},
                size_bytes=sending.size_bytes,
                recorded_at=sending.recorded_at,
                key_id="0" * 16,
                **seen,
            ),
        )


def _write(file: Path, rows: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> None:
    if rows:
        known = [{name: value for name, value in row.items() if name in layout} for row in rows]
        pl.DataFrame(known, schema=dict(layout)).write_parquet(file)
