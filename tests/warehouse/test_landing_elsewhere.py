"""Landing on an object store and on an SFTP server: files are taken in once, whole, at the moment their place gives them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncssh
import pytest
import s3fs

from tests.pipelines.conftest import record
from tests.warehouse.pulls.conftest import DAY, SECRET, Fetching
from tests.warehouse.pulls.service import serving
from warehouse.intake import awaited_files, landed_files, record_sendings
from warehouse.landing import STILL_ARRIVING_S, LandingUnreachable
from warehouse.ledger import LOCAL_TIME, read_sendings
from warehouse.storage import open_home

PLACE = f"one_stop_dossier/VPUB/{DAY}"


def taken_in_once(home_path: Path, put: Callable[[str, bytes], None], golden: Path) -> None:
    """What holds wherever landing lies: once per content, manifests obeyed, strays told."""
    fetching = Fetching(open_home(home_path))
    content = (golden / "hoso_20230517.json").read_bytes()
    put(f"{PLACE}/hoso.json", content)
    put("khong_co/X/2023/la.bin", b"?")
    put(
        f"{PLACE}/dang_gui.json.manifest.json",
        json.dumps({"sha256": hashlib.sha256(b"[{}]" * 9).hexdigest(), "received_at": f"{DAY}T20:00:00"}).encode(),
    )
    put(f"{PLACE}/dang_gui.json", b"[{}]")
    (receipt,) = fetching.take_in()
    accepted = (golden / "expected_accepted.csv").read_text(encoding="utf-8").splitlines()
    assert (receipt.status, receipt.rows_accepted) == ("accepted", len(accepted) - 1)
    (sending,) = read_sendings(fetching.home)
    assert abs((datetime.now(LOCAL_TIME) - sending.received_at).total_seconds()) < 600
    assert record_sendings(fetching.home) == []
    assert [stray.relative for stray in landed_files(fetching.home)[1]] == ["khong_co/X/2023/la.bin"]
    assert [file.relative for file in awaited_files(fetching.home)] == [f"{PLACE}/dang_gui.json"]

    put(f"{PLACE}/dang_gui.json", b"[{}]" * 9)
    (now_whole,) = record_sendings(fetching.home)
    assert now_whole.received_at.isoformat() == f"{DAY}T20:00:00+07:00"
    put(f"{PLACE}/hoso.json", content.replace(b"]", b" ]", 1))
    assert len(record_sendings(fetching.home)) == 1, "another content in the same place is another sending"


@pytest.mark.slow
def test_files_on_an_object_store_are_taken_in_once(
    bucket: s3fs.S3FileSystem, tmp_path: Path, project_root: Path
) -> None:
    golden = project_root / "tests" / "golden" / "one_stop_dossier" / DAY
    taken_in_once(tmp_path, lambda name, content: bucket.pipe_file(f"gui-tep/{tmp_path.name}/{name}", content), golden)


def fetched_once(home_path: Path) -> None:
    """What holds wherever landing lies: an answer is put there once, and taken in from there."""
    fetching = Fetching(open_home(home_path))
    with serving([record(number, DAY) for number in range(1, 31)]) as service:
        service.share_of_failures = 0.5
        fetching.declare(
            f"""
            [sources.portal]
            extract = "one_stop_dossier"
            supplier = "VPUB"
            kind = "http"
            url = "{service.address}"
            records = "data.items"
            total = "data.total"
            first_wait_s = 0.001
            attempts = 30
            paging = {{ by = "page", parameter = "page" }}
            """
        )
        assert [fetching.pull({}).outcome for _ in range(2)] == ["landed", "unchanged"]
    (receipt,) = fetching.take_in()
    assert (receipt.status, receipt.rows_accepted) == ("accepted", 30)
    assert fetching.take_in() == []


@pytest.mark.slow
def test_what_is_fetched_goes_through_a_landing_on_an_object_store(bucket: s3fs.S3FileSystem, tmp_path: Path) -> None:
    fetched_once(tmp_path)
    assert len([name for name in bucket.find(f"gui-tep/{tmp_path.name}") if name.endswith(".jsonl")]) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("bucket")
def test_a_bucket_without_files_is_empty_and_one_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_LANDING", "s3://gui-tep/chua-co-gi")
    assert record_sendings(open_home(tmp_path)) == []
    monkeypatch.setenv("WAREHOUSE_LANDING", "s3://go-sai-ten/landing")
    with pytest.raises(LandingUnreachable, match="FileNotFoundError"):
        record_sendings(open_home(tmp_path))


class _Server(asyncssh.SSHServer):
    def __init__(self, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("kho", SECRET)


@dataclass(frozen=True)
class Sftp:
    """A running SFTP server over a folder."""

    folder: Path
    port: int
    known_hosts: Path

    def put(self, name: str, content: bytes, age_s: float = STILL_ARRIVING_S + 1) -> None:
        """A file as somebody else left it there some time ago."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        then = time.time() - age_s
        os.utime(file, (then, then))


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sftp]:
    folder = tmp_path / "gui"
    (folder / "landing").mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    connections: list[asyncssh.SSHServerConnection] = []
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            lambda: _Server(connections),
            "127.0.0.1",
            0,
            server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(folder).encode()),
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    port = acceptor.get_port()
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}", encoding="utf-8")
    monkeypatch.setenv("WAREHOUSE_SFTP_KNOWN_HOSTS", str(known_hosts))
    monkeypatch.setenv("WAREHOUSE_SFTP_PASSWORD", SECRET)
    monkeypatch.setenv("WAREHOUSE_LANDING", f"sftp://kho@127.0.0.1:{port}/landing")
    try:
        yield Sftp(folder / "landing", port, known_hosts)
    finally:

        async def end() -> None:
            acceptor.close()
            for connection in connections:
                connection.abort()
                await connection.wait_closed()
            await acceptor.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_files_on_an_sftp_server_are_taken_in_once(sftp: Sftp, tmp_path: Path, project_root: Path) -> None:
    taken_in_once(tmp_path / "home", sftp.put, project_root / "tests" / "golden" / "one_stop_dossier" / DAY)


def test_what_is_fetched_goes_through_a_landing_on_an_sftp_server(sftp: Sftp, tmp_path: Path) -> None:
    fetched_once(tmp_path / "home")
    assert len(list(sftp.folder.rglob("*.jsonl"))) == 1


def test_what_is_fetched_goes_to_another_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # noqa: S108  # another file system, emptied again
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system")
    with tempfile.TemporaryDirectory(dir=memory) as landing:
        monkeypatch.setenv("WAREHOUSE_LANDING", landing)
        fetched_once(tmp_path)


def test_a_file_still_arriving_on_an_sftp_server_waits_unless_its_digest_is_known(sftp: Sftp, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    sftp.put(f"{PLACE}/a.json", b"[{}]", age_s=0)
    assert record_sendings(home) == []
    digest = json.dumps({"sha256": hashlib.sha256(b"[{}]").hexdigest()}).encode()
    sftp.put(f"{PLACE}/a.json.manifest.json", digest, age_s=0)
    assert len(record_sendings(home)) == 1


def test_an_sftp_server_with_another_key_is_not_trusted(sftp: Sftp, tmp_path: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    sftp.known_hosts.write_text(f"[127.0.0.1]:{sftp.port} {other}", encoding="utf-8")
    home = open_home(tmp_path / "home")
    with pytest.raises(LandingUnreachable, match="cannot be read") as raised:
        record_sendings(home)
    assert SECRET not in str(raised.value)


def test_a_folder_of_an_sftp_server_may_be_empty_but_not_missing(sftp: Sftp, tmp_path: Path) -> None:
    home = open_home(tmp_path / "home")
    assert record_sendings(home) == []
    sftp.folder.rmdir()
    with pytest.raises(LandingUnreachable, match="FileNotFoundError"):
        record_sendings(home)


def test_a_landing_in_another_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project_root: Path
) -> None:
    monkeypatch.setenv("WAREHOUSE_LANDING", str(tmp_path / "gui"))
    place = tmp_path / "gui" / PLACE
    place.mkdir(parents=True)
    shutil.copy(project_root / "tests" / "golden" / "one_stop_dossier" / DAY / "hoso_20230517.json", place)
    (receipt,) = Fetching(open_home(tmp_path / "home")).take_in()
    assert receipt.status == "accepted"
