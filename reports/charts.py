"""Charts of a page: each a title, a drawing, one sentence that says what it shows, and the table it is drawn from.

What belongs here: the figures a page may show and the words around them. What does not: what a kind of chart looks like
(`chart_grammar`), and which figures a page shows. The browser draws a chart from the table beside it, so the two cannot
differ; without a script the table is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from reports import page, wording
from reports.wording import Amount, Bilingual

PARTS: Final[Mapping[str, Bilingual]] = {
    "before": Bilingual("Trước hạn", "Before it was due"),
    "on_time": Bilingual("Đúng hạn", "On the day due"),
    "late": Bilingual("Quá hạn", "Late"),
}
"""The parts of a stacked chart, in the order in which they stand."""

_PERIOD: Final = Bilingual("Kỳ", "Period")
_UNIT: Final = Bilingual("Đơn vị", "Unit")
_VALUE: Final = Bilingual("Giá trị", "Value")
_TARGET: Final = Bilingual("Mục tiêu", "Target")
_STATUS: Final = Bilingual("Trạng thái", "Status")


@dataclass(frozen=True)
class Moment:
    """A value in a period such as `2023-05`, and the target of that period where there is one."""

    period: str
    value: Amount | None
    target: Amount | None = None


@dataclass(frozen=True)
class Ranked:
    """The value of a unit, its status (`wording.STATUS`), and the page of the unit where it has one."""

    name: Bilingual
    value: Amount | None
    status: str
    target: Amount | None = None
    link: str = ""


@dataclass(frozen=True)
class Parted:
    """How much was done before it was due, on the day due, and late: of a unit or in a period."""

    name: Bilingual
    before: Amount | None
    on_time: Amount | None
    late: Amount | None
    link: str = ""


@dataclass(frozen=True)
class _Head:
    """A column of the table: the field of the chart that it is, its title, whether it holds numbers."""

    field: str
    title: Bilingual
    is_number: bool = True


@dataclass(frozen=True)
class _Cell:
    """What is read, what is drawn, where it leads."""

    shown: Bilingual
    rank: str
    link: str = ""


def trend(name: str, title: Bilingual, moments: Sequence[Moment], measure: str) -> Markup:
    """A line of values over periods with the line of their target; `measure` as in `indicator.csv`.

    `name` is the id of the figure in its page and the name of its CSV file.
    """
    rows = [
        [
            _Cell(_period(each.period), each.period),
            _number(each.value, measure),
            _number(each.target, measure),
        ]
        for each in moments
    ]
    heads = [_Head("period", _PERIOD, is_number=False), _Head("value", _VALUE), _Head("target", _TARGET)]
    return _figure(name, f"trend-{measure}", title, heads, rows, _trend_in_words(moments, measure))


def ranking(name: str, title: Bilingual, units: Sequence[Ranked], measure: str) -> Markup:
    """A bar for each unit in the given order, with its status by shape and colour and the line of the target."""
    rows = [
        [
            _Cell(each.name, each.name.vi, each.link),
            _number(each.value, measure),
            _number(each.target, measure),
            _Cell(wording.word(wording.STATUS, each.status), each.status),
        ]
        for each in units
    ]
    heads = [
        _Head("name", _UNIT, is_number=False),
        _Head("value", _VALUE),
        _Head("target", _TARGET),
        _Head("status", _STATUS, is_number=False),
    ]
    return _figure(name, f"ranking-{measure}", title, heads, rows, _ranking_in_words(units, measure))


def stacked(name: str, title: Bilingual, parted: Sequence[Parted], first_column: Bilingual = _UNIT) -> Markup:
    """For each unit or period the shares done before the due day, on it, and late, in one bar."""
    rows = [
        [
            _Cell(each.name, each.name.vi, each.link),
            *(_number(amount, "count") for amount in (each.before, each.on_time, each.late)),
        ]
        for each in parted
    ]
    heads = [_Head("name", first_column, is_number=False), *(_Head(part, words) for part, words in PARTS.items())]
    return _figure(name, "stacked", title, heads, rows, _stacked_in_words(parted))


def _figure(
    name: str, kind: str, title: Bilingual, heads: Sequence[_Head], rows: Sequence[Sequence[_Cell]], words: Bilingual
) -> Markup:
    html = page.environment().get_template("chart.html.j2")
    return Markup(html.render(name=name, kind=kind, title=title, heads=heads, rows=rows, words=words))  # noqa: S704


def _number(amount: Amount | None, measure: str) -> _Cell:
    return _Cell(wording.amount(amount, measure), "" if amount is None else str(amount))


def _period(period: str) -> Bilingual:
    year, _, month = period.partition("-")
    return Bilingual(f"{month}/{year}", period) if month.isdecimal() else Bilingual(period, period)


def _trend_in_words(moments: Sequence[Moment], measure: str) -> Bilingual:
    known = [each for each in moments if each.value is not None]
    if not known:
        return Bilingual("Chưa có số liệu.", "No figures yet.")
    first, last = known[0], known[-1]
    began, ended = wording.amount(first.value, measure), wording.amount(last.value, measure)
    since, until = _period(first.period), _period(last.period)
    target = wording.amount(last.target, measure)
    aim = Bilingual("", "")
    if last.target is not None:
        aim = Bilingual(f"; mục tiêu {target.vi}", f"; the target is {target.en}")
    return Bilingual(
        f"Từ {began.vi} ({since.vi}) đến {ended.vi} ({until.vi}){aim.vi}.",
        f"From {began.en} ({since.en}) to {ended.en} ({until.en}){aim.en}.",
    )


def _ranking_in_words(units: Sequence[Ranked], measure: str) -> Bilingual:
    known = [(each.value, each) for each in units if each.value is not None]
    if not known:
        return Bilingual("Chưa có số liệu.", "No figures yet.")
    (least, lowest), (most, highest) = (chosen(known, key=lambda pair: pair[0]) for chosen in (min, max))
    low, high = wording.amount(least, measure), wording.amount(most, measure)
    return Bilingual(
        f"Cao nhất: {highest.name.vi}, {high.vi}; thấp nhất: {lowest.name.vi}, {low.vi}.",
        f"Highest: {highest.name.en}, {high.en}; lowest: {lowest.name.en}, {low.en}.",
    )


def _stacked_in_words(parted: Sequence[Parted]) -> Bilingual:
    counted = [_total(each.before for each in parted), _total(each.on_time for each in parted)]
    late = _total(each.late for each in parted)
    whole = sum(counted) + late
    if not whole:
        return Bilingual("Chưa có số liệu.", "No figures yet.")
    share = wording.percent(late / whole)
    return Bilingual(f"Quá hạn: {share.vi} tổng số.", f"Late: {share.en} of all.")


def _total(amounts: Iterable[Amount | None]) -> float:
    return sum(float(amount) for amount in amounts if amount is not None)
