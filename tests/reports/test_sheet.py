"""A table of a page: what is shown of a long one, and what its CSV file holds."""

from __future__ import annotations

from reports import sheet
from reports.sheet import Sheet
from reports.wording import Bilingual

COLUMNS = [sheet.period("period", "Kỳ", "Period"), sheet.number("rows_read", "Dòng đọc", "Rows read")]
ROWS = [{"period": f"2023-W{week:02}", "rows_read": week} for week in range(1, 6)]
CAPTION = Bilingual("Các kỳ", "Periods")


def test_a_page_shows_the_first_rows_of_a_long_table_and_says_so_and_the_file_has_all() -> None:
    long = Sheet("weeks", CAPTION, COLUMNS, ROWS, "SELECT 1").shortened(2)
    assert [row[0].shown.vi for row in long.cells] == ["2023-W01", "2023-W02"]
    assert long.caption == Bilingual(
        "Các kỳ; 2 dòng đầu trong 5, đủ trong tệp CSV",
        "Periods; the first 2 of 5 rows, all of them in the CSV file",
    )
    _, content = long.csv_file
    assert content.decode("utf-8-sig").count("2023-W") == len(ROWS)


def test_a_table_that_fits_is_shown_as_it_is() -> None:
    short = Sheet("weeks", CAPTION, COLUMNS, ROWS, "SELECT 1")
    assert short.shortened(5) is short


def test_periods_and_days_are_not_broken_at_the_end_of_a_line() -> None:
    (first, *_) = Sheet("weeks", CAPTION, COLUMNS, ROWS, "SELECT 1").cells
    assert [cell.is_whole for cell in first] == [True, False]


def test_an_empty_table_has_each_of_its_headings_once() -> None:
    column = sheet.Column(("column_name", "extract"), Bilingual("Cột", "Column"), Bilingual)
    empty = Sheet("none", CAPTION, [sheet.text("extract", "Bộ", "Extract"), column], [], "SELECT 1")
    assert empty.csv_file[1].decode("utf-8-sig") == "extract,column_name\r\n"
