"""A report as a PDF: A4, tagged for screen readers, fonts embedded, the same bytes for the same release.

What belongs here: calling the typesetter. What does not: what the report says (`monthly`), or how it looks
(`templates/monthly.typ`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst


def pdf(content: Mapping[str, Any], as_of: datetime) -> bytes:
    """The PDF of `templates/monthly.typ` filled with `content`, dated by the data and not by the clock.

    Texts are handed over as data, so nothing in them is taken for markup. Only the typesetter's own fonts are used:
    they hold every Vietnamese letter, and a machine's fonts would make two machines print differently.
    """
    return typst.compile(
        files("reports").joinpath("templates", "monthly.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
        timestamp=int(as_of.timestamp()),
        pdf_standards="ua-1",
    )
