"""The report of a month or a year, to be read, printed and signed: HTML for both languages, a PDF for each.

What belongs here: which paragraphs and tables the report has, its files. What does not: the wording of its sentences
(`sentences`), typesetting (`printing`), how a figure is computed (`warehouse/sql`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import duckdb
from upath import UPath

from reports import page, printing, prose, published, senders, sentences, wording
from reports.figures import SIXTEEN
from reports.published import ReleaseNote, Row
from reports.senders import Senders
from reports.wording import Bilingual
from reports.year import PROVINCE
from schemas.periods import span
from warehouse.storage import Home, put_bytes

_MARKS: Final[Mapping[str, str]] = {"met": "●", "not_met": "▲", "insufficient_data": "◆", "not_applicable": "–"}
_SETS: Final[Mapping[str, Bilingual]] = {
    SIXTEEN: Bilingual("Mười sáu chỉ tiêu chuyển đổi số", "The sixteen digital-transformation targets"),
    "project_06": Bilingual("Đề án 06", "Project 06"),
    "operations": Bilingual("Giải quyết hồ sơ", "Dossiers handled"),
}
_TO_BE_STATED: Final = Bilingual("chưa nhận báo cáo", "not reported yet")
_STATED: Final = Bilingual("đã nêu (xem bản hạn chế)", "stated (see the restricted edition)")
_OF_ANSWER: Final = ("period", "unit_code", "supplier_code")
_COPIED: Final = Bilingual("chép nguyên văn quý trước", "copied from the quarter before")


class NoSuchPeriodError(Exception):
    """The release has no figures of the period asked for; `args[0]` names those it has."""


@dataclass(frozen=True)
class Table:
    """A table of texts; the last `numbers` columns are numbers."""

    caption: Bilingual
    columns: Sequence[Bilingual]
    numbers: int
    rows: Sequence[Sequence[Bilingual]]


@dataclass(frozen=True)
class Report:
    """Everything the report says, in both languages, however it is set."""

    title: Bilingual
    period: str
    standing: Bilingual
    paragraph: Bilingual
    operations: Bilingual | None
    missed: Sequence[Bilingual]
    caveats: Sequence[Bilingual]
    tables: Sequence[Table]


def write(home: Home) -> list[UPath]:
    """Write `site/report-<period>.html` and its PDFs for every finished period and that of the scorecard.

    `site/report.html` is the report of the scorecard's period, which may not have ended: it then says so.
    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note, as_of, default = published.release_note(con), _as_of(con), _reported_period(con)
        periods = _periods_to_write(con)
        written = []
        for period in periods:
            report = make(con, period)
            html = _html(report, note, periods)
            written += [page.write(home.site / f"report-{period}.html", html), *_pdfs(home, report, note, as_of)]
            if period == default:
                written.append(page.write(home.site / "report.html", html))
    return written


def write_period(home: Home, period: str | None = None) -> list[UPath]:
    """Write the page and PDFs of one period to the site; by default the period of the scorecard.

    Raises NothingPublishedError before the first release, NoSuchPeriodError when it has no figures of the period.
    """
    with published.current_release(home) as con:
        note, report = published.release_note(con), make(con, period or _reported_period(con))
        html = page.write(home.site / f"report-{report.period}.html", _html(report, note, _periods_to_write(con)))
        return [html, *_pdfs(home, report, note, _as_of(con))]


def content(home: Home, period: str | None, kind: str, language: str, *, has_causes: bool = False) -> bytes:
    """One period's report as the bytes of an `html` or `pdf` file; by default the period of the scorecard.

    With causes and remedies as units wrote them it is made from the restricted edition, for those who may read that.
    Raises NothingPublishedError and NoSuchPeriodError as `write_period` does, RestrictedError where it may not be read.
    """
    with (published.restricted_release if has_causes else published.current_release)(home) as con:
        note, report = published.release_note(con), make(con, period or _reported_period(con), has_causes=has_causes)
        if kind == "html":
            return _html(report, note, [report.period]).encode()
        return printing.pdf(_plain(report, note, language), _as_of(con))


def periods_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The periods that have figures of the province."""
    return [row["period"] for row in published.rows(con, "report/periods", {"unit_code": PROVINCE})]


def make(con: duckdb.DuckDBPyConnection, period: str, *, has_causes: bool = False) -> Report:
    """The report of one period. Raises NoSuchPeriodError when the release has no figures of it.

    Only the restricted edition has causes and remedies as they were written.
    """
    known = periods_of(con)
    if period not in known:
        raise NoSuchPeriodError(", ".join(known))
    first_day, last_day = span(period).first_on, span(period).last_on
    place: published.Parameters = {"period": period, "unit_code": PROVINCE, "last_day": last_day}
    figures = {row["kpi_code"]: row for row in published.rows(con, "report/figures", place)}
    asked: published.Parameters = {"unit_code": PROVINCE, "first_day": first_day, "last_day": last_day}
    answers = {row["kpi_code"]: row for row in published.rows(con, "report/responses", asked)}
    stated = {code: _stated(con, answer) for code, answer in answers.items()} if has_causes else {}
    name, headline = prose.period_name(period), sentences.headline(figures, period)
    return Report(
        title=Bilingual(
            f"Báo cáo {name.vi}: {headline.vi}",
            f"Report for {name.en}: {headline.en}",
        ),
        period=period,
        standing=_standing(last_day, _as_of(con)),
        paragraph=sentences.paragraph_of_figures(figures, period),
        operations=sentences.operations(figures),
        missed=sentences.missed(figures),
        caveats=[*sentences.caveats(figures, period), *_gaps(con)],
        tables=[
            *(_figures_table(set_name, figures) for set_name in _SETS),
            _answers_table(figures, answers, stated),
            _districts_table(con, period),
        ],
    )


def _periods_to_write(con: duckdb.DuckDBPyConnection) -> list[str]:
    last_day, shown = _as_of(con).date(), _reported_period(con)
    return [period for period in periods_of(con) if period == shown or span(period).last_on <= last_day]


def _as_of(con: duckdb.DuckDBPyConnection) -> datetime:
    (row,) = published.rows(con, "release")
    as_of: datetime = row["as_of"]
    return as_of


def _reported_period(con: duckdb.DuckDBPyConnection) -> str:
    found = published.rows(con, "reported_period", {"unit_code": PROVINCE})
    return str(found[0]["period"]) if found else ""


def _standing(last_day: date, as_of: datetime) -> Bilingual:
    moment = wording.moment(as_of)
    if last_day > as_of.date():
        return Bilingual(
            f"Kỳ báo cáo chưa kết thúc; số liệu nhận đến {moment.vi}.",
            f"The period has not ended; data received by {moment.en}.",
        )
    return Bilingual(f"Số liệu nhận đến {moment.vi}.", f"Data received by {moment.en}.")


def _gaps(con: duckdb.DuckDBPyConnection) -> list[Bilingual]:
    named = senders.read(con)
    return [_gap(row, named) for row in published.rows(con, "coverage")]


def _gap(row: Row, named: Senders) -> Bilingual:
    state = wording.word(wording.COVERAGE, row["state"])
    extract, supplier = named.extract(row["extract"]).name, named.supplier(row["supplier_code"]).name
    return Bilingual(
        f"{extract.vi}, {supplier.vi}: {state.vi}, {row['period_list']}.",
        f"{extract.en}, {supplier.en}: {state.en}, {row['period_list']}.",
    )


def _figures_table(set_name: str, figures: Mapping[str, Row]) -> Table:
    return Table(
        caption=_SETS[set_name],
        columns=[
            Bilingual("Chỉ tiêu", "Indicator"),
            Bilingual("Căn cứ", "Basis"),
            Bilingual("Trạng thái", "Status"),
            Bilingual("Thực hiện", "Value"),
            Bilingual("Mục tiêu", "Target"),
            Bilingual("Tử số / mẫu số", "Numerator / denominator"),
        ],
        numbers=3,
        rows=[_figure_line(row) for row in figures.values() if row["kpi_set"] == set_name],
    )


def _figure_line(row: Row) -> list[Bilingual]:
    status, basis = wording.word(wording.STATUS, row["status"]), wording.word(wording.BASIS, row["basis"])
    mark = _MARKS.get(row["status"], "")
    above, below = wording.count(row["numerator"]), wording.count(row["denominator"])
    return [
        Bilingual(f"{row['kpi_code']} {row['title_vi']}", f"{row['kpi_code']} {row['title_en']}"),
        basis,
        Bilingual(f"{mark} {status.vi}", f"{mark} {status.en}"),
        _value(row),
        _target(row),
        above if row["denominator"] is None else Bilingual(f"{above.vi} / {below.vi}", f"{above.en} / {below.en}"),
    ]


def _value(row: Row) -> Bilingual:
    match row["measure"]:
        case "share":
            return wording.percent(row["value"], beside=row["target"])
        case "target_ratio":
            return wording.percent(row["value"], beside=1)
        case "vnd":
            return wording.money(row["value"])
        case _:
            return wording.count(row["value"])


def _target(row: Row) -> Bilingual:
    if row["target"] is None:
        return wording.NOTHING
    target = wording.percent(row["target"]) if row["measure"] == "share" else wording.count(row["target"])
    basis = wording.word(wording.BASIS, row["target_basis"])
    return Bilingual(f"{target.vi} ({basis.vi})", f"{target.en} ({basis.en})")


def _answers_table(figures: Mapping[str, Row], answers: Mapping[str, Row], stated: Mapping[str, Row]) -> Table:
    """Who must say why a target was missed, and by when it is to be met; who has not answered is named as such.

    Causes and remedies are free text, which may name people: `stated` has them where the reader may see that.
    """
    return Table(
        caption=Bilingual(
            "Chỉ tiêu chưa đạt: trách nhiệm và hướng xử lý", "Targets not met: who answers, and what follows"
        ),
        columns=[
            Bilingual("Chỉ tiêu", "Indicator"),
            Bilingual("Đơn vị chịu trách nhiệm", "Responsible"),
            Bilingual("Nguyên nhân", "Cause"),
            Bilingual("Biện pháp", "Remedy"),
            Bilingual("Thời hạn", "Deadline"),
        ],
        numbers=0,
        rows=[
            [Bilingual(f"{row['kpi_code']} {row['title_vi']}", f"{row['kpi_code']} {row['title_en']}"), *cells]
            for row in figures.values()
            if row["kpi_set"] == SIXTEEN and row["status"] == "not_met"
            for answer in [answers.get(row["kpi_code"])]
            for cells in [_no_answer(row) if answer is None else _answer(answer, stated.get(row["kpi_code"]))]
        ],
    )


def _answer(row: Row, said: Row | None) -> list[Bilingual]:
    quarter, deadline = prose.period_name(row["period"]), wording.day(row["deadline_on"])
    remedy = _as_written(said, "remedy")
    copied = Bilingual(f"{remedy.vi} ({_COPIED.vi})", f"{remedy.en} ({_COPIED.en})") if said else _COPIED
    return [
        Bilingual(row["owner_vi"], row["owner_en"]),
        _as_written(said, "cause"),
        copied if row["is_remedy_copied"] else remedy,
        Bilingual(f"{deadline.vi} (trả lời {quarter.vi})", f"{deadline.en} (answer of {quarter.en})"),
    ]


def _stated(con: duckdb.DuckDBPyConnection, answer: Row) -> Row:
    """The cause and remedy of an answer, in the restricted edition."""
    told = published.rows(con, "pages/causes", {"kpi_code": answer["kpi_code"]})
    return next(row for row in told if all(row[name] == answer[name] for name in _OF_ANSWER))


def _as_written(said: Row | None, column: str) -> Bilingual:
    """What a unit wrote, in its own words in either language, or that it wrote something."""
    return _STATED if said is None else Bilingual(said[column] or "—", said[column] or "—")


def _no_answer(row: Row) -> list[Bilingual]:
    return [Bilingual(row["owner_vi"], row["owner_en"]), *[_TO_BE_STATED] * 3]


def _districts_table(con: duckdb.DuckDBPyConnection, period: str) -> Table:
    return Table(
        caption=Bilingual("Hồ sơ theo huyện, thành phố", "Dossiers by district"),
        columns=[
            Bilingual("Huyện, thành phố", "District"),
            Bilingual("Tiếp nhận", "Received"),
            Bilingual("Trực tuyến", "Online"),
            Bilingual("Đã giải quyết", "Resolved"),
            Bilingual("Trước và đúng hạn", "On time"),
        ],
        numbers=4,
        rows=[
            [
                Bilingual(row["full_name"], row["name_en"]),
                wording.count(row["received"]),
                wording.percent(row["online_share"]),
                wording.count(row["resolved"]),
                wording.percent(row["on_time_share"]),
            ]
            for row in published.rows(con, "districts", {"period": period, "unit_code": PROVINCE})
            if row["received"] is not None or row["resolved"] is not None
        ],
    )


def _html(report: Report, note: ReleaseNote, periods: Sequence[str]) -> str:
    others = [(period, prose.period_name(period)) for period in periods if period != report.period]
    return page.render("monthly.html.j2", title=report.title, release=note, report=report, others=others)


def _pdfs(home: Home, report: Report, note: ReleaseNote, as_of: datetime) -> list[UPath]:
    written = []
    for language in Bilingual._fields:
        target = home.site / f"report-{report.period}-{language}.pdf"
        put_bytes(target, printing.pdf(_plain(report, note, language), as_of))
        written.append(target)
    return written


def _plain(report: Report, note: ReleaseNote, language: str) -> dict[str, Any]:
    """The report in one language, as plain texts for the typesetter."""

    def say(text: Bilingual) -> str:
        return str(getattr(text, language))

    return {
        "language": language,
        "title": say(report.title),
        "standing": say(report.standing),
        "is_simulated": note.is_simulated,
        "release": f"{note.release_id} · {note.rule_set_id}",
        "paragraphs": [say(text) for text in (report.paragraph, report.operations) if text is not None],
        "missed": [say(text) for text in report.missed],
        "caveats": [say(text) for text in report.caveats],
        "tables": [
            {
                "caption": say(table.caption),
                "columns": [say(column) for column in table.columns],
                "numbers": table.numbers,
                "rows": [[say(cell) for cell in row] for row in table.rows],
            }
            for table in report.tables
            if table.rows
        ],
    }
