"""What importing a room may do: define things, and start nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

_COUNT = """
import os
import duckdb, numpy, polars, pyarrow.parquet
before = len(os.listdir("/proc/self/task"))
import warehouse.intake, warehouse.judging, warehouse.locking, warehouse.release
print(len(os.listdir("/proc/self/task")) - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc, which only Linux has")
def test_importing_the_warehouse_starts_no_thread() -> None:
    """A process that has started Polars' threads cannot be forked: its children wait for them for ever."""
    counted = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True)
    assert counted.stdout.strip() == "0"
