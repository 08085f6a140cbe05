"""A page for each essential public service: its figures, and the rate its departments type beside the one recomputed.

What belongs here: what the page of a service shows. What does not: what it shares with the page of an agency (`members`),
words for a figure (`figures`), layout (`templates/member.html.j2`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb
from upath import UPath

from reports import members, page, page_folder, prose, published, sheet, wording
from reports import year as years
from reports.published import Row
from reports.senders import Named
from reports.wording import Bilingual
from reports.year import Year
from warehouse.storage import Home

FOLDER: Final = "service"
_KIND: Final = Bilingual("Dịch vụ công thiết yếu", "Essential services")
_DEPTH: Final = 1
_COLUMNS: Final = ("O01", "O02", "T09", "T12", "P04")
_LEVELS: Final[Mapping[str, Bilingual]] = {
    "full": Bilingual("toàn trình", "full process"),
    "partial": Bilingual("một phần", "partial"),
    "none": Bilingual("không trực tuyến", "not online"),
}


def write(home: Home) -> list[UPath]:
    """Write `site/service/<number>.html` and `.csv`, and `service/index.html` with all of them; others there are removed.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        return page_folder.write(home.site / FOLDER, _files(con))


def services(con: duckdb.DuckDBPyConnection, year: Year) -> list[Row]:
    """The essential services that have a page: code, names, and the address of the page from the top of the site."""
    return [
        {
            **row,
            "name": Bilingual(row["service_name"], row["service_name_en"]),
            "page": f"{FOLDER}/{row['service_no']:02d}.html",
        }
        for row in published.rows(con, "pages/service_members", {"period": year.period})
    ]


def _files(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, bytes]]:
    year, note = years.read(con), published.release_note(con)
    held = members.read(con, "service", "service_code", year.period)
    typed = _grouped(published.rows(con, "pages/service_typed", {"period": year.period}), "service_code")
    procedures = _grouped(published.rows(con, "pages/service_procedures", {"last_on": year.last_day}), "service_no")
    typed_sql = published.readable("pages/service_typed", {"period": year.period})
    found = services(con, year)
    for service in found:
        code, name = service["service_code"], f"{service['service_no']:02d}"
        content = {
            **members.shown(held, code, year),
            "title": members.headline(service["name"], held.of(code), year.period),
            "name": service["name"],
            "kind": _KIND,
            "list_page": f"{FOLDER}/index.html",
            "facts": [
                (Bilingual("Số thứ tự", "Number"), members.code(str(service["service_no"])), ""),
                (Bilingual("Mã", "Code"), members.code(code), ""),
            ],
            "typed": [_typed(row) for row in typed.get(code, ())],
            "typed_sql": typed_sql,
            "procedures": [_procedure(row) for row in procedures.get(service["service_no"], ())],
            "procedures_sql": published.readable("pages/service_procedures", {"last_on": year.last_day}),
            "page_sql": published.readable("pages/service", {"period": year.period, "service_code": code}),
            "asked_by": f"service_no = {service['service_no']}",
            "csv": f"{name}.csv",
        }
        yield f"{name}.html", page.render("member.html.j2", depth=_DEPTH, release=note, **content).encode()
        yield f"{name}.csv", sheet.csv_bytes(members.CSV_COLUMNS, held.csv_rows(code))
    lines = [_line(service, held, typed.get(service["service_code"], ()), year) for service in found]
    html = page.render(
        "members.html.j2",
        depth=_DEPTH,
        release=note,
        title=_title_of_list(lines, year),
        kind=_KIND,
        year=year,
        lines=lines,
        columns=members.heads(*_COLUMNS),
        typed=True,
        sql=typed_sql,
    )
    yield "index.html", html.encode()


def _title_of_list(lines: Sequence[Mapping[str, Any]], year: Year) -> Bilingual:
    differing = sum(line["year_typed"] is not None and line["year_typed"]["is_disagreeing"] for line in lines)
    counted = wording.so_many(len(lines), "dịch vụ công thiết yếu", "essential service", "essential services")
    said = Bilingual(f"{counted.vi} năm {year.period}", f"{counted.en} in {year.period}")
    if not differing:
        return Bilingual(
            f"{said.vi}: mọi tỷ lệ ghi tay đều khớp tỷ lệ tính lại",
            f"{said.en}: every typed rate agrees with the recomputed one",
        )
    return Bilingual(
        f"{said.vi}: {differing} có tỷ lệ ghi tay lệch tỷ lệ tính lại",
        f"{said.en}: {differing} with a typed rate that differs from the recomputed one",
    )


def _grouped(rows: Sequence[Row], name: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return groups


def _typed(row: Row) -> dict[str, Any]:
    """A period's rates in words: as typed, recomputed from the report, and by this warehouse's own dossiers."""
    return {
        **row,
        "name": prose.period_name(row["period"]),
        "typed": wording.percent(row["online_share_typed"], beside=row["online_share"]),
        "recomputed": wording.percent(row["online_share"], beside=row["online_share_typed"]),
        "own": wording.percent(row["own_online_share"], beside=row["online_share"]),
        "total": wording.count(row["dossiers_total"]),
        "own_total": wording.count(row["own_dossiers"]),
        "saving": wording.money(row["saving_vnd"]),
        "disagreeing": wording.so_many(row["reports_disagreeing"] or 0, "dòng", "row", "rows"),
    }


def _procedure(row: Row) -> dict[str, Any]:
    code = row["agency_code"] or "—"
    name = Bilingual(row["agency_vi"], row["agency_en"]) if row["agency_vi"] else members.code(code)
    return {**row, "agency": Named(code, name), "level": wording.word(_LEVELS, row["service_level"] or "—")}


def _line(service: Row, held: members.Held, typed: Sequence[Row], year: Year) -> dict[str, Any]:
    own = {each.code: each for each in held.of(service["service_code"])}
    of_year = [_typed(row) for row in typed if row["period"] == year.period]
    return {
        **service,
        "code": service["service_code"],
        "figures": own,
        "met": "",
        "known": "",
        "year_typed": of_year[0] if of_year else None,
    }
