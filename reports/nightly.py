"""The nightly's own page: what was due, came, was refused or corrected, which rules rows broke, what is still owed.

What belongs here: which tables the page shows and their words. What does not: how states are decided (`warehouse/sql/quality`),
the wording of rules (the contracts), tables in general (`sheet`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import duckdb
from upath import UPath

from reports import advice, page, published, senders, sheet, wording
from reports.published import Row
from reports.senders import Named, Senders
from reports.sheet import Sheet
from reports.wording import Bilingual
from schemas.contract import Extract
from schemas.extracts import all_extracts
from schemas.rules import Rule
from warehouse.storage import Home

_MOST_ROWS: Final = 400
_BAR_WIDTH: Final = 8
_BAR_HEIGHT: Final = 24
_PERIOD: Final = sheet.period("period", "Kỳ", "Period")
_FILE: Final = sheet.text("file_name", "Tệp", "File")
_RECEIVED: Final = sheet.moment("received_at", "Nhận lúc", "Received")


@dataclass(frozen=True)
class Bar:
    """One month of a rule: where its bar stands and how many rows it found."""

    left: int
    top: float
    height: float
    width: int
    month: str
    found: Bilingual


@dataclass(frozen=True)
class OverTime:
    """How often a rule was broken, month by month; `words` say the same as the bars."""

    rule_code: str
    extract: Named
    link: str
    bars: Sequence[Bar]
    words: Bilingual


@dataclass(frozen=True)
class RuleWords:
    """A rule as its contract words it, and what a clerk is told to do."""

    code: str
    anchor: str
    message: Bilingual
    expected: Bilingual
    severity: Bilingual
    stage: Bilingual
    remedy_vi: str


def write(home: Home) -> list[UPath]:
    """Write `site/nightly.html` and a CSV file for each of its tables.

    Raises NothingPublishedError before the first release.
    """
    with published.current_release(home) as con:
        note = published.release_note(con)
        named, by_month = senders.read(con), published.rows(con, "nightly/rules_by_month")
        sheets = _sheets(con, named)
    html = page.render(
        "nightly.html.j2",
        title=_headline(sheets["nightly-owed"].rows),
        release=note,
        sheets=sheets,
        over_time=_over_time(by_month, named),
        bar_width=_BAR_WIDTH,
        bar_height=_BAR_HEIGHT,
        rules=_rules(sheets["nightly-rules"].rows),
    )
    return [page.write(home.site / "nightly.html", html), *(each.write_csv(home.site) for each in sheets.values())]


def rule_anchor(extract: str, rule_code: str) -> str:
    """The id of a rule's wording in the page."""
    return f"rule-{extract}-{rule_code}"


def _to_wording(row: Row) -> str:
    """Where the rule is worded; nowhere when it is one of an earlier contract."""
    extract = all_extracts().get(row["extract"])
    is_worded = extract and any(rule.code == row["rule_code"] for rule in extract.rules)
    return f"#{rule_anchor(row['extract'], row['rule_code'])}" if is_worded else ""


def _headline(owed: Sequence[Row]) -> Bilingual:
    overdue = sum(row["state"] in ("late", "missing", "refused") for row in owed)
    if not overdue:
        return Bilingual("Không tệp nào quá hạn", "No file is overdue")
    count = wording.count(overdue)
    files = "file is" if overdue == 1 else "files are"
    return Bilingual(
        f"{count.vi} tệp quá hạn chưa có bản dùng được", f"{count.en} {files} overdue without a usable copy"
    )


def _sheets(con: duckdb.DuckDBPyConnection, named: Senders) -> dict[str, Sheet]:
    extract, supplier = named.extract_column, named.supplier_column
    by_rule = replace(sheet.text("rule_code", "Quy tắc", "Rule"), link=_to_wording)
    found = (
        sheet.asked(
            con,
            "nightly-owed",
            "nightly/owed",
            Bilingual("Mỗi đơn vị đang nợ gì", "What each supplier owes now"),
            [
                supplier,
                extract,
                _PERIOD,
                sheet.coded("state", "Tình trạng", "State", wording.COVERAGE),
                sheet.day("due_on", "Hạn gửi", "Due"),
                sheet.number("days_overdue", "Số ngày quá hạn", "Days overdue"),
                sheet.texts("refusal", "Lý do từ chối", "Why refused"),
            ],
        ),
        sheet.asked(
            con,
            "nightly-suppliers",
            "nightly/suppliers",
            Bilingual("Đúng hạn, chậm, thiếu, bị từ chối (số kỳ)", "On time, late, missing, refused (periods)"),
            [
                extract,
                supplier,
                sheet.number("owed", "Phải gửi", "Owed"),
                sheet.number("on_time", "Đúng hạn", "On time"),
                sheet.number("came_late", "Đã nhận, chậm", "Came late"),
                sheet.number("awaited", "Đến hạn, còn chờ", "Due, awaited"),
                sheet.number("late", "Đang chậm", "Late"),
                sheet.number("missing", "Không có", "Missing"),
                sheet.number("refused", "Chỉ có bản bị từ chối", "Only refused files"),
            ],
        ),
        sheet.asked(
            con,
            "nightly-refused",
            "nightly/refused",
            Bilingual("Tệp bị từ chối", "Refused files"),
            [
                _FILE,
                extract,
                supplier,
                _PERIOD,
                _RECEIVED,
                sheet.texts("refusal", "Lý do", "Reason"),
                sheet.coded("state", "Kỳ này nay", "The period now", wording.COVERAGE),
            ],
        ),
        sheet.asked(
            con,
            "nightly-corrections",
            "nightly/corrections",
            Bilingual("Tệp gửi lại để sửa", "Corrections received"),
            [
                _FILE,
                extract,
                supplier,
                _PERIOD,
                sheet.moment("received_before", "Bản trước", "Earlier one"),
                _RECEIVED,
                sheet.coded("status_before", "Bản trước nay", "Earlier one now", wording.DELIVERY_STATUS),
                sheet.coded("status", "Bản này", "This one", wording.DELIVERY_STATUS),
                sheet.number("set_apart_before", "Dòng tách ra, trước", "Rows set apart before"),
                sheet.number("set_apart", "Dòng tách ra, nay", "Rows set apart now"),
            ],
        ),
        sheet.asked(
            con,
            "nightly-rules",
            "nightly/rules",
            Bilingual("Lỗi theo quy tắc", "Findings by rule"),
            [
                extract,
                by_rule,
                sheet.coded("severity", "Xử lý", "Consequence", wording.SEVERITY),
                sheet.coded("stage", "Phát hiện", "Found", wording.STAGE),
                sheet.number("found_rows", "Số dòng", "Rows"),
                sheet.number("deliveries", "Số tệp", "Files"),
                sheet.moment("last_received_at", "Gần nhất", "Most recent"),
            ],
        ),
        sheet.asked(
            con,
            "nightly-drift",
            "nightly/drift",
            Bilingual("Khác lạ so với các kỳ trước (nhắc nhở)", "Unlike the periods before (warnings)"),
            [
                extract,
                supplier,
                _PERIOD,
                sheet.Column(("column_name", "extract"), Bilingual("Cột", "Column"), _title_of_column, has_code=True),
                sheet.texts("message", "Khác thế nào", "In what way"),
                _RECEIVED,
            ],
        ),
    )
    return {each.name: each.shortened(_MOST_ROWS) for each in found}


def _title_of_column(column: str, extract: str) -> Bilingual:
    """What a contract calls its column; a column that it does not have by its name."""
    contract = all_extracts().get(extract)
    found = [each for each in contract.columns if each.name == column] if contract else []
    return Bilingual(found[0].vi, found[0].en) if found else Bilingual(column or "—", column or "—")


def _over_time(by_month: Sequence[Row], named: Senders) -> list[OverTime]:
    months = sorted({row["received_month"] for row in by_month})
    drawn = []
    for (extract, code), rows in groupby(by_month, key=lambda row: (row["extract"], row["rule_code"])):
        found = dict.fromkeys(months, 0)
        for row in rows:
            found[row["received_month"]] += row["found_rows"]
        drawn.append((sum(found.values()), _history(named.extract(extract), code, found)))
    return [history for _, history in sorted(drawn, key=lambda pair: -pair[0])]


def _history(extract: Named, code: str, found: dict[str, int]) -> OverTime:
    most = max(found.values())
    bars = [
        Bar(
            left=place * _BAR_WIDTH,
            top=round(_BAR_HEIGHT * (1 - count / most), 1),
            height=round(_BAR_HEIGHT * count / most, 1),
            width=_BAR_WIDTH - 1,
            month=month,
            found=wording.count(count),
        )
        for place, (month, count) in enumerate(found.items())
    ]
    return OverTime(
        rule_code=code,
        extract=extract,
        link=_to_wording({"extract": extract.code, "rule_code": code}),
        bars=bars,
        words=Bilingual(
            "; ".join(f"{bar.month[5:]}/{bar.month[:4]}: {bar.found.vi}" for bar in bars),
            "; ".join(f"{bar.month}: {bar.found.en}" for bar in bars),
        ),
    )


def _rules(found: Sequence[Row]) -> list[tuple[Bilingual, list[RuleWords]]]:
    """The rules of each extract that found something, worded by its contract."""
    broken = {(row["extract"], row["rule_code"]) for row in found}
    return [
        (Bilingual(extract.vi, extract.en), words)
        for extract in all_extracts().values()
        if (words := [_words(extract, rule) for rule in extract.rules if (extract.name, rule.code) in broken])
    ]


def _words(extract: Extract, rule: Rule) -> RuleWords:
    column = extract.title(rule.column) if rule.column else None
    vi = {"column": column.vi if column else "", "found": "…", "expected": rule.expected.vi}
    en = {"column": column.en if column else "", "found": "…", "expected": rule.expected.en}
    return RuleWords(
        code=rule.code,
        anchor=rule_anchor(extract.name, rule.code),
        message=Bilingual(rule.message.vi.format(**vi), rule.message.en.format(**en)),
        expected=Bilingual(rule.expected.vi, rule.expected.en),
        severity=wording.word(wording.SEVERITY, rule.severity.value),
        stage=wording.word(wording.STAGE, rule.stage.value),
        remedy_vi=advice.remedy(rule.code),
    )
