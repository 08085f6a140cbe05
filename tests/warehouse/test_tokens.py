"""Tokens are HMAC-SHA256 as the standard library and DuckDB compute it, whatever the length of the key."""

import hashlib
import hmac

import duckdb
import polars as pl
import pytest

from warehouse.keys import TokenKey
from warehouse.tokens import TOKEN_HEX, tokens_of

IDENTIFIERS = ["034190000123", "", "Hồ Thị Mẫu", "x" * 200]


@pytest.mark.parametrize("secret", [b"k", b"k" * 32, b"k" * 64, b"k" * 65])
def test_a_token_is_the_standard_digest(secret: bytes) -> None:
    expected = [hmac.digest(secret, text.encode(), "sha256").hex()[:TOKEN_HEX] for text in IDENTIFIERS]
    assert tokens_of(pl.Series(IDENTIFIERS), TokenKey(secret)).to_list() == expected


def test_it_can_be_worked_out_again_in_sql() -> None:
    """So that an investigation with the key at hand needs nothing but DuckDB."""
    secret = hashlib.sha256(b"secret").digest()
    pad = secret.ljust(64, b"\x00")
    pads = {"inner": bytes(byte ^ 0x36 for byte in pad), "outer": bytes(byte ^ 0x5C for byte in pad)}
    query = "SELECT substr(sha256($outer || unhex(sha256($inner || encode($text)))), 1, 32)"
    for text in IDENTIFIERS:
        assert duckdb.execute(query, {**pads, "text": text}).fetchone() == (
            tokens_of(pl.Series([text]), TokenKey(secret)).item(),
        )


def test_nothing_has_no_token() -> None:
    assert tokens_of(pl.Series([None, "a", None], dtype=pl.String), TokenKey(b"k")).is_null().to_list() == [
        True,
        False,
        True,
    ]
