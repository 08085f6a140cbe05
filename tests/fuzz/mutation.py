"""Sound files made unsound: every spoilt file is a pure function of its target and its number."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from tests.fuzz.targets import TARGETS, Target

_LONGEST_BYTES = 1 << 20


@dataclass(frozen=True)
class Spoilt:
    """A spoilt file; of one whose lines stand for themselves, which line alone was spoilt (from 0, below the heading)."""

    content: bytes
    line: int | None = None


def spoilt(name: str, number: int) -> Spoilt:
    """The file of that number for that target."""
    target, rng = TARGETS[name], random.Random(f"{name} {number}")
    if target.lines and (not target.seeds or rng.random() < 0.5):
        return _in_one_line(target, rng)
    seed = rng.choice(target.seeds)
    if target.is_archive and rng.random() < 0.7:
        return Spoilt(_within(seed, target, rng))
    return Spoilt(_mutated(seed, target, rng))


def _in_one_line(target: Target, rng: random.Random) -> Spoilt:
    lines = list(target.lines)
    at = rng.randrange(target.heading_lines, len(lines))
    lines[at] = b"".join(_mutated(lines[at], target, rng).splitlines()).replace(b"\n", b"").replace(b"\r", b"")
    content = b"\n".join(lines) + b"\n"
    return Spoilt(target.pack(content) if target.pack else content, at - target.heading_lines)


def _within(archive: bytes, target: Target, rng: random.Random) -> bytes:
    """An archive of which one member was spoilt before it was packed."""
    if archive.startswith(b"\x1f\x8b"):
        return gzip.compress(_mutated(gzip.decompress(archive), target, rng))
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    chosen = rng.choice(list(members))
    members[chosen] = _mutated(members[chosen], target, rng)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return sink.getvalue()


def _mutated(seed: bytes, target: Target, rng: random.Random) -> bytes:
    content = bytearray(seed)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 16))):
        _change(content, target.words, target.seeds or (seed,), rng)
    return bytes(content[:_LONGEST_BYTES])


def _change(content: bytearray, words: Sequence[bytes], others: Sequence[bytes], rng: random.Random) -> None:
    """One change at a place of chance."""
    at = rng.randrange(len(content) + 1)
    to = min(len(content), at + rng.choice((1, 2, 4, 8, 64)))
    match rng.randrange(9):
        case 0 if content:
            content[at % len(content)] ^= 1 << rng.randrange(8)
        case 1 if content:
            content[at % len(content)] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x0A, rng.randrange(256)))
        case 2:
            del content[at:to]
        case 3:
            content[at:at] = rng.choice(words)
        case 4:
            content[at:to] = rng.choice(words)
        case 5:
            content[at:at] = content[at:to] * rng.choice((1, 2, 300))
        case 6:
            content[at:at] = rng.choice(words) * rng.choice((2, 70, 3000))
        case 7 if rng.random() < 0.3:
            del content[at:]
        case _:
            other = rng.choice(others)
            begin = rng.randrange(len(other))
            content[at:to] = other[begin : begin + rng.choice((4, 32, 256))]


def checksum(content: bytes) -> str:
    """A short name for a content."""
    return f"{zlib.crc32(content):08x}"
