"""The sentences of the monthly report, chosen by the figures: what was met, what was not, what is not known.

What belongs here: which sentence is said of which figure. What does not: rounding and periods (`prose`), tables and
layout (`monthly`). A figure that is not there is named as missing, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from reports import prose, wording
from reports.figures import SIXTEEN
from reports.published import Row
from reports.wording import Bilingual
from schemas import periods
from schemas.reference import tables

Figures = Mapping[str, Row]
"""The rows of `sql/report/figures.sql` by indicator code."""

_SHARES: Final[Mapping[str, Bilingual]] = {
    "T01": Bilingual(
        "{value} dịch vụ công đủ điều kiện được cung cấp trực tuyến toàn trình",
        "{value} of eligible public services are offered as full process online",
    ),
    "T02": Bilingual(
        "{value} cơ sở dữ liệu dùng chung được kết nối, chia sẻ toàn tỉnh",
        "{value} of shared databases are connected and shared province-wide",
    ),
    "T03": Bilingual(
        "cấp tỉnh xử lý {value} hồ sơ công việc trên môi trường mạng",
        "the province handles {value} of its work files online",
    ),
    "T04": Bilingual(
        "cấp huyện xử lý {value} hồ sơ công việc trên môi trường mạng",
        "the districts handle {value} of their work files online",
    ),
    "T05": Bilingual(
        "cấp xã xử lý {value} hồ sơ công việc trên môi trường mạng",
        "the communes handle {value} of their work files online",
    ),
    "T06": Bilingual("{value} xã, phường, thị trấn có cáp quang", "{value} of communes have fibre"),
    "T07": Bilingual("{value} hộ gia đình có cáp quang", "{value} of households have fibre"),
    "T08": Bilingual(
        "{value} người từ 15 tuổi trở lên có tài khoản giao dịch",
        "{value} of people aged 15 or over have a transaction account",
    ),
}
_SAID_BY_THEIR_WHOLE_PERCENT: Final = ("T07",)
_BY_KIND: Final[Mapping[str, Bilingual]] = {
    "quarter": Bilingual("tính theo quý", "reckoned by quarter"),
    "month": Bilingual("tính theo tháng", "reckoned by month"),
}
"""What is said of the targets that a part of a year has; a year has all of them."""
_ASSUMED: Final = Bilingual(" (giả định)", " (assumed)")
_EMPTY: Final = Bilingual("", "")


def headline(figures: Figures, period: str) -> Bilingual:
    """How many of the sixteen targets are met; of a month or quarter, of those that are reckoned by month or quarter.

    A target without a figure is counted among them.
    """
    met, wanted, by = len(_targets(figures, "met")), len(_reckoned(period)), _BY_KIND.get(periods.kind_of(period))
    which = Bilingual(f" {by.vi}", f" {by.en}") if by else _EMPTY
    return Bilingual(
        f"đạt {met} trên {wanted} chỉ tiêu chuyển đổi số{which.vi}",
        f"{met} of {wanted} digital-transformation targets{which.en} met",
    )


def paragraph_of_figures(figures: Figures, period: str) -> Bilingual:
    """The paragraph that used to be typed: targets met, services, work files, infrastructure, Project 06."""
    name = prose.period_name(period)
    counted, others = headline(figures, period), _otherwise(figures, period)
    first = Bilingual(f"{name.vi}: {counted.vi}{others.vi}", f"in {name.en}, {counted.en}{others.en}")
    shares = [_share(code, figures[code]) for code in _SHARES if _is_known(figures, code)]
    clauses = [first, *([prose.joined(shares, "; ")] if shares else []), *_project_06(figures)]
    return prose.joined(map(prose.sentence, clauses), " ")


def missed(figures: Figures) -> list[Bilingual]:
    """One clause for each target that is not met: its value, its target and what is lacking."""
    return [_shortfall(row) for row in _targets(figures, "not_met")]


def operations(figures: Figures) -> Bilingual | None:
    """Dossiers received and resolved in the period; None without figures of them."""
    clauses = list(_operations(figures))
    return prose.joined(map(prose.sentence, clauses), " ") if clauses else None


def caveats(figures: Figures, period: str) -> list[Bilingual]:
    """What a reader must know of the figures: what is missing, what is assumed, what is not counted."""
    clauses = (
        *_missing(figures, period),
        *_not_reckoned(period),
        *_assumptions(figures),
        *_yearly_targets(period),
        *_set_apart(figures),
    )
    return [prose.sentence(clause) for clause in clauses]


def _is_reckoned(indicator: Row, period: str) -> bool:
    """Whether an indicator is reckoned for periods of such a kind."""
    return periods.kind_of(period) in indicator["period_kinds"].split(";")


def _sixteen() -> Sequence[Row]:
    return [row for row in tables.indicator().iter_rows(named=True) if row["kpi_set"] == SIXTEEN]


def _reckoned(period: str) -> Sequence[Row]:
    return [row for row in _sixteen() if _is_reckoned(row, period)]


def _targets(figures: Figures, status: str) -> list[Row]:
    return [row for row in figures.values() if row["kpi_set"] == SIXTEEN and row["status"] == status]


def _is_known(figures: Figures, code: str) -> bool:
    return code in figures and figures[code]["value"] is not None and figures[code]["status"] != "insufficient_data"


def _title(row: Row) -> Bilingual:
    return Bilingual(row["title_vi"], row["title_en"])


def _otherwise(figures: Figures, period: str) -> Bilingual:
    """The rest of them, so that what is not met and what is not known cannot be mistaken for each other."""
    not_met = len(_targets(figures, "not_met"))
    unknown = len(_reckoned(period)) - not_met - len(_targets(figures, "met"))
    text = Bilingual(f", {not_met} chưa đạt", f", {not_met} not met")
    if unknown == 0:
        return text
    return Bilingual(f"{text.vi}, {unknown} chưa đủ dữ liệu", f"{text.en}, {unknown} without enough data")


def _share(code: str, row: Row) -> Bilingual:
    say = prose.whole_percent if code in _SAID_BY_THEIR_WHOLE_PERCENT else prose.percent
    value, target = say(row["value"], beside=row["target"]), _unmet_target(row)
    wanted = _SHARES[code]
    return Bilingual(wanted.vi.format(value=value.vi) + target.vi, wanted.en.format(value=value.en) + target.en)


def _unmet_target(row: Row) -> Bilingual:
    if row["status"] != "not_met":
        return _EMPTY
    target = prose.percent(row["target"])
    return Bilingual(f" (chưa đạt mục tiêu {target.vi})", f" (target of {target.en} not met)")


def _shortfall(row: Row) -> Bilingual:
    value, target = prose.percent(row["value"], beside=row["target"]), prose.percent(row["target"])
    points = prose.percent(abs(row["target"] - row["value"]), beside=0)
    number = Bilingual(points.vi.removesuffix("\u00a0%"), points.en.removesuffix("%"))
    assumed = _ASSUMED if row["target_basis"] == "assumed" else _EMPTY
    return Bilingual(
        f"{row['title_vi']}: {value.vi}, mục tiêu {target.vi}{assumed.vi}, còn thiếu {number.vi} điểm phần trăm",
        f"{row['title_en']}: {value.en}, target {target.en}{assumed.en}, short by {number.en} percentage points",
    )


def _project_06(figures: Figures) -> Iterator[Bilingual]:
    yield from _essential_services(figures)
    if _is_known(figures, "P05"):
        yield _cards(figures["P05"])
    if _is_known(figures, "P06"):
        yield _electronic_identity(figures["P06"])


def _essential_services(figures: Figures) -> Iterator[Bilingual]:
    if _is_known(figures, "P03"):
        operating, of_all = figures["P03"]["numerator"], figures["P03"]["denominator"]
        all_of_them = operating == of_all
        yield Bilingual(
            f"{operating}{'' if all_of_them else f' trên {of_all}'} dịch vụ công thiết yếu của Đề án 06 đang vận hành",
            f"{operating}{'' if all_of_them else f' of {of_all}'} essential services of Project 06 are in operation",
        )
    if _is_known(figures, "P01"):
        received = wording.count(figures["P01"]["value"])
        resolved, saved = _resolved(figures), _saving(figures)
        yield Bilingual(
            f"các dịch vụ thiết yếu tiếp nhận {received.vi} hồ sơ trực tuyến{resolved.vi}{saved.vi}",
            f"essential services received {received.en} online dossiers{resolved.en}{saved.en}",
        )


def _resolved(figures: Figures) -> Bilingual:
    if not _is_known(figures, "P02"):
        return _EMPTY
    resolved = wording.count(figures["P02"]["value"])
    return Bilingual(
        f", trong đó {resolved.vi} đã giải quyết đến cuối kỳ",
        f", {resolved.en} of them resolved by the end of the period",
    )


def _saving(figures: Figures) -> Bilingual:
    if not _is_known(figures, "P04"):
        return _EMPTY
    saved = prose.about(figures["P04"]["value"])
    each = wording.count(dict(tables.parameter().select("name", "amount").iter_rows())["saving_per_dossier_vnd"])
    return Bilingual(
        f", tiết kiệm {saved.vi} đồng (giả định {each.vi} đồng mỗi hồ sơ)",
        f", saving {saved.en} VND (assuming {each.en} VND a dossier)",
    )


def _cards(row: Row) -> Bilingual:
    issued, exact = prose.about(row["numerator"]), wording.count(row["numerator"])
    share = prose.percent(row["value"])
    in_full = _EMPTY if issued == exact else Bilingual(f" ({exact.vi})", f" ({exact.en})")
    return Bilingual(
        f"đến cuối kỳ, {issued.vi}{in_full.vi} thẻ căn cước gắn chip đã được cấp, bằng {share.vi} số người đủ điều kiện",
        f"by the end of the period {issued.en}{in_full.en} chip identity cards had been issued, {share.en} of those eligible",
    )


def _electronic_identity(row: Row) -> Bilingual:
    active = wording.count(row["numerator"])
    text = Bilingual(
        f"đến cuối kỳ, {active.vi} tài khoản định danh điện tử được cấp, kích hoạt, sử dụng",
        f"by then {active.en} electronic identity accounts had been issued, activated and used",
    )
    if row["target"] is None:
        return text
    rate, target = prose.percent(row["value"], beside=1), wording.count(row["target"])
    given = {
        "reported": Bilingual(f"mục tiêu {target.vi} do Bộ giao", f"the ministry’s target of {target.en}"),
        "assumed": Bilingual(f"mục tiêu {target.vi} (giả định)", f"the target of {target.en} (assumed)"),
    }[row["target_basis"]]
    verdict = Bilingual(" (chưa đạt)", " (not met)") if row["status"] == "not_met" else _EMPTY
    return Bilingual(
        f"{text.vi}, bằng {rate.vi} {given.vi}{verdict.vi}", f"{text.en}, {rate.en} of {given.en}{verdict.en}"
    )


def _operations(figures: Figures) -> Iterator[Bilingual]:
    if _is_known(figures, "O01"):
        received = wording.count(figures["O01"]["value"])
        online = _part(figures, "O02", "{} nộp trực tuyến", "{} of them online")
        yield Bilingual(
            f"bộ phận một cửa tiếp nhận {received.vi} hồ sơ{online.vi}",
            f"one-stop offices received {received.en} dossiers{online.en}",
        )
    if _is_known(figures, "O03"):
        resolved = wording.count(figures["O03"]["value"])
        on_time = _part(figures, "T09", "{} trước và đúng hạn", "{} before or on their due date")
        yield Bilingual(f"đã giải quyết {resolved.vi} hồ sơ{on_time.vi}", f"{resolved.en} were resolved{on_time.en}")
    if _is_known(figures, "O08"):
        left = wording.count(figures["O08"]["value"])
        yield Bilingual(f"cuối kỳ còn {left.vi} hồ sơ đang giải quyết", f"{left.en} were in process at the end")


def _part(figures: Figures, code: str, vi: str, en: str) -> Bilingual:
    if not _is_known(figures, code):
        return _EMPTY
    share = prose.percent(figures[code]["value"])
    return Bilingual(f", {vi.format(share.vi)}", f", {en.format(share.en)}")


def _missing(figures: Figures, period: str) -> Iterator[Bilingual]:
    titles = [
        _title(row)
        for row in tables.indicator().iter_rows(named=True)
        if row["kpi_set"] != "operations" and _is_reckoned(row, period) and not _is_known(figures, row["kpi_code"])
    ]
    if titles:
        named = prose.joined(titles, "; ")
        yield Bilingual(
            f"kỳ này chưa có hoặc chưa đủ số liệu về: {named.vi}",
            f"no or not enough figures in this period: {named.en}",
        )


def _not_reckoned(period: str) -> Iterator[Bilingual]:
    others = [row for row in _sixteen() if not _is_reckoned(row, period)]
    if others:
        by, named = _BY_KIND[periods.kind_of(period)], prose.joined(map(_title, others), "; ")
        yield Bilingual(
            f"{len(others)} trong mười sáu chỉ tiêu không {by.vi}: {named.vi}",
            f"{len(others)} of the sixteen targets are not {by.en}: {named.en}",
        )


def _assumptions(figures: Figures) -> Iterator[Bilingual]:
    sixteen: list[dict[str, Any]] = [row for row in figures.values() if row["kpi_set"] == SIXTEEN]
    indicators = sum(row["basis"] == "assumed" for row in sixteen)
    targets = sum(row["target_basis"] == "assumed" for row in sixteen)
    if indicators or targets:
        yield Bilingual(
            f"trong {len(sixteen)} chỉ tiêu có số liệu, {indicators} chỉ tiêu và {targets} giá trị mục tiêu là giả định",
            f"of the {len(sixteen)} targets with figures, {indicators} indicators and {targets} target values are assumed",
        )


def _yearly_targets(period: str) -> Iterator[Bilingual]:
    if "-" in period:
        yield Bilingual(
            "số liệu của kỳ được so với mục tiêu của cả năm",
            "figures of the period are compared with the year’s targets",
        )


def _set_apart(figures: Figures) -> Iterator[Bilingual]:
    # Every figure drawn from an extract carries that extract's count.
    rows = sum({row["source_extract"]: row["rows_quarantined"] or 0 for row in figures.values()}.values())
    if rows:
        yield wording.so_many(
            rows,
            "dòng của kỳ này bị tách riêng vì có lỗi và không được tính cho đến khi đơn vị gửi lại",
            "row of this period is set apart for errors and does not count until it is sent again",
            "rows of this period are set apart for errors and do not count until they are sent again",
        )
