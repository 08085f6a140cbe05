"""The release notes: what each published release holds, and which figures moved against the release before it, and why.

What belongs here: comparing two releases that are on disk, and the page of it. What does not: building, publishing or
rolling back a release (`warehouse`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
from upath import UPath

from reports import dictionary, figures, page, published, senders, sheet, wording
from reports.published import Row
from reports.senders import Senders
from reports.sheet import Sheet
from reports.wording import Bilingual
from warehouse import duck
from warehouse.difference import Difference
from warehouse.publishing import ANALYST_FILE, PublishedRelease, list_releases, stored_difference
from warehouse.storage import Home

COMPARED: Final = 10
"""How many of the newest releases are compared with the one before; the page must not grow longer every night."""
_MOST_ROWS: Final = 200

_MOVED: Final = "warehouse/difference/province_figures"
_OTHER_TABLES: Final = (duckdb.BinderException, duckdb.CatalogException)
"""What is raised where a release has no table or column that is asked for."""

_MOVEMENT: Final = {
    "arrived": Bilingual("mới nhận", "arrived"),
    "left_out": Bilingual("không còn tính", "no longer taken in"),
}

_FIRST: Final = Bilingual(
    "Bản đầu tiên: không có bản nào trước đó để so sánh.", "The first release: there is none before it to compare with."
)
_TOO_OLD: Final = Bilingual(
    f"Trang này chỉ so sánh {COMPARED} bản mới nhất.", f"Only the {COMPARED} newest releases are compared on this page."
)
_OTHER_SHAPE: Final = Bilingual(
    "Không so sánh được: bản trước có cấu trúc bảng khác.",
    "Cannot be compared: the release before it has tables of another shape.",
)


@dataclass(frozen=True)
class TableRows:
    """The rows of one table in a release and in the one before; `None` where it had no such table.

    `purpose` is what the current release says of it, None of a table it does not have. `movement` says how many were added,
    removed and changed, where the release was compared with that one when it was built.
    """

    name: str
    purpose: Bilingual | None
    address: str
    before: Bilingual | None
    after: Bilingual
    is_changed: bool
    movement: Bilingual | None


@dataclass(frozen=True)
class _Known:
    """What the current release calls whoever sends files, and what it says of its tables."""

    senders: Senders
    purposes: Mapping[str, Bilingual]


@dataclass(frozen=True)
class Note:
    """What the page says of one release. Without `moved` it is not compared, and `silence` says why."""

    release_id: str
    is_current: bool
    built_at: Bilingual
    as_of: Bilingual
    rule_set_id: str
    inputs: Bilingual
    before: str
    moved: Sheet | None
    moved_rows: Bilingual
    arrived: Sheet | None
    silence: Bilingual | None
    tables: Sequence[TableRows]


def write(home: Home) -> list[UPath]:
    """Write `site/releases.html` and, for each compared release, CSV files of what moved and what arrived.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        current, known = published.release_note(con), _known(con)
    releases = list_releases(home)
    notes = [
        _note(home, release, before, known, is_recent=_is_recent(releases, release))
        for before, release in _with_the_one_before(releases)
    ]
    newest_first = notes[::-1]
    html = page.render("release_notes.html.j2", title=_headline(newest_first), release=current, notes=newest_first)
    written = [page.write(home.site / "releases.html", html)]
    sheets = (each for note in newest_first for each in (note.moved, note.arrived) if each is not None)
    return written + [each.write_csv(home.site) for each in sheets]


def moved_in_current(home: Home) -> tuple[str, Sequence[Row]] | None:
    """The release before the current one and the province's figures that are not what they were in it.

    None for the first release, and for one whose tables cannot be compared with those of the release before.
    """
    for before, release in pairwise(list_releases(home)):
        if release.is_current:
            try:
                with _side_by_side(release, before) as con:
                    return before.release_id, published.rows(con, _MOVED)
            except _OTHER_TABLES:
                return None
    return None


def _known(con: duckdb.DuckDBPyConnection) -> _Known:
    purposes = {row["table_name"]: published.in_both_languages(row["purpose"]) for row in published.rows(con, "tables")}
    return _Known(senders.read(con), purposes)


def _with_the_one_before(
    releases: Sequence[PublishedRelease],
) -> Iterator[tuple[PublishedRelease | None, PublishedRelease]]:
    yield None, releases[0]
    yield from pairwise(releases)


def _is_recent(releases: Sequence[PublishedRelease], release: PublishedRelease) -> bool:
    return release.release_id in {each.release_id for each in releases[-COMPARED:]}


def _headline(notes: Sequence[Note]) -> Bilingual:
    (current,) = [note for note in notes if note.is_current]
    if current.moved is None:
        return Bilingual("Các bản phát hành", "Releases")
    if not current.moved.rows:
        return Bilingual(
            "Không con số toàn tỉnh nào thay đổi ở bản hiện hành",
            "None of the province’s figures moved in this release",
        )
    moved = wording.count(len(current.moved.rows))
    return Bilingual(
        f"{moved.vi} con số toàn tỉnh thay đổi ở bản hiện hành",
        f"{moved.en} of the province’s figures moved in the current release",
    )


def _note(
    home: Home, release: PublishedRelease, before: PublishedRelease | None, known: _Known, *, is_recent: bool
) -> Note:
    moved, arrived, silence = _compare(release, before, known.senders) if is_recent else (None, None, _TOO_OLD)
    sendings = wording.so_many(len(release.record["sendings"]), "lần gửi", "sending", "sendings")
    judged = _judged(release)
    return Note(
        release_id=release.release_id,
        is_current=release.is_current,
        built_at=wording.moment(_local(release.built_at)),
        as_of=wording.moment(_local(release.as_of)) if release.as_of else wording.NOTHING,
        rule_set_id=str(release.record.get("rule_set_id", "—")),
        inputs=Bilingual(f"{sendings.vi}, {judged.vi} tệp đã xét", f"{sendings.en}, {judged.en} judged"),
        before=before.release_id if before else "",
        moved=moved,
        moved_rows=wording.count(len(moved.rows) if moved else None),
        arrived=arrived,
        silence=silence,
        tables=_tables(release, before, known.purposes, _movements(home, release, before)),
    )


def _judged(release: PublishedRelease) -> Bilingual:
    return wording.count(len(release.record.get("judgements", [])))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(duck.TIME_ZONE))


def _compare(
    release: PublishedRelease, before: PublishedRelease | None, named: Senders
) -> tuple[Sheet | None, Sheet | None, Bilingual | None]:
    if before is None:
        return None, None, _FIRST
    try:
        with _side_by_side(release, before) as con:
            opening = _opening(release, before)
            return _moved(con, release, opening), _arrived(con, release, opening, named), None
    except _OTHER_TABLES:
        return None, None, _OTHER_SHAPE


@contextmanager
def _side_by_side(release: PublishedRelease, before: PublishedRelease) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duck.connect()
    try:
        duck.attach(con, release.folder / ANALYST_FILE, "newer", read_only=True)
        duck.attach(con, before.folder / ANALYST_FILE, "older", read_only=True)
        con.execute(published.query("releases/figures"))
        yield con
    finally:
        con.close()


def _opening(release: PublishedRelease, before: PublishedRelease) -> str:
    """The statements that open both releases for a person who stands in the warehouse home."""
    files = {
        "newer_file": f"releases/{release.release_id}/{ANALYST_FILE}",
        "older_file": f"releases/{before.release_id}/{ANALYST_FILE}",
    }
    statements = (published.readable("releases/attach", files), published.readable("releases/figures", {}))
    return "\n".join(statements) + "\n"


def _moved(con: duckdb.DuckDBPyConnection, release: PublishedRelease, opening: str) -> Sheet:
    return sheet.asked(
        con,
        f"release-{release.release_id}-moved",
        _MOVED,
        Bilingual("Con số toàn tỉnh thay đổi", "Figures of the province that moved"),
        [
            sheet.period("period", "Kỳ", "Period"),
            sheet.Column(
                ("kpi_code", "title_vi", "title_en"),
                Bilingual("Chỉ tiêu", "Indicator"),
                lambda _, vi, en: Bilingual(vi, en),
                link=_as_published,
                has_code=True,
            ),
            sheet.Column(
                ("value_before", "measure", "value_after"), Bilingual("Trước", "Before"), _value, is_number=True
            ),
            sheet.Column(("value_after", "measure", "value_before"), Bilingual("Nay", "Now"), _value, is_number=True),
            sheet.Column(
                ("numerator_before", "measure"),
                Bilingual("Tử số trước", "Numerator before"),
                figures.part,
                is_number=True,
            ),
            sheet.Column(
                ("numerator_after", "measure"), Bilingual("Tử số nay", "Numerator now"), figures.part, is_number=True
            ),
            sheet.coded("status_before", "Trạng thái trước", "Status before", wording.STATUS),
            sheet.coded("status_after", "Trạng thái nay", "Status now", wording.STATUS),
        ],
        opening=opening,
    ).shortened(_MOST_ROWS)


def _arrived(con: duckdb.DuckDBPyConnection, release: PublishedRelease, opening: str, named: Senders) -> Sheet:
    return sheet.asked(
        con,
        f"release-{release.release_id}-arrived",
        "releases/arrived",
        Bilingual("Tệp làm nên thay đổi", "The deliveries behind it"),
        [
            sheet.text("file_name", "Tệp", "File"),
            sheet.coded("movement", "Thay đổi", "Movement", _MOVEMENT),
            named.extract_column,
            named.supplier_column,
            sheet.period("period", "Kỳ", "Period"),
            sheet.moment("received_at", "Nhận lúc", "Received"),
            sheet.coded("status", "Trạng thái", "Status", wording.DELIVERY_STATUS),
            sheet.number("rows_read", "Dòng đọc", "Rows read"),
            sheet.number("rows_accepted", "Dòng nhận", "Rows accepted"),
        ],
        opening=opening,
    ).shortened(_MOST_ROWS)


def _as_published(row: Row) -> str:
    """Where the page of an indicator tells every value it ever had."""
    return f"{figures.indicator_page(row['kpi_code'])}#published"


def _value(value: Any, measure: str, other: Any) -> Bilingual:
    is_percent = measure in ("share", "target_ratio")
    return wording.percent(value, beside=other) if is_percent else wording.amount(value, measure)


def _movements(home: Home, release: PublishedRelease, before: PublishedRelease | None) -> dict[str, Bilingual]:
    """What happened to the rows of each table, as it was counted when the release was built."""
    said = stored_difference(home, release.release_id)
    if said is None or before is None or said["before"] != before.release_id:
        return {}
    return {
        table.name: _movement(table.added, table.removed or 0, table.changed or 0)
        for table in Difference.from_json(said).tables
        if table.added is not None and not table.is_same
    }


def _movement(added: int, removed: int, changed: int) -> Bilingual:
    more, less, other = (wording.count(rows) for rows in (added, removed, changed))
    return Bilingual(
        f"thêm {more.vi}, mất {less.vi}, đổi {other.vi}", f"{more.en} added, {less.en} removed, {other.en} changed"
    )


def _tables(
    release: PublishedRelease,
    before: PublishedRelease | None,
    purposes: Mapping[str, Bilingual],
    movements: Mapping[str, Bilingual],
) -> list[TableRows]:
    now = release.record["tables"]
    then = before.record["tables"] if before else {}
    return [
        TableRows(
            name=name,
            purpose=purposes.get(name),
            address=dictionary.address_of(name),
            before=wording.count(then[name]["rows"]) if name in then else None,
            after=wording.count(held["rows"]),
            is_changed=name in then and then[name]["hash"] != held["hash"],
            movement=movements.get(name),
        )
        for name, held in sorted(now.items())
    ]
