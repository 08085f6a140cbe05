"""A file that kills whatever process opens its archived bytes, this one excepted: what an evil file would do to a reader."""

from __future__ import annotations

from pathlib import Path

import pytest

_HOOK = """
import os, signal, sys

def die(event, arguments):
    if event == "open" and os.environ["POISONOUS"] in str(arguments[0]):
        os.kill(os.getpid(), signal.SIGKILL)

if os.environ.get("POISONOUS"):
    sys.addaudithook(die)
"""


def make_poisonous(sha256: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on processes that are started die when they open the bytes of that hash."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("POISONOUS", sha256)
