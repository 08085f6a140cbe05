"""Department returns: for every delivery that was refused or lost rows, a copy of what did not pass and how to mend it.

What belongs here: which deliveries are returned, and what is said about each. What does not: how the files look
(`reports.return_files`) and the wording of rules (the contracts). A return shows the department its own values, personal
ones included, so every file is private to this user.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import polars as pl
from upath import UPath

from reports import published, wording
from reports.advice import remedy
from reports.published import NothingPublishedError, Row
from reports.return_files import Finding, Listing, Return, as_csv, as_workbook, summary_workbook
from schemas.contract import Extract, Sheet
from schemas.extracts import all_extracts
from warehouse import standing
from warehouse.ledger import Receipt, Sending, counting, judgement_folder
from warehouse.parquet import opened_private
from warehouse.storage import Home, put_bytes

_FORM_VERSION: Final = 4
"""Raised when returns are to be written anew although nothing in the ledger changed."""
_INDEX: Final = ".index.json"
_SUMMARY: Final = "tong-hop.xlsx"
_EXTRA: Final = "extra:"

_Position = tuple[str, int | None]


@dataclass(frozen=True)
class _Case:
    """A delivery that goes back: its last sending, how that stands, its receipt, and what the release found in it.

    `rules` are those it was judged by, as the ledger keeps them, by code. `replaced_by` is what counts in its place.
    """

    sending: Sending
    status: str
    is_settled: bool
    receipt: Receipt
    rules: Mapping[str, Row]
    release_findings: Sequence[Row]
    replaced_by: Sending | None

    @property
    def extract(self) -> Extract:
        """The contract it was judged by."""
        return all_extracts()[self.sending.extract]

    @property
    def is_workbook(self) -> bool:
        """Whether it came as a workbook; of what could not be read, whether it usually does."""
        told = self.receipt.found_as.get("format")
        return told == "workbook" if told else isinstance(self.extract.layout, Sheet)

    @property
    def path(self) -> str:
        """Where its return goes, below the folder of returns."""
        part = f"-{self.sending.part}" if self.sending.part else ""
        suffix = "xlsx" if self.is_workbook else "csv"
        name = f"{self.sending.period}{part}_{self.sending.delivery_id}.{suffix}"
        return f"{self.sending.supplier_code}/{self.sending.extract}/{name}"

    @cached_property
    def fingerprint(self) -> str:
        """Changes when what the return says changes."""
        said = [_FORM_VERSION, self.receipt.rule_set_id, self.sending.sending_id, self.status, self.is_settled]
        said += [self.replaced_by.sending_id] if self.replaced_by else []
        text = json.dumps([*said, self.release_findings], default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def rows_returned(self) -> int:
        """Rows that did not pass, at the gate or in the release."""
        at_release = {_position(row) for row in self.release_findings if row["severity"] == "quarantine"}
        return self.receipt.rows_quarantined + (self.receipt.rows_structural or 0) + len(at_release)

    @property
    def to_do(self) -> str:
        """What the department has to do now."""
        if self.status == "withdrawn":
            return "Không phải làm gì: tệp đã được rút lại."
        if self.is_settled:
            return "Không phải làm gì: đã nhận bản gửi sau."
        if not self.receipt.is_accepted:
            return "Sửa tệp rồi gửi lại cả tệp."
        if self.extract.takes_corrections:
            return (
                "Sửa các dòng nêu dưới đây ngay trong tệp gốc rồi gửi lại CẢ TỆP;"
                " hoặc gửi riêng các dòng đã sửa vào thư mục “dinh-chinh” của kỳ."
            )
        # A sending replaces the one before it: mended rows sent alone would take all the others out.
        return "Sửa các dòng nêu dưới đây ngay trong tệp gốc rồi gửi lại CẢ TỆP; đừng gửi riêng các dòng đã sửa."


def write(home: Home) -> list[UPath]:
    """Write `returns/<agency>/…` so that it says what the ledger and the current release say; returns the files that stand.

    Unchanged returns are left alone; those of deliveries that no longer need one are removed.
    """
    judged, receipts = counting(home)
    replaced = standing.replaced(judged)
    cases = {case.path: case for case in _cases(home, judged, receipts, replaced)}
    before = _read_index(home)
    returned = {path: case.fingerprint for path, case in cases.items()}
    for path, case in cases.items():
        if before.get(path) != case.fingerprint:
            _put(home, path, _file(home, case))
    summaries = _summaries(home, cases.values(), replaced, before)
    for path in before.keys() - returned.keys() - summaries.keys():
        (home.returns / path).unlink(missing_ok=True)
    index = returned | summaries
    if index != before:
        _put(home, _INDEX, json.dumps(index, indent=1, sort_keys=True).encode())
    return [home.returns / path for path in sorted(index)]


def _cases(
    home: Home,
    judged: Sequence[tuple[Sending, str]],
    receipts: Mapping[str, Receipt],
    replaced: Sequence[tuple[Sending, Sending]],
) -> Iterator[_Case]:
    rules = {name: _rules(home, name) for name in {receipt.rule_set_id for receipt in receipts.values()}}
    found_later = _release_findings(home)
    last = {sending.delivery_id: (sending, status) for sending, status in judged}
    taken = {_slot(sending) for sending, status in judged if status == "accepted"}
    in_place = {earlier.sending_id: later for earlier, later in replaced}
    for delivery_id, (sending, status) in last.items():
        receipt = receipts[delivery_id]
        case = _Case(
            sending=sending,
            status=status,
            is_settled=status in ("superseded", "withdrawn") or (status == "refused" and _slot(sending) in taken),
            receipt=receipt,
            rules=rules[receipt.rule_set_id],
            release_findings=found_later.get(delivery_id, ()),
            replaced_by=in_place.get(sending.sending_id),
        )
        if not receipt.is_accepted or case.rows_returned:
            yield case


def _rules(home: Home, rule_set_id: str) -> dict[str, Row]:
    with (home.ledger / "rule_sets" / rule_set_id / "rules.parquet").open("rb") as stream:
        return {row["rule_code"]: row for row in pl.read_parquet(stream).iter_rows(named=True)}


def _slot(sending: Sending) -> tuple[str, str, str, str | None]:
    return sending.extract, sending.supplier_code, sending.period, sending.part


def _release_findings(home: Home) -> dict[str, list[Row]]:
    try:
        with published.current_release(home) as con:
            rows = published.rows(con, "release_findings")
    except NothingPublishedError:
        return {}
    by_delivery: dict[str, list[Row]] = {}
    for row in rows:
        by_delivery.setdefault(row["delivery_id"], []).append(row)
    return by_delivery


def _file(home: Home, case: _Case) -> bytes:
    originals = _originals(home, case)
    titles = list(dict.fromkeys(title for cells in originals.values() for title in cells))
    returned = Return(
        facts=_facts(case),
        findings=list(_findings(home, case, originals)),
        titles=titles,
        originals=originals,
        made_from=case.sending.received_at,
    )
    return as_workbook(returned) if case.is_workbook else as_csv(returned)


def _facts(case: _Case) -> list[tuple[str, str]]:
    sending, receipt = case.sending, case.receipt
    return [
        ("Bộ dữ liệu", case.extract.vi),
        ("Đơn vị gửi", sending.supplier_code),
        ("Kỳ", sending.period),
        ("Tệp", sending.file_name),
        ("Nhận lúc", wording.moment(sending.received_at).vi),
        ("Tình trạng", wording.word(wording.DELIVERY_STATUS, case.status).vi),
        ("Số dòng đọc được", wording.count(receipt.rows_read).vi),
        ("Số dòng được nhận", wording.count(receipt.rows_accepted).vi),
        ("Số dòng trả lại", wording.count(case.rows_returned).vi),
        *([("Bị thay bởi", _named(case.replaced_by))] if case.replaced_by else []),
        ("Việc cần làm", case.to_do),
        ("Mã bản gửi", sending.delivery_id),
        *([("Số liệu", "mô phỏng")] if sending.origin == "simulated" else []),
    ]


def _named(sending: Sending) -> str:
    return f"{sending.file_name}, nhận lúc {wording.moment(sending.received_at).vi}"


def _originals(home: Home, case: _Case) -> dict[_Position, dict[str, str]]:
    """The rows that did not pass the gate, by position, each cell under the title the contract gives it first."""
    file = judgement_folder(home, case.receipt.rule_set_id, case.receipt.delivery_id) / "quarantined.parquet"
    with opened_private(home, file) as local:
        if local is None:
            return {}
        frame = pl.read_parquet(local, columns=["source_sheet", "source_row", "raw"])
    titles = {column.name: column.headers[0] for column in case.extract.columns}
    return {
        (sheet or "", row): {
            titles.get(name, name.removeprefix(_EXTRA)): text for name, text in json.loads(raw).items() if text
        }
        for sheet, row, raw in frame.sort("source_sheet", "source_row").iter_rows()
    }


def _findings(home: Home, case: _Case, originals: Mapping[_Position, Mapping[str, str]]) -> Iterator[Finding]:
    if not case.receipt.is_accepted:
        yield _refusal(case)
    for row in sorted([*_gate_findings(home, case), *case.release_findings], key=_reading_order):
        title = _title(case.extract, row["column_name"])
        original = originals.get(_position(row), {})
        found = original.get(title) or row["found"] or ""
        yield Finding(
            sheet=row["source_sheet"] or "",
            row=row["source_row"],
            cell=_cell(case.receipt.found_as, row),
            column=title,
            found=found,
            message=row["message_vi"].replace("{found}", found).replace("{expected}", row["expected"] or ""),
            rule_code=row["rule_code"],
            consequence=wording.word(wording.SEVERITY, row["severity"]).vi,
            expected=row["expected"] or "",
            remedy=remedy(row["rule_code"]),
        )


def _refusal(case: _Case) -> Finding:
    code = case.receipt.refusal_code or "file.unreadable"
    return Finding(
        sheet="",
        row=None,
        cell="",
        column="",
        found="",
        message=case.receipt.refusal_vi or "",
        rule_code=code,
        consequence=wording.SEVERITY["refuse"].vi,
        expected=case.rules[code]["expected_vi"],
        remedy=remedy(code),
    )


def _gate_findings(home: Home, case: _Case) -> list[Row]:
    receipt = case.receipt
    file = judgement_folder(home, receipt.rule_set_id, receipt.delivery_id) / "findings.parquet"
    if not file.exists():
        return []
    with file.open("rb") as stream:
        found = pl.read_parquet(stream).to_dicts()
    return [row | _worded(case.rules[row["rule_code"]]) for row in found]


def _worded(rule: Row) -> Row:
    return {"severity": rule["severity"], "expected": rule["expected_vi"], "message_vi": rule["message_vi"]}


def _title(extract: Extract, column_name: str | None) -> str:
    """How a column is titled in files; one that the gate works out is in no file and goes by its own title."""
    titles = {column.name: column.headers[0] for column in extract.columns}
    worked_out = {column.name: column.vi for column in extract.derived}
    return (worked_out | titles).get(column_name or "", "")


def _cell(found_as: Mapping[str, str], row: Row) -> str:
    """The address of a cell as a workbook shows it, "D17"; empty where there is none, or where tables on a sheet differ."""
    own = found_as.get(f"columns:{row['source_sheet']}")
    if own and "tables" in found_as:
        return ""
    placed = dict(pair.split("=", 1) for pair in (own or found_as.get("columns", "")).split())
    letters = placed.get(row["column_name"] or "")
    return f"{letters}{row['source_row']}" if letters and row["source_row"] else ""


def _position(row: Mapping[str, Any]) -> _Position:
    return row["source_sheet"] or "", row["source_row"]


def _reading_order(row: Row) -> tuple[str, int, str]:
    return row["source_sheet"] or "", row["source_row"] or 0, row["rule_code"]


def _summaries(
    home: Home, cases: Iterable[_Case], replaced: Iterable[tuple[Sending, Sending]], before: Mapping[str, str]
) -> dict[str, str]:
    """Write one summary for each agency whose returns or replaced files changed; their fingerprints by path."""
    by_agency: dict[str, list[_Case]] = {}
    for case in cases:
        by_agency.setdefault(case.sending.supplier_code, []).append(case)
    replaced_of: dict[str, list[tuple[Sending, Sending]]] = {}
    for pair in replaced:
        replaced_of.setdefault(pair[0].supplier_code, []).append(pair)
    fingerprints = {}
    for agency in sorted(by_agency.keys() | replaced_of.keys()):
        own = sorted(by_agency.get(agency, ()), key=lambda case: _by_period(case.sending))
        pairs = sorted(replaced_of.get(agency, ()), key=lambda pair: _by_period(pair[0]))
        path = f"{agency}/{_SUMMARY}"
        said = [*(case.fingerprint for case in own), *(sent.sending_id for pair in pairs for sent in pair)]
        fingerprints[path] = hashlib.sha256("".join(said).encode()).hexdigest()
        if before.get(path) != fingerprints[path]:
            last = max(sent.received_at for sent in (*(case.sending for case in own), *(later for _, later in pairs)))
            listings = [_by_delivery(own), _by_rule(own)] if own else []
            _put(home, path, summary_workbook([*listings, *([_replacements(pairs)] if pairs else [])], last))
    return fingerprints


def _by_period(sending: Sending) -> tuple[str, str, datetime]:
    return sending.extract, sending.period, sending.received_at


def _replacements(pairs: Iterable[tuple[Sending, Sending]]) -> Listing:
    titles = ("Bộ dữ liệu", "Kỳ", "Tệp bị thay", "Nhận lúc", "Tệp thay thế", "Tệp thay thế nhận lúc")
    rows = [
        (
            all_extracts()[earlier.extract].vi,
            earlier.period,
            earlier.file_name,
            wording.moment(earlier.received_at).vi,
            later.file_name,
            wording.moment(later.received_at).vi,
        )
        for earlier, later in pairs
    ]
    return Listing("ThayThe", titles, rows)


def _by_delivery(cases: Sequence[_Case]) -> Listing:
    titles = (
        "Bộ dữ liệu",
        "Kỳ",
        "Tệp",
        "Nhận lúc",
        "Tình trạng",
        "Dòng đọc được",
        "Dòng trả lại",
        "Lý do từ chối",
        "Việc cần làm",
        "Tệp trả lại",
    )
    rows = [
        (
            case.extract.vi,
            case.sending.period,
            case.sending.file_name,
            wording.moment(case.sending.received_at).vi,
            wording.word(wording.DELIVERY_STATUS, case.status).vi,
            case.receipt.rows_read,
            case.rows_returned,
            case.receipt.refusal_vi,
            case.to_do,
            case.path.split("/", 1)[1],
        )
        for case in cases
    ]
    return Listing("TongHop", titles, rows)


def _by_rule(cases: Sequence[_Case]) -> Listing:
    counts: Counter[tuple[str, str]] = Counter()
    expected: dict[tuple[str, str], str] = {}
    for case in cases:
        of_release = Counter(row["rule_code"] for row in case.release_findings)
        for code, hits in (*case.receipt.rule_rows.items(), *of_release.items()):
            counts[case.extract.vi, code] += hits
            expected[case.extract.vi, code] = case.rules[code]["expected_vi"]
    rows = [(title, code, expected[title, code], remedy(code), hits) for (title, code), hits in counts.most_common()]
    return Listing("TheoQuyTac", ("Bộ dữ liệu", "Mã quy tắc", "Cần ghi", "Cách sửa", "Số lỗi"), rows)


def _read_index(home: Home) -> dict[str, str]:
    """Fingerprints of the returns that stand, by path; those whose file has gone are left out."""
    index = home.returns / _INDEX
    if not index.exists():
        return {}
    known: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))
    return {path: fingerprint for path, fingerprint in known.items() if (home.returns / path).exists()}


def _put(home: Home, path: str, content: bytes) -> None:
    put_bytes(home.returns / path, content, private=True)
