"""A small pretend province for the tests of assets and pipelines, and a home in which the nightly has run once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.ledger_state import FILES_ACCEPTED, extract_key
from pipelines import history
from pipelines.nightly import Selection
from pipelines.watcher import Watcher
from samples import simulate
from warehouse.storage import Home, open_home

UNTIL = "2023-01-20"
"""Enough of the year for every cadence but the quarter."""


@pytest.fixture(scope="session")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated year, small; only its landing folder and truth."""
    out = tmp_path_factory.mktemp("province")
    simulate(out=out, year=2023, scale=0.002, seed=7, dirt=0.02)
    return out


@dataclass(frozen=True)
class Ran:
    """A home in which the nightly has run, and what its watcher heard."""

    home: Home
    heard: Heard
    run_id: str


class Heard(Watcher):
    """Remembers what a run tells."""

    def __init__(self) -> None:
        self.sendings = 0
        self.judged_periods: list[tuple[str, str]] = []
        self.stages: list[str] = []
        self.outcomes: list[Any] = []

    def began(self, stage: str) -> None:
        """Keep the stage."""
        self.stages.append(stage)

    def recorded(self, sendings: Sequence[Any]) -> None:
        """Keep the count."""
        self.sendings = len(sendings)

    def judged(self, receipt: Any, seconds: float) -> None:
        """Keep what was judged."""
        assert seconds >= 0
        self.judged_periods.append((receipt.extract, receipt.period))

    def released(self, outcome: Any) -> None:
        """Keep the outcome."""
        self.outcomes.append(outcome)


def run(home: Home, **selection: str) -> tuple[dg.ExecuteInProcessResult, Heard]:
    """Run the nightly as the command line does."""
    heard = Heard()
    return history.run_nightly(home, Selection(**selection), heard), heard


@pytest.fixture(scope="session")
def ran(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The first weeks of the year, taken in and published; tests that change anything use a copy."""
    folder = tmp_path_factory.mktemp("ran") / "home"
    shutil.copytree(province / "landing", folder / "landing")
    home = open_home(folder)
    result, heard = run(home, until=UNTIL)
    assert result.success
    return Ran(home, heard, result.run_id)


@pytest.fixture
def copied(ran: Ran, tmp_path: Path) -> Home:
    """A home of one's own, as the nightly left it."""
    shutil.copytree(str(ran.home.root), tmp_path / "home", symlinks=True)
    return open_home(tmp_path / "home")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return open_home(tmp_path / "home")


@pytest.fixture
def instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """The history of the empty home."""
    with history.opened(home) as opened:
        yield opened


def record(number: int, day: str, **changed: object) -> dict[str, object]:
    """A dossier as the portal writes it, clean unless something is changed."""
    return {
        "MaHoSo": f"000.00.53.H54-{day[2:4]}{day[5:7]}{day[8:]}-{number:04d}",
        "MaTTHC": "1.000001",
        "TenTTHC": "Thủ tục",
        "MaLinhVuc": "LV01",
        "KenhThucHien": 2,
        "ChuHoSo": "Nguyễn Văn Kín",
        "LoaiDoiTuong": 1,
        "SoGiayToChuHoSo": "034090123456",
        "NgayNopHoSo": f"{day}T08:00:00",
        "NgayTiepNhan": day,
        "NgayHenTra": day,
        "TrangThaiHoSo": 4,
        "NgayKetThucXuLy": None,
        "NgayTra": None,
        "DonViXuLy": "H54.53",
        "NoiNopHoSo": "Trung tâm",
        "HoSoCoThanhPhanSoHoa": 1,
        "TaiKhoanDuocXacThucVoiVNeID": 1,
        "DuocThanhToanTrucTuyen": 0,
        "KetQuaSoHoa": 0,
        "NgayCapNhat": f"{day}T09:00:00",
        "MaDonViHanhChinh": "12421",
        "SoTienPhaiNop": 0,
    } | changed


Landing = Callable[..., Path]


@pytest.fixture
def land(home: Home) -> Landing:
    """Drops a dossier file of a day; a text instead of records is written as it is."""

    def drop(
        day: str, content: list[dict[str, object]] | str, *, received_at: str | None = None, name: str = "hoso"
    ) -> Path:
        folder = Path(str(home.landing)) / "one_stop_dossier" / "VPUB" / day
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.json"
        file.write_text(
            content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
        manifest = {"received_at": received_at or f"{day}T22:00:00+07:00", "origin": "simulated"}
        file.with_name(f"{file.name}.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return file

    return drop


DOSSIERS = extract_key("one_stop_dossier")
DOSSIERS_CHECK = dg.AssetCheckKey(DOSSIERS, FILES_ACCEPTED)


def check_outcomes(instance: dg.DagsterInstance, key: dg.AssetCheckKey = DOSSIERS_CHECK) -> dict[str | None, str]:
    """The latest outcome of a check by partition, as Dagster has it."""
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=1000)
    return {record.partition: record.status.value for record in reversed(records)}


def materialised(instance: dg.DagsterInstance, key: dg.AssetKey, partition: str | None = None) -> dict[str, Any]:
    """The metadata of the latest materialisation of an asset, or of one of its partitions."""
    records = instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=key, asset_partitions=[partition] if partition else None), limit=1
    ).records
    assert records, f"{key} {partition} was never materialised"
    event = records[0].asset_materialization
    assert event is not None
    return {name: value.value for name, value in event.metadata.items()}
