"""Runs that can be killed at a point or a moment, each in a process of its own, forked from one that has imported everything.

Started as `python -m tests.invariants.runs_to_kill`; one request a line on stdin, one answer a line on stdout. What a
killed run may leave behind is said in the tests.

A point is a file operation below the home (`files`) or a call made by our own code (`calls`), counted from 1. At the point
chosen the run dies by SIGKILL, or the disk is full from there on.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
_OURS = str(PROJECT / "warehouse")
_FILE_EVENTS = frozenset(
    {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate"}
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Request:
    """One run: take in, judge and publish what has landed in `home`, in the way asked for; or another `work`: `prune`,
    `approve` what is held, `rollback` to the oldest release, or `backup` to the folder `<home>-backup`.

    `fault` is what happens at point number `at` of a kind: `kill`, or an errno name such as `ENOSPC` that every later
    operation on a file below `below` meets too. `kill_after_s` kills the run and its workers at a moment; `kill_at_receipt`
    kills it, without its workers, when so many deliveries are judged. `largest_file_bytes` limits files.
    """

    home: str
    work: str = "run"
    workers: int = 1
    kind: str = "files"
    at: int = 0
    fault: str = "kill"
    below: str = ""
    kill_after_s: float | None = None
    largest_file_bytes: int | None = None
    kill_at_receipt: int = 0


@dataclass(frozen=True)
class Ended:
    """How a run ended: by which signal (0 for none), with which exit status, after how many points and seconds.

    Its workers, if any are left, are in the process group `group`.
    """

    signal: int
    status: int
    points: int
    seconds: float
    error: str
    group: int


class _Points:
    """Counts points; acts when the chosen one is reached."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.count = 0
        self._root = request.home
        self._below = str(Path(request.home) / request.below)
        self._counting = threading.Lock()

    def install(self) -> None:
        if self.request.kind == "files":
            sys.addaudithook(self._on_event)
        else:
            threading.setprofile(self._on_call)
            sys.setprofile(self._on_call)

    def _on_event(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS and self._is_change(event, arguments):
            self._reached()

    def _is_change(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITING):
            return False
        return any(
            isinstance(name, str | os.PathLike) and os.fspath(name).startswith(self._below) for name in arguments
        )

    def _on_call(self, frame: FrameType, event: str, _: object) -> None:
        if event in {"call", "c_call"} and frame.f_code.co_filename.startswith(_OURS):
            self._reached()

    def _reached(self) -> None:
        with self._counting:
            self.count += 1
        at = self.request.at
        if not at or self.count < at:
            return
        if self.request.fault == "kill":
            os.killpg(0, signal.SIGKILL)
        number = getattr(errno, self.request.fault)
        raise OSError(number, os.strerror(number))


def _prune(request: Request) -> None:
    from warehouse.retention import prune
    from warehouse.storage import open_home

    prune(open_home(request.home))


def _approve(request: Request) -> None:
    from warehouse.publishing import held_build, list_releases
    from warehouse.release import approve
    from warehouse.storage import open_home

    home = open_home(request.home)
    # Once it is in its place, what was held is the release built last.
    asked = held_build(home) or list_releases(home)[-1]
    approve(home, asked.release_id, by="Người duyệt", reason="Công văn 12/VPUB")


def _rollback(request: Request) -> None:
    from warehouse.publishing import list_releases, rollback
    from warehouse.storage import open_home

    home = open_home(request.home)
    rollback(home, list_releases(home)[0].release_id)


def _backup(request: Request) -> None:
    from upath import UPath

    from warehouse.backup import back_up
    from warehouse.storage import open_home

    back_up(open_home(request.home), UPath(f"{request.home}-backup"))


def _run(request: Request) -> None:
    from warehouse.intake import record_sendings
    from warehouse.judging import judge_pending
    from warehouse.locking import writing
    from warehouse.release import build_release
    from warehouse.storage import open_home

    receipts = 0

    def on_receipt(*_: object) -> None:
        nonlocal receipts
        receipts += 1
        if receipts == request.kill_at_receipt:
            os.kill(os.getpid(), signal.SIGKILL)

    home = open_home(request.home)
    with writing(home):
        record_sendings(home)
        judge_pending(home, workers=request.workers, on_receipt=on_receipt)
    outcome = build_release(home)
    if not outcome.is_published:
        raise AssertionError(str(outcome.failed_audits))


def _in_child(request: Request, report: int) -> None:
    os.setpgid(0, 0)
    if request.largest_file_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request.largest_file_bytes, request.largest_file_bytes))
    points = _Points(request)
    points.install()
    error = ""
    try:
        works = {"run": _run, "prune": _prune, "approve": _approve, "rollback": _rollback, "backup": _backup}
        works[request.work](request)
    except BaseException as raised:  # noqa: BLE001  # told to whoever asked
        error = f"{type(raised).__name__}: {raised}"
    finally:
        sys.setprofile(None)
    os.write(report, json.dumps([points.count, error]).encode())
    os._exit(1 if error else 0)


def _serve(request: Request) -> Ended:
    read_end, write_end = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        _in_child(request, write_end)
    os.close(write_end)
    if request.kill_after_s is not None:
        _kill_later(child, request.kill_after_s)
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - began
    with os.fdopen(read_end, "rb") as stream:
        said = b"" if os.WIFSIGNALED(status) else stream.read()
    points, error = json.loads(said) if said else (0, "")
    by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return Ended(by_signal, 0 if by_signal else os.WEXITSTATUS(status), points, seconds, error, child)


def _kill_later(child: int, seconds: float) -> None:
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return
        time.sleep(min(0.002, max(0.0, deadline - time.perf_counter())))
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    # In its first moments it has no group yet.
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def main() -> None:
    """Import what a run needs, then fork a run for every request. Nothing here may start a thread before it forks."""
    from warehouse.sql_models import load_models

    for module in ("intake", "judging", "locking", "release", "retention", "backup"):
        import_module(f"warehouse.{module}")

    load_models()
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(asdict(_serve(Request(**json.loads(line))))) + "\n")
        answers.flush()


class Runner:
    """The process that forks runs, as a test holds it."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask

    def run(self, request: Request) -> Ended:
        """Do one run to its end, whatever end that is."""
        return Ended(**json.loads(self._ask(json.dumps(asdict(request)))))


@contextmanager
def runner() -> Iterator[Runner]:
    """A process that forks runs, for as long as the block lasts."""
    import subprocess

    with subprocess.Popen(
        [sys.executable, "-m", "tests.invariants.runs_to_kill"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def ask(line: str) -> str:
            stdin.write(line + "\n")
            stdin.flush()
            return stdout.readline()

        yield Runner(ask)
        stdin.close()


if __name__ == "__main__":
    main()
