"""A delivery judged in a process of its own, so that a file of which judging dies takes nothing else along.

Which deliveries need that, and what is written down about a death, belongs to `judging` and `attempts`.
"""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from time import perf_counter

from warehouse import machine
from warehouse.judgement import judge_together
from warehouse.keys import TokenKey
from warehouse.ledger import Receipt, Sending
from warehouse.storage import open_home

LONGEST_S = 3600.0
"""A file that is not judged after an hour by itself never will be."""


@dataclass(frozen=True)
class Died:
    """What judging died of: the name of an error, a signal, or the limit of time. Never a message, which may hold values."""

    how: str


def judge_alone(root: str, sending: Sending, key: TokenKey) -> tuple[Receipt, float] | Died:
    """Judge one delivery; its receipt and the seconds it took, or what the process died of.

    Raises OSError when it was the machine.
    """
    context = get_context("spawn")
    receiving, giving = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(root, sending, key, giving), daemon=True)
    process.start()
    giving.close()
    said = _heard(receiving) if receiving.poll(LONGEST_S) else Died("time limit")
    if isinstance(said, Died) or said is None:
        process.kill()
    process.join()
    if said is None:
        return Died(_end_of(process.exitcode))
    if isinstance(said, OSError):
        raise said
    return said


def _heard(receiving: Connection) -> tuple[Receipt, float] | Died | OSError | None:
    """What the process said; None when it was gone before it could say anything."""
    try:
        said: tuple[Receipt, float] | Died | OSError = receiving.recv()
    except EOFError:
        return None
    return said


def _end_of(exit_code: int | None) -> str:
    return signal.Signals(-exit_code).name if exit_code is not None and exit_code < 0 else f"exit {exit_code}"


def _work(root: str, sending: Sending, key: TokenKey, giving: Connection) -> None:
    follow_parent()
    began = perf_counter()
    try:
        (receipt,) = judge_together(open_home(root), [sending], key)
    except Exception as error:  # noqa: BLE001  # whatever it is, the run goes on without this file
        number = machine.number_of(error)
        giving.send(Died(type(error).__name__) if number is None else OSError(number, os.strerror(number)))
    else:
        giving.send((receipt, perf_counter() - began))


def follow_parent() -> None:
    """Let this process end when the one that started it is gone: nobody else tells a worker whose parent was killed."""
    parent = parent_process()
    assert parent is not None  # a worker has one

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
