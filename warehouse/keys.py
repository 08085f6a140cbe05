"""Secrets of a warehouse: the key of the tokens, made by the first run, and the optional key of encryption.

They live outside the home, so that a copied warehouse does not carry them along.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_FILE_VARIABLE = "WAREHOUSE_KEY_FILE"
ENCRYPTION_VARIABLE = "WAREHOUSE_ENCRYPTION_KEY"
_KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class TokenKey:
    """The key of HMAC-SHA256 tokens; `id` names it without giving it away."""

    secret: bytes

    @property
    def id(self) -> str:
        """First 16 hex characters of the digest of the key."""
        return hashlib.sha256(b"token-key-id\x00" + self.secret).hexdigest()[:16]


def key_file() -> Path:
    """Where the token key lives: $WAREHOUSE_KEY_FILE, else the user's configuration folder."""
    if named := os.environ.get(KEY_FILE_VARIABLE):
        return Path(named)
    config = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    return config / "thai-binh-warehouse" / "token.key"


def token_key() -> TokenKey:
    """The token key, made (mode 0600) if there is none yet; PermissionError when others could read it."""
    path = key_file()
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise PermissionError(
            f"{path}: người khác đọc được khoá, hãy chmod 600. / others can read the key, please chmod 600."
        )
    return TokenKey(bytes.fromhex(path.read_text("ascii").strip()))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        # A link, not a rename: of two first runs at once, one key wins and stays.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def encryption_key() -> bytes | None:
    """The 32-byte key under which archive and identifiers are sealed, if one is configured.

    $WAREHOUSE_ENCRYPTION_KEY holds 64 hex characters, or any passphrase of at least 16, which is stretched with scrypt.
    """
    given = os.environ.get(ENCRYPTION_VARIABLE)
    if not given:
        return None
    if re.fullmatch(r"[0-9a-fA-F]{64}", given):
        return bytes.fromhex(given)
    if len(given) < 16:
        raise ValueError(f"${ENCRYPTION_VARIABLE}: 64 hex characters or a passphrase of at least 16 are needed")
    return hashlib.scrypt(given.encode(), salt=b"thai-binh-warehouse", n=2**14, r=8, p=1, dklen=_KEY_BYTES)
