"""A few spoilt files for every reader, and those that once found something."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import Spoilt, spoilt
from tests.fuzz.reading import FoundError, read
from tests.fuzz.targets import TARGETS

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*/*"))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=15, deadline=None)
@given(number=st.integers(0, 10**6))
def test_a_spoilt_file_is_read_or_refused(name: str, number: int) -> None:
    assert read(TARGETS[name], spoilt(name, number)) in {"read", "refused"}


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_was_found_once_is_read_or_refused(file: Path) -> None:
    target = TARGETS[file.parent.name.replace("-", " ")]
    assert read(target, Spoilt(file.read_bytes())) in {"read", "refused"}


@pytest.mark.parametrize("name", [name for name, target in TARGETS.items() if target.lines])
def test_a_reader_that_lost_a_line_would_be_found(name: str) -> None:
    target = TARGETS[name]
    pack = target.pack or bytes
    sound = b"\n".join(target.lines) + b"\n"
    assert read(target, Spoilt(pack(sound), line=0)) == "read"
    with pytest.raises(FoundError, match="≠"):
        read(target, Spoilt(pack(b"\n".join(target.lines[:-1]) + b"\n"), line=0))
