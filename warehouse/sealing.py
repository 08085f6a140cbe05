"""Sealed files: AES-256-GCM in chunks, so that a file of any size can be written and read within a fixed memory.

Format: magic, 8 random bytes (nonce prefix), then chunks of 4-byte length + ciphertext; the last chunk is marked in its
authenticated data, so that a cut file is noticed. Which files are sealed is decided by their owners.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"TBSEAL1\n"
CHUNK_BYTES = 1 << 20


def seal(chunks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Encrypt a stream of chunks."""
    cipher = AESGCM(key)
    prefix = os.urandom(8)
    yield MAGIC + prefix
    held: bytes | None = None
    number = 0
    for chunk in chunks:
        if held is not None:
            yield _sealed(cipher, prefix, number, held, is_last=False)
            number += 1
        held = chunk
    yield _sealed(cipher, prefix, number, held or b"", is_last=True)


def unseal(stream: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Decrypt a sealed stream; ValueError when it is cut, cryptography's InvalidTag when changed or the key is another."""
    if stream.read(len(MAGIC)) != MAGIC:
        raise ValueError("not a sealed file")
    prefix = stream.read(8)
    cipher = AESGCM(key)
    number = 0
    is_last = False
    while header := stream.read(5):
        is_last, length = header[:1] == b"\x01", struct.unpack(">I", header[1:])[0]
        yield cipher.decrypt(_nonce(prefix, number), stream.read(length), header[:1])
        number += 1
    if not is_last:
        raise ValueError("the sealed file is cut")


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + struct.pack(">I", number)


def _sealed(cipher: AESGCM, prefix: bytes, number: int, chunk: bytes, *, is_last: bool) -> bytes:
    mark = b"\x01" if is_last else b"\x00"
    body = cipher.encrypt(_nonce(prefix, number), chunk, mark)
    return mark + struct.pack(">I", len(body)) + body
