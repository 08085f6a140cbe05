"""File names as they may be shown to everybody. Where files are kept belongs to `storage`."""

from __future__ import annotations

import re

_LIKE_A_PERSONS_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)")


def shown(name: str) -> str:
    """The name with whatever looks like a person's number masked: people name files after people."""
    return _LIKE_A_PERSONS_NUMBER.sub(lambda number: "9" * len(number[0]), name)
