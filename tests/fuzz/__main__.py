"""`python -m tests.fuzz SECONDS [FOLDER [TARGET…]]`: each reader for its share of the time, taken up where it stood before.

FOLDER keeps how far each reader is and the files that were found; exit code 1 when there are any.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import Any

from tests.fuzz.mutation import checksum, spoilt
from tests.fuzz.reading import LONGEST_S
from tests.fuzz.targets import TARGETS

_STATE = "state.json"


def main(seconds: str, folder: str = ".fuzz", *names: str) -> int:
    """Fuzz and print a line per reader."""
    wanted = names or tuple(TARGETS)
    found = 0
    for name in wanted:
        kept = Path(folder) / name.replace(" ", "-")
        kept.mkdir(parents=True, exist_ok=True)
        state = fuzzed(name, float(seconds) / len(wanted), kept)
        found += len(state["findings"])
        outcomes = state["outcomes"]
        sys.stdout.write(
            f"{name:<12} executions {state['following']:>9,}  read {outcomes.get('read', 0):>9,}  "
            f"refused {outcomes.get('refused', 0):>9,}  peak {state['peak_mb']:>5} MB  findings {len(state['findings'])}\n"
        )
        for number, what in state["findings"].items():
            sys.stdout.write(f"    {number}: {what}\n")
        sys.stdout.flush()
    return 1 if found else 0


def fuzzed(name: str, seconds: float, kept: Path) -> dict[str, Any]:
    """Let workers read until the time is up, a new one after each that died; returns all that is known by now."""
    file = kept / _STATE
    state: dict[str, Any] = {"following": 0, "outcomes": {}, "findings": {}, "peak_mb": 0}
    if file.exists():
        state = json.loads(file.read_text())
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        _work(name, left, kept, state)
    for number in state["findings"]:
        content = spoilt(name, int(number)).content
        (kept / f"{number}-{checksum(content)}.bin").write_bytes(content)
    return state


def _work(name: str, seconds: float, kept: Path, state: dict[str, Any]) -> None:
    """One worker, its notes put to the state; the file on which it died is a finding."""
    before = dict(state["outcomes"])
    arguments = ["-m", "tests.fuzz.worker", name, str(state["following"]), str(seconds), str(kept)]
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as worker:
        assert worker.stdout is not None
        watch = Timer(seconds + 3 * LONGEST_S, worker.kill)
        watch.start()
        for line in worker.stdout:
            noted = json.loads(line)
            if "finding" in noted:
                state["findings"][str(noted["finding"])] = noted["what"]
                continue
            state["outcomes"] = {
                kind: before.get(kind, 0) + noted["outcomes"].get(kind, 0) for kind in ("read", "refused")
            }
            state["following"] = noted["following"]
            state["peak_mb"] = max(state["peak_mb"], noted["peak_mb"])
            (kept / _STATE).write_text(json.dumps(state, indent=1))
        watch.cancel()
    if worker.returncode != 0:
        number = int((kept / "at").read_text())
        state["findings"][str(number)] = f"the process died: {worker.returncode}"
        state["following"] = number + 1
        (kept / _STATE).write_text(json.dumps(state, indent=1))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
