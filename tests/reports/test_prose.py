"""Numbers and periods as a sentence says them."""

from __future__ import annotations

import pytest

from reports import prose
from reports.wording import Amount, Bilingual


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (0.9, "90\u00a0%", "90%"),
        (0.5451, "54,5\u00a0%", "54.5%"),
        (0.59995, "60,0\u00a0%", "60.0%"),
        (0.9999, "99,99\u00a0%", "99.99%"),
        (1.2065539, "120,7\u00a0%", "120.7%"),
        (None, "—", "—"),
    ],
)
def test_a_share_loses_its_decimal_only_when_it_is_whole(share: Amount | None, vi: str, en: str) -> None:
    assert prose.percent(share) == Bilingual(vi, en)


@pytest.mark.parametrize(
    ("share", "vi"),
    [(0.545, "hơn 54\u00a0% (54,5\u00a0%)"), (0.54, "54\u00a0%"), (0.999, "hơn 99\u00a0% (99,9\u00a0%)")],
)
def test_a_share_by_its_whole_percent(share: float, vi: str) -> None:
    assert prose.whole_percent(share).vi == vi


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (14_950_000_000, "gần 15 tỷ", "nearly 15 billion"),
        (15_000_027_930, "khoảng 15 tỷ", "about 15 billion"),
        (15_000_000_000, "15 tỷ", "15 billion"),
        (1_512_340, "hơn 1,5 triệu", "over 1.5 million"),
        (1_234_500_000_000, "1.234,5 tỷ", "1,234.5 billion"),
        (999_999, "999.999", "999,999"),
    ],
)
def test_a_round_amount_says_on_which_side_the_truth_is(amount: int, vi: str, en: str) -> None:
    assert prose.about(amount) == Bilingual(vi, en)


def test_periods() -> None:
    assert prose.period_name("2023") == Bilingual("năm 2023", "2023")
    assert prose.period_name("2023-12") == Bilingual("tháng 12 năm 2023", "December 2023")
    assert prose.period_name("2023-Q4") == Bilingual("quý 4 năm 2023", "quarter 4 of 2023")
    assert prose.period_name("2023-W05") == Bilingual("kỳ 2023-W05", "2023-W05")
