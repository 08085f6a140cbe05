"""Runs a program and measures it from outside: what it printed, how long it took, how much memory its processes held."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter

import psutil

_EVERY_S = 0.1


@dataclass(frozen=True)
class Measured:
    """What a program printed and took; `peak_bytes` is the greatest sum of PSS over its process tree.

    `cpu_s` is what all cores together worked for it: on a busy machine it says more than the clock.
    """

    printed: str
    process_s: float
    cpu_s: float
    peak_bytes: int

    @property
    def said(self) -> dict[str, float]:
        """The JSON on the last line of what it printed."""
        said: dict[str, float] = json.loads(self.printed.splitlines()[-1])
        return said


def measured(arguments: Sequence[str], folder: Path) -> Measured:
    """Run this Python with arguments in a folder. Raises CalledProcessError when it fails."""
    began, worked_s = perf_counter(), _worked_s()
    command = [sys.executable, *arguments]
    with TemporaryFile("w+", encoding="utf-8") as printed:
        with subprocess.Popen(command, cwd=folder, stdout=printed) as process:
            peak_bytes = 0
            while process.poll() is None:
                peak_bytes = max(peak_bytes, _held_bytes(process.pid))
                try:
                    process.wait(_EVERY_S)
                except subprocess.TimeoutExpired:
                    continue
            process_s = perf_counter() - began
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        printed.seek(0)
        return Measured(printed.read(), process_s, _worked_s() - worked_s, peak_bytes)


def _worked_s() -> float:
    """CPU time of all processes started from here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held_bytes(pid: int) -> int:
    """Proportional set size of a process and its descendants: pages that several share are counted once in all."""
    held = 0
    try:
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            held += process.memory_full_info().pss
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    return held
