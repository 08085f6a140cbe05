"""A figure in the words of pages: its value beside its target, what is lacking and since when, its place among its peers.

What belongs here: one row of the scorecard turned into texts of both languages. What does not: which figures a page shows,
how numbers are written (`wording`), how a figure is computed (`warehouse/sql`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from reports import prose, wording
from reports.published import Row
from reports.wording import Bilingual
from reports.year import Unit, Year
from schemas.reference import tables

WORST_FIRST: Final = ("held", "not_met", "insufficient_data", "met", "not_applicable")
SIXTEEN: Final = "target_16"
"""The set of the sixteen targets; Project 06 and other sets have targets of their own."""
_SETS: Final = (
    *(SIXTEEN, "project_06", "operations", "index_766"),
    *("satisfaction", "benefits", "officials", "connections"),
)
"""The sets in the order of the overview, which is that of all pages."""
_TIED: Final = "\u00a0="
_ENOUGH_TO_SAY_MONTHS: Final = 2


@dataclass(frozen=True)
class Figure:
    """One figure of one unit or agency as pages show it; `row` is what the release holds."""

    row: Row
    code: str
    title: Bilingual
    value: Bilingual
    target: Bilingual
    target_basis: Bilingual | None
    shortfall: Bilingual | None
    counted: Bilingual
    status: str
    status_words: Bilingual
    basis: Bilingual
    since: Bilingual | None
    caveats: Sequence[Bilingual]

    @property
    def is_missed(self) -> bool:
        """Whether a target was set, known and not reached."""
        return self.status == "not_met"

    @property
    def tied(self) -> str:
        """What stands after its place where others share it."""
        return _TIED if self.row["is_tied"] else ""

    @property
    def page(self) -> str:
        """The page of its indicator, relative to the site."""
        return indicator_page(self.code)


@dataclass(frozen=True)
class Place:
    """The place of a figure among the units of its level, with the neighbours on both sides."""

    words: Bilingual
    better: Unit | None
    worse: Unit | None


@dataclass(frozen=True)
class Lagging:
    """A unit named for what it lacks: its share and of how many; `page` is relative to the site, empty where there is none."""

    name: Bilingual
    page: str
    value: Bilingual
    counted: Bilingual
    rank: str


@dataclass(frozen=True)
class Month:
    """One month of a figure; what is shown, by what it is sorted, and whether it met its target."""

    period: str
    value: Bilingual
    rank: str
    status: str


def indicator_page(code: str) -> str:
    """The page of an indicator, relative to the site."""
    return f"indicator/{code}.html"


@cache
def titles() -> Mapping[str, Bilingual]:
    """What each indicator is called, by its code."""
    return {
        row["kpi_code"]: Bilingual(row["title_vi"], row["title_en"]) for row in tables.indicator().iter_rows(named=True)
    }


def figure(row: Row) -> Figure:
    """The words for a row of the scorecard."""
    measure = row["measure"]
    return Figure(
        row=row,
        code=row["kpi_code"],
        title=Bilingual(row["title_vi"], row["title_en"]),
        value=shown(row["value"], measure, beside=row["target"]),
        target=shown(row["target"], "count" if measure == "target_ratio" else measure),
        target_basis=wording.word(wording.BASIS, row["target_basis"]) if row["target_basis"] else None,
        shortfall=_shortfall(row),
        counted=_counted_of(row),
        status=row["status"],
        status_words=wording.word(wording.STATUS, row["status"]),
        basis=wording.word(wording.BASIS, row["basis"]),
        since=since(row),
        caveats=list(_caveats(row)),
    )


def figures_of(year: Year, unit: Unit) -> list[Figure]:
    """Every figure of a unit in the year, in the order of the overview."""
    return in_order(year.figures.get(unit.key, {}).values())


def in_order(rows: Iterable[Row]) -> list[Figure]:
    """Figures of one unit, agency or service: the sixteen targets first, then the other sets as on the overview."""
    found = [figure(row) for row in rows]
    return sorted(found, key=lambda each: (_SETS.index(each.row["kpi_set"]), each.code))


def by_urgency(figures: Sequence[Figure]) -> list[Figure]:
    """Figures with the missed ones first, in the order of their codes."""
    return sorted(figures, key=lambda each: WORST_FIRST.index(each.status) if each.status in WORST_FIRST else 0)


def place(row: Row, year: Year) -> Place | None:
    """Where a figure stands among its peers; None for what cannot be put in order, or has no peers."""
    if row["place"] is None or row["places"] < 2:
        return None
    text = f"{row['place']}/{row['places']}{_TIED if row['is_tied'] else ''}"
    return Place(
        Bilingual(text, text), year.units.get(row["better_unit_key"] or ""), year.units.get(row["worse_unit_key"] or "")
    )


def months_of(row: Row, months: Sequence[Row]) -> list[Month]:
    """The months of a figure in its words."""
    return [
        Month(
            period=month["period"],
            value=shown(month["value"], row["measure"], beside=month["target"]),
            rank="" if month["value"] is None else str(month["value"]),
            status=month["status"],
        )
        for month in months
    ]


def shown(value: Any, measure: str, *, beside: Any = None) -> Bilingual:
    """A value in the words of its measure; a share with as many decimals as tell it from `beside`."""
    return wording.percent(value, beside=beside) if measure == "share" else wording.amount(value, measure)


def counted(numerator: Any, denominator: Any) -> Bilingual:
    """Numerator and denominator; a count has no denominator."""
    above, below = wording.count(numerator), wording.count(denominator)
    if denominator is None:
        return above
    return Bilingual(f"{above.vi} / {below.vi}", f"{above.en} / {below.en}")


def part(amount: int | None, measure: str) -> Bilingual:
    """A numerator or a denominator alone."""
    if measure != "points" or amount is None:
        return wording.count(amount)
    # Points are kept in hundredths, so that they add up exactly.
    return wording.score(amount / 100)


def _counted_of(row: Row) -> Bilingual:
    if row["measure"] != "points":
        return counted(row["numerator"], row["denominator"])
    gained, most = (part(row[name], "points") for name in ("numerator", "denominator"))
    return Bilingual(f"{gained.vi} / {most.vi}", f"{gained.en} / {most.en}")


def since(row: Row) -> Bilingual | None:
    """How long and how often a missed target is missed, in months that were judged; None for a target that is not missed."""
    if row["status"] != "not_met":
        return None
    judged, missed = row["months_judged"], row["months_missed"]
    if not judged:
        return Bilingual("chỉ xét theo năm", "judged by the year only")
    if row["last_met"] is None:
        return _never_met(row)
    if row["months_running"] and row["months_running"] >= missed:
        return _running(row)
    if not missed:
        return Bilingual(
            "mọi tháng có số liệu đều đạt, cả năm chưa đạt",
            "met in every month with figures, not in the year as a whole",
        )
    last_met = prose.period_name(row["last_met"])
    return Bilingual(
        f"{missed}/{judged} tháng có số liệu chưa đạt; đạt lần cuối: {last_met.vi}",
        f"missed in {missed} of the {judged} months with figures; last met {last_met.en}",
    )


def where_missed(year: Year, unit: Unit, code: str) -> Bilingual | None:
    """How many of the units below miss a target, by level; None where none below has a figure of it."""
    told = []
    for level in ("district", "commune"):
        rows = [year.figures[each.key].get(code) for each in year.below(unit, level)]
        judged = [row["status"] for row in rows if row is not None and row["status"] in ("met", "not_met")]
        if judged:
            missed, words = judged.count("not_met"), wording.LEVEL[level]
            told.append(
                Bilingual(
                    f"{missed}/{len(judged)} {words.vi} chưa đạt", f"missed in {missed} of {len(judged)} {words.en}"
                )
            )
    return prose.joined(told, ", ") if told else None


def _never_met(row: Row) -> Bilingual:
    """A target that no month has met, in this year or before it."""
    first = prose.period_name(row["first_judged"])
    if row["months_running"] < _ENOUGH_TO_SAY_MONTHS:
        return Bilingual(f"chưa đạt; chỉ {first.vi} có số liệu", f"missed; only {first.en} has figures")
    return Bilingual(
        f"chưa tháng nào đạt, từ khi có số liệu ({first.vi})",
        f"missed in every month with figures (since {first.en})",
    )


def _running(row: Row) -> Bilingual:
    """A target that was met until a month, and in none since; a month without figures among them is no month missed."""
    start, running = prose.period_name(row["missed_since"]), row["months_running"]
    if running < _ENOUGH_TO_SAY_MONTHS:
        return Bilingual(f"từ {start.vi}", f"since {start.en}")
    if running == _months_between(row["missed_since"], row["missed_until"]):
        return Bilingual(f"từ {start.vi} ({running} tháng liền)", f"since {start.en} ({running} months running)")
    return Bilingual(
        f"từ {start.vi} (cả {running} tháng có số liệu)", f"since {start.en} (all {running} months with figures)"
    )


def _months_between(first: str, last: str) -> int:
    """How many months there are from one to another, both included."""
    (first_year, first_month), (last_year, last_month) = (map(int, period.split("-")) for period in (first, last))
    return (last_year - first_year) * 12 + last_month - first_month + 1


def _shortfall(row: Row) -> Bilingual | None:
    """What a figure that is not met lacks: percentage points of a share, else the count that is missing."""
    if row["status"] != "not_met":
        return None
    if row["measure"] == "target_ratio":
        lacking = wording.count(row["target"] - row["numerator"])
        return Bilingual(f"còn thiếu {lacking.vi}", f"short by {lacking.en}")
    if row["measure"] != "share":
        lacking = shown(row["target"] - row["value"], row["measure"])
        return Bilingual(f"còn thiếu {lacking.vi}", f"short by {lacking.en}")
    lacking = wording.percent(row["target"] - row["value"], beside=0)
    points = Bilingual(lacking.vi.removesuffix("%").rstrip(), lacking.en.removesuffix("%").rstrip())
    return Bilingual(f"còn thiếu {points.vi} điểm %", f"short by {points.en} percentage points")


def _caveats(row: Row) -> Iterator[Bilingual]:
    """What a reader must know of a figure before trusting it."""
    if row["measure"] == "target_ratio":
        yield Bilingual(
            "chia cho chỉ tiêu được giao, không phải cho số dân", "a ratio to a target, not to a population"
        )
    if row["coverage_share"] is not None and row["coverage_share"] < 1:
        arrived = wording.percent(row["coverage_share"], beside=1)
        yield Bilingual(f"mới nhận {arrived.vi} số tệp phải gửi", f"{arrived.en} of the files due have been received")
    if row.get("plausibility"):
        yield wording.word(wording.PLAUSIBILITY, row["plausibility"])
    if _is_uncertain(row):
        low, high = (shown(row[name], row["measure"], beside=row["target"]) for name in ("value_low", "value_high"))
        yield Bilingual(
            f"từ {low.vi} đến {high.vi} nếu tính cả các dòng bị tách ra",
            f"between {low.en} and {high.en} if the rows set apart counted",
        )
    if row["dossiers_with_newer_rejected"]:
        yield wording.so_many(
            row["dossiers_with_newer_rejected"],
            "hồ sơ đang hiển thị trạng thái cũ",
            "dossier shown in an older state",
            "dossiers shown in an older state",
        )
    if row["rows_quarantined"]:
        yield wording.so_many(
            row["rows_quarantined"],
            "dòng của nguồn bị tách ra trong kỳ, khi nhận và khi đối chiếu",
            "row of its source set apart in the period, on receipt or on comparison",
            "rows of its source set apart in the period, on receipt and on comparison",
        )


def _is_uncertain(row: Row) -> bool:
    """Whether rows set apart could change the figure; only the province's figures say how far."""
    return row.get("value_low") is not None and row["value_low"] != row["value_high"]


def tally(figures: Sequence[Figure]) -> tuple[int, int]:
    """How many of the sixteen targets are met, of how many that were set and known; targets of other sets are not counted."""
    statuses = Counter(each.status for each in figures if each.row["kpi_set"] == SIXTEEN)
    return statuses["met"], statuses["met"] + statuses["not_met"]


def met_in(figures: Sequence[Figure], period: str) -> Bilingual | None:
    """`tally` in words; None where nothing is known of the sixteen targets."""
    met, known = tally(figures)
    if not known:
        return None
    return Bilingual(
        f"đạt {met} trên {known} chỉ tiêu chuyển đổi số có số liệu năm {period}",
        f"{met} of {known} digital-transformation targets with figures met in {period}",
    )
