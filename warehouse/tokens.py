"""Tokens: what stands for a direct identifier in accepted rows, HMAC-SHA256 under the warehouse's key.

Who may see the identifier behind a token is decided elsewhere.
"""

from __future__ import annotations

import hashlib

import polars as pl

from warehouse.keys import TokenKey

TOKEN_HEX = 32
"""Hex characters kept: 128 bits, far beyond a chance meeting among a hundred million people."""
_BLOCK_BYTES = 64


def tokens_of(identifiers: pl.Series, key: TokenKey) -> pl.Series:
    """The token of every identifier (text, null stays null), in order."""
    secret = key.secret if len(key.secret) <= _BLOCK_BYTES else hashlib.sha256(key.secret).digest()
    padded = secret.ljust(_BLOCK_BYTES, b"\x00")
    # Both digests begin with a block that depends on the key alone: it is worked out once, not for every value.
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def token_of(identifier: str) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(identifier.encode())
        around.update(within.digest())
        return around.hexdigest()[:TOKEN_HEX]

    tokens = [None if identifier is None else token_of(identifier) for identifier in identifiers.to_list()]
    return pl.Series("token", tokens, dtype=pl.String)
