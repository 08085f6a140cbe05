"""Planted people are found nowhere outside the private files: logs, terminal, Dagster's storage, editions, pages, ledger."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from reports import returns
from tests.invariants.planted import (
    NAMES,
    NUMBERS,
    as_json,
    dossiers,
    files_below,
    found_in,
    found_in_bytes,
    found_in_tables,
    in_every_column,
)
from tests.invariants.sendings import Sent
from warehouse import keys, sealing
from warehouse.intake import record_sendings
from warehouse.judging import judge_pending
from warehouse.ledger import LOCAL_TIME, read_receipts
from warehouse.release import build_release, verify
from warehouse.storage import Home, open_home
from warehouse.tracing import trace

DAY = "2023-05-17"
DOSSIER = "000.00.53.H54-230517-0002"
_CLEAN: dict[str, object] = {
    "MaHoSo": "",
    "MaTTHC": "",
    "TenTTHC": "Thủ tục",
    "MaLinhVuc": "LV01",
    "KenhThucHien": 2,
    "ChuHoSo": NAMES[0],
    "LoaiDoiTuong": 1,
    "SoGiayToChuHoSo": NUMBERS[0],
    "NgayNopHoSo": f"{DAY}T08:00:00",
    "NgayTiepNhan": DAY,
    "NgayHenTra": DAY,
    "TrangThaiHoSo": 4,
    "NgayKetThucXuLy": None,
    "NgayTra": None,
    "DonViXuLy": "H54.53",
    "NoiNopHoSo": "000.00.53.H54",
    "HoSoCoThanhPhanSoHoa": 1,
    "TaiKhoanDuocXacThucVoiVNeID": 1,
    "DuocThanhToanTrucTuyen": 0,
    "KetQuaSoHoa": 0,
    "NgayCapNhat": f"{DAY}T09:00:00",
    "MaDonViHanhChinh": "12433",
    "SoTienPhaiNop": 0,
}
FREE_TEXT = frozenset({"procedure_name", "field_code", "submission_place", "agency_name"})
"""What a supplier writes there is kept as text: in the ledger and the restricted edition, never beyond them."""
_SHEETS = {"identity_issuance", "work_file_processing", "digital_infrastructure", "welfare_payment", "pupil"}
_CHECKED = (DAY, "2023-05-18")
_PRIVATE_FILES = ("identifiers", "quarantined", "extra")
_PASSPHRASE = "a passphrase that nobody would guess"


def sent(period: str, content: bytes, name: str = "hoso.json") -> Sent:
    return Sent("one_stop_dossier", "VPUB", period, name, content, datetime(2023, 5, 20, 1, tzinfo=LOCAL_TIME))


@pytest.fixture(scope="module")
def planted(sendings: list[Sent]) -> list[Sent]:
    """Deliveries full of people: accepted, spoilt, cut, of unknown titles, and one whose file is named after somebody."""
    known = next(record for record in json.loads(_a_day(sendings)) if re.fullmatch(r"\d\.\d{6}", record["MaTTHC"]))
    clean = _CLEAN | {"MaTTHC": known["MaTTHC"]}
    whole = as_json(dossiers(DAY, clean))
    lists = [each for each in sendings if each.slot[2] == "2023-01-01"]
    one_of_each = {each.extract: each for each in sendings if each.extract in _SHEETS and len(each.content) > 10_000}
    assert one_of_each.keys() == _SHEETS
    return [
        *lists,
        *(in_every_column(each) for each in one_of_each.values()),
        sent(DAY, whole),
        sent("2023-05-18", whole[: len(whole) - 60]),
        sent("2023-05-19", whole[: len(whole) // 3]),
        sent("2023-05-20", as_json([{NAMES[0]: NAMES[1], NUMBERS[0]: NUMBERS[1]}])),
        sent("2023-05-21", f'[{{"ChuHoSo": "{NAMES[0]}" "{NUMBERS[0]}"}}]'.encode()),
        sent("2023-05-22", as_json([clean | {"KenhThucHien": NAMES[0]}]), f"hoso_{NUMBERS[0]}.json"),
    ]


def _a_day(sendings: list[Sent]) -> bytes:
    return next(each.content for each in sendings if each.slot[2] == "2023-01-03")


@dataclass(frozen=True)
class Ran:
    """A home over which the command line has run, and everything it said."""

    home: Home
    said: str

    @property
    def root(self) -> Path:
        """Its folder."""
        return Path(str(self.home.root))


def warehouse(*arguments: str) -> str:
    """What a command says, on both streams; it may fail, but not by an exception."""
    command = [str(Path(sys.executable).with_name("warehouse")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "400"})
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def ran(planted: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Ran:
    home = open_home(tmp_path_factory.mktemp("privacy") / "home")
    files = [each.land(home) for each in planted]
    at = ("--home", str(home.root))
    said = [warehouse("run", *at), warehouse("trace", *at, "core.fact_dossier", DOSSIER)]
    assert "SIMULATED" in said[0]
    assert "hoso.json" in said[1]
    checked = [(each, file) for each, file in zip(planted, files, strict=True) if each.period in _CHECKED]
    for each, file in checked:
        said.append(warehouse("check", str(file), "--extract", each.extract, "--period", each.period))
    assert len(checked) == len(_CHECKED)
    return Ran(home, "\n".join(said))


def test_the_people_were_really_there(ran: Ran) -> None:
    everybody = found_in(" ".join((*NAMES, *NUMBERS)))
    assert len(everybody) == len(NAMES) + len(NUMBERS)
    private = [file for name in _PRIVATE_FILES for file in files_below(ran.root) if file.name == f"{name}.parquet"]
    assert {file.stem for file in private} == set(_PRIVATE_FILES)
    read = "\n".join(str(pl.read_parquet(file).to_dicts()) for file in private)
    assert found_in(read) == everybody
    receipts = read_receipts(ran.home).values()
    assert sum(not receipt.is_accepted for receipt in receipts) >= 4
    assert {receipt.extract for receipt in receipts if receipt.rows_quarantined} >= {"one_stop_dossier", *_SHEETS}


def test_the_hunt_finds_every_spelling() -> None:
    for spelling in (
        NAMES[0].upper(),
        json.dumps({"a": NAMES[0]}),
        "Tr%E1%BB%8Bnh+Qu%E1%BB%B3nh+V%C4%A9nhm%E1%BA%ADt%C4%91i%E1%BB%81n",
        "VINHMATDIEN",
        "034.191.987.654",
        "34191987654.0",
    ):
        assert len(found_in(spelling)) == 1, spelling
    assert found_in_bytes(b"x\x00" + NAMES[0].encode("utf-16-le"))


def test_the_terminal_names_nobody(ran: Ran) -> None:
    assert found_in(ran.said) == set()


def test_dagster_stores_nobody(ran: Ran) -> None:
    stored = list(files_below(ran.root / ".dagster"))
    assert any(file.suffix == ".db" for file in stored)
    assert {file.name: people for file in stored if (people := found_in_bytes(file.read_bytes()))} == {}


def test_the_analyst_edition_knows_nobody(ran: Ran) -> None:
    with duckdb.connect(str(ran.root / "releases" / "current" / "analyst.duckdb"), read_only=True) as con:
        tables = [
            name for (name,) in con.sql("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        ]
        assert con.sql("SELECT count(*) FROM core.fact_dossier").fetchall()[0][0] > 1
        assert found_in_tables(con, tables) == set()


@pytest.mark.slow
def test_pages_and_records_of_releases_name_nobody(ran: Ran) -> None:
    shown = [*files_below(ran.root / "site"), *(ran.root / "releases").glob("*/release.json")]
    assert len(shown) > 3
    assert {file.name: people for file in shown if (people := found_in_bytes(file.read_bytes()))} == {}


def test_the_ledger_names_people_in_private_files_only(ran: Ran) -> None:
    ledger = ran.root / "ledger"
    records = [file for file in files_below(ledger) if file.suffix == ".json"]
    assert {file.name: people for file in records if (people := found_in_bytes(file.read_bytes()))} == {}
    tables = [file for file in files_below(ledger) if file.suffix == ".parquet" and file.stem not in _PRIVATE_FILES]
    assert {file.stem for file in tables} == {"accepted", "rejected", "findings", "changes", "rules"}
    with duckdb.connect() as con:
        hits = found_in_tables(con, [f"'{file}'" for file in tables])
    assert {hit for hit in hits if hit[0].rsplit(".", 1)[1] not in FREE_TEXT} == set()


def test_private_files_are_private(ran: Ran) -> None:
    archived = list(files_below(ran.root / "archive"))
    apart = [file for file in files_below(ran.root / "ledger") if file.stem in _PRIVATE_FILES]
    returned = list(files_below(ran.root / "returns"))
    assert archived
    assert apart
    assert returned
    assert {
        file.name: oct(mode)
        for file in [*archived, *apart, *returned]
        if (mode := file.stat().st_mode & 0o777) != 0o600
    } == {}


def test_what_is_revealed_is_asked_for_and_logged(ran: Ran) -> None:
    masked = trace(ran.home, "core.fact_dossier", DOSSIER)
    assert all(record.raw is None for record in masked.records)
    revealed = trace(ran.home, "core.fact_dossier", DOSSIER, reveal="đối chiếu hồ sơ")
    assert any(found_in(record.raw or "") for record in revealed.records)
    log = ran.root / "ledger" / "processing_log.jsonl"
    assert "đối chiếu hồ sơ" in log.read_text("utf-8")
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.fixture(scope="module")
def sealed_home(planted: list[Sent], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home judged under an encryption key."""
    home = open_home(tmp_path_factory.mktemp("sealed") / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(keys.ENCRYPTION_VARIABLE, _PASSPHRASE)
        for each in planted:
            each.land(home)
        record_sendings(home)
        judge_pending(home, workers=1)
    return home


@pytest.fixture
def sealed(sealed_home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The same home, its key at hand."""
    monkeypatch.setenv(keys.ENCRYPTION_VARIABLE, _PASSPHRASE)
    return sealed_home


def readable(file: Path) -> bytes:
    """What anybody can read of a file."""
    if file.suffix == ".parquet":
        return str(pl.read_parquet(file).select(pl.exclude(*FREE_TEXT)).to_dicts()).encode()
    return file.read_bytes()


def test_with_a_key_nothing_on_the_disk_can_be_read_without_it(sealed: Home) -> None:
    root = Path(str(sealed.root))
    archived = list(files_below(root / "archive"))
    apart = [file for file in files_below(root / "ledger") if file.name.startswith(_PRIVATE_FILES)]
    assert archived
    assert {file.name.split(".")[0] for file in apart} == set(_PRIVATE_FILES)
    for file in [*archived, *apart]:
        content = file.read_bytes()
        assert content.startswith(sealing.MAGIC)
        # Ciphertext cannot be packed any tighter.
        assert len(zlib.compress(content)) >= len(content) * 0.98
        assert file.stat().st_mode & 0o777 == 0o600
    left = [file for folder in ("archive", "ledger", "cache") for file in files_below(root / folder)]
    assert {file.name: people for file in left if (people := found_in_bytes(readable(file)))} == {}


@pytest.mark.slow
def test_with_a_key_everything_still_works(sealed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("duckdb_extension_httpfs", reason="writing encrypted files needs the httpfs wheel")
    assert build_release(sealed).is_published
    assert verify(sealed).is_same
    revealed = trace(sealed, "core.fact_dossier", DOSSIER, reveal="kiểm tra")
    assert any(found_in(record.raw or "") for record in revealed.records)
    assert returns.write(sealed)
    root = Path(str(sealed.root))
    restricted = (root / "releases" / "current" / "restricted.duckdb").read_bytes()
    assert found_in_bytes(restricted) == set()
    assert {file.name for file in files_below(root / "cache" / "scratch")} <= {".alive"}
    monkeypatch.delenv(keys.ENCRYPTION_VARIABLE)
    with pytest.raises((PermissionError, FileNotFoundError, duckdb.Error)):
        verify(sealed)
