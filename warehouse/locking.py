"""One writer at a time: whoever changes a home holds its lock; readers never need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.formats import require_readable_ledger
from warehouse.storage import Home, sweep


class HomeIsBusy(RuntimeError):
    """Another run is writing to this home."""


@contextmanager
def writing(home: Home, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the home for writing; waits up to `wait_s` seconds, then raises HomeIsBusy. The kernel frees it if we die.

    What runs that died left half-written is cleared away first. NewerFormatError when a newer version wrote the ledger.
    """
    require_readable_ledger(home)
    lock = FileLock((Path(str(home.root)) if home.is_local else home.local_cache) / ".writing.lock")
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise HomeIsBusy(
            f"Một lần chạy khác đang ghi vào {home.root}. / Another run is writing to {home.root}."
        ) from None
    try:
        sweep(home)
        yield
    finally:
        lock.release()
