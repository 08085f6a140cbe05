"""The extracts, one module each, and how they are found: dropping a module in is all it takes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from schemas.contract import Extract


@cache
def all_extracts() -> Mapping[str, Extract]:
    """Every declared extract by its name, in the order of the names."""
    found: dict[str, Extract] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, Extract):
                found[value.name] = value
    return found
