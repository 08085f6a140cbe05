"""How reports write numbers, dates and words in Vietnamese and English: `1.234,5` beside `1,234.5`.

What belongs here: formats and the words for statuses that pages share. What does not: layout, and the messages of
rules, which the contracts word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

Amount = Decimal | float | int
_MARKS_SWAPPED: Final = str.maketrans({",": ".", ".": ","})
_VIETNAMESE_PERCENT: Final = "\u00a0%"
_MOST_DECIMALS: Final = 4
_DECIMALS_OF_SCORES: Final = 2


class Bilingual(NamedTuple):
    """One text in both languages."""

    vi: str
    en: str


NOTHING: Final = Bilingual("—", "—")

STATUS: Final[Mapping[str, Bilingual]] = {
    "met": Bilingual("Đạt", "Met"),
    "not_met": Bilingual("Chưa đạt", "Not met"),
    "insufficient_data": Bilingual("Chưa đủ dữ liệu", "Not enough data"),
    "not_applicable": Bilingual("Không đặt mục tiêu", "No target"),
}
PLAUSIBILITY: Final[Mapping[str, Bilingual]] = {
    "over_whole": Bilingual(
        "Tử số lớn hơn mẫu số: có thể đếm trùng, hoặc mẫu số lấy từ nguồn khác",
        "The part is larger than the whole: likely counted twice, or the whole comes from elsewhere",
    ),
    "double_counting": Bilingual(
        "Có thể đếm trùng: nhiều phiếu do ít người trả lời nhiều lần",
        "Counted twice, it seems: many of the answers are by few people who answered often",
    ),
    "typed_differs": Bilingual(
        "Tỷ lệ ghi tay lệch quá 0,5 điểm % so với tỷ lệ tính lại",
        "The share typed by hand is off by more than 0.5 points from the one recomputed",
    ),
    "denominators_differ": Bilingual(
        "Cùng một đơn vị nhưng mẫu số khác nhau giữa các chỉ tiêu cùng loại",
        "One unit gives different wholes for indicators that should share one",
    ),
    "denominator_moved": Bilingual(
        "Mẫu số thay đổi quá 10 % so với kỳ trước: tỷ lệ hai kỳ không so sánh được",
        "The whole moved by more than 10% since the period before: the two shares do not compare",
    ),
    "running_total_fell": Bilingual(
        "Số luỹ kế thấp hơn kỳ trước: có thể báo cáo nhầm số trong tuần",
        "The running total is below the period before: a figure of one week may have been reported for it",
    ),
}
"""Why a figure looks wrong, with the likely cause; codes as `mart.kpi_figure` gives them."""
BASIS: Final[Mapping[str, Bilingual]] = {
    "reported": Bilingual("đã công bố", "reported"),
    "known": Bilingual("đã biết", "known"),
    "assumed": Bilingual("giả định", "assumed"),
}
DELIVERY_STATUS: Final[Mapping[str, Bilingual]] = {
    "accepted": Bilingual("Được nhận", "Accepted"),
    "superseded": Bilingual("Đã có bản thay thế", "Superseded"),
    "duplicate": Bilingual("Gửi lại y nguyên", "Sent again unchanged"),
    "withdrawn": Bilingual("Đã rút lại", "Withdrawn"),
    "waiting": Bilingual("Đính chính chờ tệp chính", "Corrections of nothing yet"),
    "refused": Bilingual("Bị từ chối", "Refused"),
}
COVERAGE: Final[Mapping[str, Bilingual]] = {
    "not_due": Bilingual("chưa đến hạn", "not due"),
    "due": Bilingual("đến hạn, còn chờ", "due, awaited"),
    "late": Bilingual("chậm", "late"),
    "missing": Bilingual("không có", "missing"),
    "refused": Bilingual("chỉ có bản bị từ chối", "only refused files"),
    "withdrawn": Bilingual("đã rút lại", "withdrawn"),
    "waiting": Bilingual("chỉ có đính chính", "only corrections"),
    "unjudged": Bilingual("có tệp, kiểm tra bị dừng", "came, judging died of it"),
    "parked": Bilingual("có tệp, đã thôi thử", "came, tried no more"),
    "accepted": Bilingual("đã nhận", "accepted"),
}
SEVERITY: Final[Mapping[str, Bilingual]] = {
    "refuse": Bilingual("từ chối tệp", "file refused"),
    "quarantine": Bilingual("tách dòng", "row set apart"),
    "blank": Bilingual("bỏ trống giá trị", "value blanked"),
    "warn": Bilingual("cảnh báo", "warning"),
}
LEVEL: Final[Mapping[str, Bilingual]] = {
    "province": Bilingual("tỉnh", "province"),
    "district": Bilingual("huyện, thành phố", "districts"),
    "commune": Bilingual("xã, phường, thị trấn", "communes"),
}
STAGE: Final[Mapping[str, Bilingual]] = {
    "gate": Bilingual("khi nhận", "on receipt"),
    "release": Bilingual("khi đối chiếu", "on comparison"),
}

_LEGAL_ACTS: Final[Mapping[str, str]] = {
    "Luật Căn cước": "Law on Identification",
    "Luật Hộ tịch": "Law on Civil Status",
    "Luật": "Law",
    "Nghị quyết": "Resolution",
    "Nghị định": "Decree",
    "Quyết định": "Decision",
    "Thông tư": "Circular",
}


def count(amount: Amount | None) -> Bilingual:
    """A whole number with grouped thousands."""
    return NOTHING if amount is None else _decimal(Decimal(str(amount)), 0)


def so_many(things: int, vi: str, one: str, more: str) -> Bilingual:
    """A whole number with what it counts: `2.000 tệp` beside `2,000 files`, but `1 file`."""
    number = count(things)
    return Bilingual(f"{number.vi} {vi}", f"{number.en} {one if things == 1 else more}")


def percent(share: Amount | None, *, beside: Amount | None = None) -> Bilingual:
    """A share as a percentage with one decimal.

    More decimals are shown where rounding would make it look equal to `beside` (its target) though it is not.
    """
    if share is None:
        return NOTHING
    exact = _in_percent(share)
    decimals = 1
    if beside is not None:
        limit = _in_percent(beside)
        while exact != limit and decimals < _MOST_DECIMALS and _rounded(exact, decimals) == _rounded(limit, decimals):
            decimals += 1
    text = _decimal(exact, decimals)
    return Bilingual(f"{text.vi}{_VIETNAMESE_PERCENT}", f"{text.en}%")


def money(amount_vnd: Amount | None) -> Bilingual:
    """An amount of đồng, in full."""
    if amount_vnd is None:
        return NOTHING
    text = count(amount_vnd)
    return Bilingual(f"{text.vi}\u00a0đồng", f"VND\u00a0{text.en}")


def millions(value: Amount | str) -> Bilingual:
    """An amount in millions with one decimal, for a place that names the unit."""
    return _decimal(Decimal(str(value)) / 10**6, 1)


def amount(value: Amount | None, measure: str) -> Bilingual:
    """A value as its measure (`indicator.csv`) is read: a share in percent, money in đồng, points and means with decimals."""
    match measure:
        case "share" | "target_ratio":
            return percent(value)
        case "vnd":
            return money(value)
        case "points" | "mean":
            return score(value)
        case _:
            return count(value)


def score(value: Amount | None) -> Bilingual:
    """A mean or a number of points, with two decimals."""
    return NOTHING if value is None else _decimal(Decimal(str(value)), _DECIMALS_OF_SCORES)


def day(value: date | None) -> Bilingual:
    """A date as dd/mm/yyyy in Vietnamese and ISO in English."""
    return NOTHING if value is None else Bilingual(value.strftime("%d/%m/%Y"), value.isoformat())


def moment(value: datetime | None) -> Bilingual:
    """A moment to the minute, as the clock of the given value says."""
    return NOTHING if value is None else Bilingual(f"{value:%d/%m/%Y %H:%M}", f"{value:%Y-%m-%d %H:%M}")


def legal_acts(text: str) -> Bilingual:
    """Legal acts by kind and number, written in either language; a number is the same in both."""
    vietnamese = english = text
    for kind_vi, kind_en in _LEGAL_ACTS.items():
        vietnamese, english = vietnamese.replace(kind_en, kind_vi), english.replace(kind_vi, kind_en)
    return Bilingual(vietnamese, english)


def word(words: Mapping[str, Bilingual], code: str) -> Bilingual:
    """The words for a code; an unknown code is shown as it is rather than hidden."""
    return words.get(code, Bilingual(code, code))


def is_swapped(text: Bilingual) -> bool:
    """Whether the English text is the Vietnamese one with points for commas, commas for points, and no space before `%`.

    Such a number stands once in a table; `page.js` swaps its marks for who reads English.
    """
    return text.en == text.vi.translate(_MARKS_SWAPPED).replace(_VIETNAMESE_PERCENT, "%")


def _in_percent(share: Amount) -> Decimal:
    # Ten decimals are beyond any real difference and within what binary fractions get wrong.
    return _rounded(Decimal(str(share)) * 100, 10)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _decimal(value: Decimal, decimals: int) -> Bilingual:
    english = f"{_rounded(value, decimals):,}"
    return Bilingual(english.translate(_MARKS_SWAPPED), english)
