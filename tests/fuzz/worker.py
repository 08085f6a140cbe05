"""`python -m tests.fuzz.worker TARGET FIRST SECONDS FOLDER`: one process that reads spoilt files until time is up.

Started by `tests.fuzz`, which looks after it: whatever kills this process is a finding too.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.mutation import spoilt
from tests.fuzz.reading import read
from tests.fuzz.targets import TARGETS

MOST_BYTES = 3 << 30
_NOTED_EVERY_S = 1.0


def main(name: str, first: str, seconds: str, folder: str) -> None:
    """Note after every file where the work stands, so that it can be taken up there."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    until, noted = time.monotonic() + float(seconds), time.monotonic()
    outcomes: Counter[str] = Counter()
    number = int(first)
    at = Path(folder) / "at"
    with at.open("w") as standing:
        while time.monotonic() < until:
            standing.seek(0)
            standing.write(f"{number:>12}\n")
            standing.flush()
            outcomes[_outcome(name, number)] += 1
            number += 1
            if time.monotonic() - noted > _NOTED_EVERY_S:
                noted = time.monotonic()
                _note(outcomes, number)
    _note(outcomes, number)


def _outcome(name: str, number: int) -> str:
    try:
        return read(TARGETS[name], spoilt(name, number))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what we look for
        last = traceback.extract_tb(error.__traceback__)[-1]
        sys.stdout.write(
            json.dumps(
                {"finding": number, "what": f"{type(error).__name__}: {error} ({last.name}:{last.lineno})"[:400]}
            )
            + "\n"
        )
        return "findings"


def _note(outcomes: Counter[str], following: int) -> None:
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    sys.stdout.write(json.dumps({"outcomes": outcomes, "following": following, "peak_mb": peak_mb}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
