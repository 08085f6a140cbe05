"""How a sentence says numbers and periods: `90 %`, `hơn 54 % (54,5 %)`, `gần 15 tỷ`, `tháng 12 năm 2023`.

What belongs here: the roundings and words of running text. What does not: how tables write numbers (`wording`), and
which sentence is chosen (`sentences`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from reports import wording
from reports.wording import Amount, Bilingual

_ONE: Final = Decimal(1)
_TENTH: Final = Decimal("0.1")
# Beyond any real difference, and within what binary fractions get wrong.
_SAME_IN_PERCENT: Final = 10
_AS_GOOD_AS: Final = Decimal("0.001")
_SCALES: Final = (
    (Decimal(10) ** 9, Bilingual("tỷ", "billion")),
    (Decimal(10) ** 6, Bilingual("triệu", "million")),
)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def percent(share: Amount | None, *, beside: Amount | None = 1) -> Bilingual:
    """A share without a needless decimal: `90 %` only when it is that exactly, else `90,0 %`."""
    text = wording.percent(share, beside=beside)
    if share is None or round(Decimal(str(share)) * 100, _SAME_IN_PERCENT) % 1:
        return text
    return Bilingual(text.vi.replace(",0\u00a0%", "\u00a0%"), text.en.replace(".0%", "%"))


def whole_percent(share: Amount, *, beside: Amount | None = 1) -> Bilingual:
    """A share by its whole percent: `54 %`, or `hơn 54 % (54,5 %)` when it is more than that."""
    exact = percent(share, beside=beside)
    in_percent = Decimal(str(share)) * 100
    whole = in_percent.quantize(_ONE, ROUND_DOWN)
    if in_percent == whole:
        return exact
    return Bilingual(f"hơn {whole}\u00a0% ({exact.vi})", f"over {whole}% ({exact.en})")


def about(amount: Amount) -> Bilingual:
    """An amount in billions or millions and on which side of the truth the round number lies.

    `gần` below it, `hơn` above it, `khoảng` when less than a thousandth apart; smaller amounts are said in full.
    """
    exact = Decimal(str(amount))
    for scale, name in _SCALES:
        if exact >= scale:
            rounded = (exact / scale).quantize(_TENTH, ROUND_HALF_UP)
            number = _plain(rounded)
            side = _side(exact, rounded * scale)
            return Bilingual(f"{side.vi}{number.vi} {name.vi}", f"{side.en}{number.en} {name.en}")
    return wording.count(amount)


def period_name(period: str) -> Bilingual:
    """`năm 2023`, `tháng 12 năm 2023`, `quý 4 năm 2023`; any other period by its code."""
    year, _, month = period.partition("-")
    if not month:
        return Bilingual(f"năm {year}", year)
    if month.isdecimal():
        return Bilingual(f"tháng {int(month)} năm {year}", f"{_MONTHS[int(month) - 1]} {year}")
    if month.startswith("Q"):
        return Bilingual(f"quý {month[1:]} năm {year}", f"quarter {month[1:]} of {year}")
    return Bilingual(f"kỳ {period}", period)


def joined(texts: Iterable[Bilingual], by: str) -> Bilingual:
    """Texts put together with the same mark between them in both languages."""
    pairs = list(texts)
    return Bilingual(by.join(text.vi for text in pairs), by.join(text.en for text in pairs))


def sentence(text: Bilingual) -> Bilingual:
    """A clause as a sentence: a capital letter before, a full stop after."""
    return Bilingual(f"{text.vi[:1].upper()}{text.vi[1:]}.", f"{text.en[:1].upper()}{text.en[1:]}.")


def _side(exact: Decimal, rounded: Decimal) -> Bilingual:
    if exact == rounded:
        return Bilingual("", "")
    if abs(exact - rounded) < rounded * _AS_GOOD_AS:
        return Bilingual("khoảng ", "about ")
    return Bilingual("gần ", "nearly ") if exact < rounded else Bilingual("hơn ", "over ")


def _plain(number: Decimal) -> Bilingual:
    english = f"{number:,.1f}".removesuffix(".0")
    return Bilingual(english.replace(",", " ").replace(".", ",").replace(" ", "."), english)
