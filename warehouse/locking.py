"""One writer at a time: whoever changes a home, or its pages, holds a lock; readers never need one."""

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
    lock = _lock(home, "writing")
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


@contextmanager
def writing_pages(home: Home) -> Iterator[None]:
    """Let one process at a time write pages, or a slower one would leave those of an earlier release behind."""
    with _lock(home, "pages"):
        yield


def _lock(home: Home, name: str) -> FileLock:
    return FileLock((Path(str(home.root)) if home.is_local else home.local_cache) / f".{name}.lock")
