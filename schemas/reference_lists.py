"""What the contracts of dated lists of codes share: how a list says what it speaks for, and the codes of units.

What one list holds stands in its contract; how lists become versions in the SQL of the release.
"""

from schemas.column_types import CodeList, Pattern
from schemas.contract import Column


def unit_code() -> Pattern:
    """Code of a province (2 digits), district (3) or commune (5) by Decision 124/2004/QĐ-TTg."""
    return Pattern(
        pattern=r"^(\d{2}|\d{3}|\d{5})$",
        vi="mã tỉnh 2 chữ số, mã huyện 3 chữ số hoặc mã xã 5 chữ số, như 12433",
        en="a province code of 2 digits, a district code of 3 or a commune code of 5, such as 12433",
    )


LIST_KIND = Column(
    "list_kind",
    CodeList(
        codes={"Toàn bộ": "full", "Một phần": "partial", "Thay đổi": "delta"},
        vi="Toàn bộ, Một phần (đủ cho các tỉnh có trong danh mục) hoặc Thay đổi (chỉ những dòng thay đổi)",
        en="Toàn bộ (all), Một phần (all of the provinces in it) or Thay đổi (only what changed)",
    ),
    "Phạm vi danh mục",
    "What the list speaks for",
    ("Phạm vi danh mục", "Phạm vi"),
)
"""Empty means all: a code that such a list lacks has ended on its day."""
