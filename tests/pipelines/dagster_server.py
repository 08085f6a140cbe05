"""A real Dagster over a home: UI, daemon and code server as processes of their own, and what one asks them by GraphQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from warehouse.storage import Home

PROJECT = Path(__file__).resolve().parents[2]
START_S = 90.0
_Seen = TypeVar("_Seen")
_LAUNCH = """
mutation Launch($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
_BACKFILL = """
query Backfill($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill {
      status
      assetBackfillData {
        assetBackfillStatuses {
          ... on AssetPartitionsStatusCounts {
            numPartitionsTargeted numPartitionsMaterialized numPartitionsFailed numPartitionsInProgress
          }
        }
      }
    }
  }
}
"""
_RUNS = "query { runsOrError { ... on Runs { results { runId status jobName } } } }"


@dataclass(frozen=True)
class Server:
    """A running Dagster: its address, its process, and what can be asked."""

    address: str
    process: subprocess.Popen[bytes]

    def ask(self, query: str, **variables: object) -> Any:
        """The data that a GraphQL question is answered with."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310  # our own address
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  # our own address
            answer = json.load(response)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def backfill(self, asset: Sequence[str], partitions: Sequence[str]) -> str:
        """Ask for partitions of an asset as the UI does; the id of the backfill."""
        params = {"assetSelection": [{"path": list(asset)}], "partitionNames": list(partitions)}
        launched = self.ask(_LAUNCH, params=params)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        return str(launched["backfillId"])

    def progress(self, backfill_id: str) -> tuple[str, Mapping[str, int]]:
        """The status of a backfill, and how its partitions stand."""
        said = self.ask(_BACKFILL, id=backfill_id)["partitionBackfillOrError"]
        (counts,) = said["assetBackfillData"]["assetBackfillStatuses"]
        return str(said["status"]), counts

    def ended(self, backfill_id: str, within_s: float) -> tuple[str, Mapping[str, int]]:
        """Wait until a backfill has ended."""
        going_on = {"REQUESTED", "CANCELING", "FAILING"}
        return wait_until(lambda: self.progress(backfill_id), lambda said: said[0] not in going_on, within_s)

    def runs(self) -> list[Mapping[str, str]]:
        """Every run there is."""
        results: list[Mapping[str, str]] = self.ask(_RUNS)["runsOrError"]["results"]
        return results


def wait_until(look: Callable[[], _Seen], is_enough: Callable[[_Seen], bool], within_s: float) -> _Seen:
    """Look every half second until what is seen is enough."""
    until = time.monotonic() + within_s
    while not is_enough(seen := look()):
        assert time.monotonic() < until, seen
        time.sleep(0.5)
    return seen


@contextmanager
def serving(home: Home, log: Path) -> Iterator[Server]:
    """`warehouse ui` over a home, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("warehouse")), "ui", "--home", str(home.root), "--port", str(port)]
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=output, start_new_session=True)
        try:
            server = Server(f"http://127.0.0.1:{port}", process)
            wait_until(lambda: _answers(server), bool, START_S)
            yield server
        finally:
            with_all(process, signal.SIGTERM)
            process.wait(60)


def with_all(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a server and to everything it started."""
    os.killpg(process.pid, number)


def _answers(server: Server) -> bool:
    assert server.process.poll() is None, "Dagster ended at once"
    try:
        urllib.request.urlopen(f"{server.address}/server_info", timeout=5).close()  # noqa: S310  # our own address
    except OSError:
        return False
    return True
