"""A workbook of a department the warehouse has never heard of: readers of libraries, as its office prints them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import xlsxwriter

PEOPLE: Final = ("Nguyễn Thị Hoa", "Trần Văn Nam", "Lê Minh Đức", "Phạm Thu Hà", "Hoàng Gia Bảo")
PLACES: Final = (
    ("Huyện Đông Hưng", "Thị trấn Đông Hưng"),
    ("Huyện Kiến Xương", "Xã Vũ Quý"),
    ("Thành phố Thái Bình", "Phường Lê Hồng Phong"),
)
TITLES: Final = (
    "STT", "Số thẻ", "Họ và tên", "Số CCCD", "Số điện thoại", "Ngày cấp thẻ", "Giới tính", "Huyện/Thành phố",
    "Xã/Phường/Thị trấn", "Số lượt mượn", "Tỷ lệ trả đúng hạn (%)", "Tiền đặt cọc (đồng)", "Còn hiệu lực", "Ghi chú",
)  # fmt: skip
SIGNED_BY: Final = "Vũ Thị Thu Trang"
ROWS: Final = 24


def card(number: int) -> str:
    """The personal number of a reader."""
    return f"0341{number * 7_654_321 % 100_000_000:08d}"


def phone(number: int) -> str:
    """The telephone number of a reader."""
    return f"09{number * 4_567_891 % 100_000_000:08d}"


def write_library_sample(file: Path) -> None:
    """Titles and emblem, a numbering row, readers, a total, signatures."""
    lines: list[list[object]] = [
        ["UBND TỈNH THÁI BÌNH"],
        ["SỞ VĂN HOÁ, THỂ THAO VÀ DU LỊCH"],
        [],
        list(TITLES),
        [f"({place})" for place in range(1, len(TITLES) + 1)],
    ]
    for number in range(1, ROWS + 1):
        district, commune = PLACES[number % 3]
        lines.append([
            number, f"TV-23-{number:05d}", PEOPLE[number % 5], card(number), phone(number),
            f"{number % 27 + 1:02d}/05/2023", ("Nam", "Nữ")[number % 2], district, commune, number % 7,
            f"{50 + number},{number % 9}%", 50_000 * (1 + number % 4), ("Có", "Không")[number % 2],
            f"gia hạn qua số {phone(number)}" if number % 9 == 0 else None,
        ])  # fmt: skip
    lines += [["", "Tổng cộng"], [], [None, "Người lập biểu"], [None, SIGNED_BY]]
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("ThuVien")
        for down, line in enumerate(lines):
            for across, cell in enumerate(line):
                if cell not in (None, ""):
                    sheet.write(down, across, cell)
