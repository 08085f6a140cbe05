"""An object store as a process of its own, for whatever is tried against S3."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import s3fs

from tests.warehouse.pulls.conftest import SECRET

ACCESS_KEY = "kho-du-lieu"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 service that knows one pair of keys."""
    folder = tmp_path_factory.mktemp("weed")
    identity = {
        "name": "kho",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    server, address = started(folder)
    try:
        yield address
    finally:
        # It takes its time to end in good order, and nothing of it is kept.
        server.kill()
        server.wait(timeout=60)


def started(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server that answers, and its address. A port can be taken between the choice and the start: then others are tried."""
    for attempt in range(5):
        data = folder / f"data_{attempt}"
        data.mkdir()
        port = free_port()
        ports = [f"-{name}.port={free_port()}" for name in ("master", "volume", "filer")]
        grpc = [f"-{name}.port.grpc={free_port()}" for name in ("master", "volume", "filer", "s3")]
        # Two services nobody asked for listen on ports of their own, and end the whole server where one of them is taken.
        unasked = ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
        server = subprocess.Popen(
            [
                Path(sys.executable).with_name("weed"), "server", f"-dir={data}", "-ip=127.0.0.1", "-s3",
                f"-s3.port={port}", f"-s3.config={folder / 's3.json'}", "-master.volumeSizeLimitMB=64",
                *ports, *grpc, *unasked,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        deadline_s = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline_s:
            if answers(address):
                return server, address
            time.sleep(0.2)
        server.kill()
        server.wait(timeout=60)
    raise AssertionError("the object store does not start")


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=2).status_code < 500
    except requests.ConnectionError:
        return False


@pytest.fixture
def bucket(object_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> s3fs.S3FileSystem:
    """A department's own view of the bucket `gui-tep`, which the warehouse has for landing."""
    for name, value in {
        "AWS_ENDPOINT_URL": object_store,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "WAREHOUSE_LANDING": f"s3://gui-tep/{tmp_path.name}",
    }.items():
        monkeypatch.setenv(name, value)
    # Clients are kept by their arguments, and the address stands in the environment: one of an earlier server would answer.
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem(endpoint_url=object_store, key=ACCESS_KEY, secret=SECRET, skip_instance_cache=True)
    deadline_s = time.monotonic() + 60
    while True:
        try:
            store.makedirs(f"gui-tep/{tmp_path.name}", exist_ok=True)
            store.pipe_file(f"gui-tep/{tmp_path.name}/.ready", b"")
            return store
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.2)
