"""A page for each agency of province and districts: its figures, what it is in charge of, its answers, the files it owes.

What belongs here: what the page of an agency shows. What does not: what it shares with the page of a service (`members`),
words for a figure (`figures`), layout (`templates/member.html.j2`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb
from upath import UPath

from reports import figures, members, page, page_folder, published, responses, senders, sheet, wording
from reports import year as years
from reports.figures import Figure
from reports.published import ReleaseNote, Row
from reports.senders import Senders
from reports.wording import Bilingual
from reports.year import Year
from warehouse.storage import Home

FOLDER: Final = "agency"
_KIND: Final = Bilingual("Cơ quan", "Agencies")
_DEPTH: Final = 1


def write(home: Home) -> list[UPath]:
    """Write `site/agency/<short code>.html` and `.csv`, and `agency/index.html` with all of them; others there are removed.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        return page_folder.write(home.site / FOLDER, _files(con))


def agencies(con: duckdb.DuckDBPyConnection, year: Year) -> list[Row]:
    """The agencies that have a page: code, names, level, and the address of the page from the top of the site."""
    found = published.rows(
        con, "pages/agency_members", {"period": year.period, "first_on": year.first_day, "last_on": year.last_day}
    )
    return [
        {**row, "name": Bilingual(row["name_vi"], row["name_en"]), "page": f"{FOLDER}/{row['short_code']}.html"}
        for row in found
    ]


def _files(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, bytes]]:
    year, note, named = years.read(con), published.release_note(con), senders.read(con)
    held = members.read(con, "agency", "agency_code", year.period)
    answers = responses.of_year(con, year.period)
    owed: dict[str, list[Row]] = {}
    for row in published.rows(con, "pages/agency_files"):
        owed.setdefault(row["supplier_code"], []).append(row)
    in_charge = figures.figures_of(year, year.province) if year.province else []
    found = agencies(con, year)
    for agency in found:
        code, short_code = agency["agency_code"], agency["short_code"]
        content = {
            **members.shown(held, code, year),
            "title": members.headline(agency["name"], held.of(code), year.period),
            "name": agency["name"],
            "kind": _KIND,
            "list_page": f"{FOLDER}/index.html",
            "facts": _facts(agency, year),
            "in_charge": [each for each in in_charge if each.row["owner_short_code"] == short_code],
            "in_charge_sql": published.readable("figures", {"period": year.period, "unit_code": years.PROVINCE}),
            "responses": responses.arranged([each for each in answers if each.owner_agency_code == code], year.period),
            "owed": [_owed(row, named) for row in owed.get(short_code, ())],
            "owed_sql": published.readable("pages/agency_files", {}),
            "page_sql": published.readable("pages/agency", {"period": year.period, "agency_code": code}),
            "asked_by": f"agency_code = '{code}'",
            "csv": f"{short_code}.csv",
        }
        html = page.render("member.html.j2", depth=_DEPTH, release=note, **content)
        yield f"{short_code}.html", html.encode()
        yield f"{short_code}.csv", sheet.csv_bytes(members.CSV_COLUMNS, held.csv_rows(code))
    yield "index.html", _list(note, year, [_line(agency, held.of(agency["agency_code"])) for agency in found]).encode()


def _facts(agency: Row, year: Year) -> list[tuple[Bilingual, Bilingual, str]]:
    """What identifies an agency: a title, a text, and where it leads."""
    unit = next((each for each in year.units.values() if each.code == agency["unit_code"]), None)
    unit_name = unit.name if unit else members.code(agency["unit_code"])
    return [
        (Bilingual("Mã cơ quan", "Agency code"), members.code(agency["agency_code"]), ""),
        (Bilingual("Mã cũ", "Former code"), members.code(agency["agency_code_old"] or "—"), ""),
        (Bilingual("Mã ngắn", "Short code"), members.code(agency["short_code"]), ""),
        (Bilingual("Địa bàn", "Unit"), unit_name, unit.page if unit else ""),
    ]


def _owed(row: Row, named: Senders) -> Mapping[str, Any]:
    return {
        **row,
        "named": named.extract(row["extract"]),
        "state_words": wording.word(wording.COVERAGE, row["state"]),
        "count": wording.count(row["periods"]),
    }


def _line(agency: Row, own: Sequence[Figure]) -> dict[str, Any]:
    met, known = figures.tally(own)
    return {
        "code": agency["short_code"],
        **agency,
        "figures": {each.code: each for each in own},
        "met": met,
        "known": known,
    }


def _list(note: ReleaseNote, year: Year, lines: Sequence[Mapping[str, Any]]) -> str:
    return page.render(
        "members.html.j2",
        depth=_DEPTH,
        release=note,
        title=Bilingual("Các cơ quan", "Agencies"),
        kind=_KIND,
        year=year,
        lines=lines,
        columns=members.heads("O01", "T10", "T09", "T11", "T12", "T13", "T14"),
        typed=False,
        sql=published.readable("pages/agency_figures", {"period": year.period}),
    )
