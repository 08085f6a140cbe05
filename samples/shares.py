"""The largest extracts, of which only a part is made.

What belongs here: which they are and how large the part is. Every one of them says in its own module how many rows are
assumed for the whole province.
"""

from __future__ import annotations

from typing import Final

ONE_IN: Final = 20
LARGEST: Final = (
    "dossier_step",
    "insurance_participant",
    "population_check_result",
)
"""Extracts of which one row in ``ONE_IN`` is made, at any scale."""
