"""The page of contracts: what each extract holds, by which rules it is judged, and its template and exports to download.

What belongs here: how the page is laid out. What does not: what a column or rule means (the contracts), what the
downloads hold (`reports.contract_files`, `reports.template`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from upath import UPath

from reports import page, published, senders, wording
from reports.contract_files import exports_of
from reports.senders import Named, Senders
from reports.template import CADENCE, how_needed, workbook_of
from reports.wording import Bilingual
from schemas.contract import Extract, Personal
from schemas.extracts import all_extracts
from schemas.rules import Wording
from warehouse.storage import Home, put_bytes

FOLDER: Final = "contracts"
_TITLE: Final = Bilingual("Biểu mẫu và hợp đồng dữ liệu", "Templates and data contracts")
_PERSONAL: Final = {
    Personal.NONE: wording.NOTHING,
    Personal.BASIC: Bilingual("cơ bản", "basic"),
    Personal.SENSITIVE: Bilingual("nhạy cảm", "sensitive"),
}


@dataclass(frozen=True)
class Line:
    """A row of one of the tables of the page: a code, then texts in both languages."""

    code: str
    cells: Sequence[Bilingual]


@dataclass(frozen=True)
class Contract:
    """A contract as the page shows it; `files` are its downloads, the template first."""

    name: str
    title: Bilingual
    purpose: str
    suppliers: Sequence[Named]
    cadence: Bilingual
    legal_ground: Bilingual
    columns: Sequence[Line]
    rules: Sequence[Line]
    files: Sequence[str]


def write(home: Home) -> list[UPath]:
    """Write `site/contracts.html` and, in `site/contracts/`, the template and the exports of every extract.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note, named = published.release_note(con), senders.read(con)
        (release,) = published.rows(con, "release")
    written = []
    contracts = []
    for extract in all_extracts().values():
        files = _files_of(extract, release["as_of"].date())
        for name, content in files.items():
            put_bytes(home.site / FOLDER / name, content)
            written.append(home.site / FOLDER / name)
        contracts.append(_contract(extract, list(files), named))
    html = page.render("contracts.html.j2", title=_TITLE, release=note, contracts=contracts, folder=FOLDER)
    return [page.write(home.site / "contracts.html", html), *written]


def _files_of(extract: Extract, on: date) -> dict[str, bytes]:
    return {f"{extract.name}.xlsx": workbook_of(extract, on), **exports_of(extract)}


def _contract(extract: Extract, files: Sequence[str], named: Senders) -> Contract:
    return Contract(
        name=extract.name,
        title=Bilingual(extract.vi, extract.en),
        purpose=extract.purpose_vi,
        suppliers=[named.supplier(code) for code in extract.suppliers],
        cadence=_both(CADENCE[extract.cadence]),
        legal_ground=wording.legal_acts(extract.legal_ground or "—"),
        columns=[
            Line(
                column.headers[0],
                (
                    Bilingual(column.vi, column.en),
                    _both(column.type.expected),
                    _both(how_needed(column)),
                    _PERSONAL[column.personal],
                ),
            )
            for column in extract.columns
        ],
        rules=[
            Line(
                rule.code,
                (
                    _both(extract.said(rule)),
                    wording.word(wording.SEVERITY, rule.severity.value),
                    wording.word(wording.STAGE, rule.stage.value),
                ),
            )
            for rule in extract.rules
        ],
        files=files,
    )


def _both(text: Wording) -> Bilingual:
    return Bilingual(text.vi, text.en)
