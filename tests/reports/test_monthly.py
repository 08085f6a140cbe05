"""The printable report: the paragraph the province published, and what it says when figures are otherwise."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest
from pypdf import PdfReader

from reports import monthly, published
from reports.monthly import Report
from reports.wording import Bilingual
from tests.reports.article import FIGURES, Figure, publish_figures
from warehouse.storage import open_home


def report_of(root: Path, changed: Mapping[str, Figure | None], *, period: str = "2023") -> Report:
    """The report of the article's figures, some of them changed or left out."""
    figures = {code: figure for code, figure in {**FIGURES, **changed}.items() if figure is not None}
    with published.current_release(publish_figures(root, figures, period=period)) as con:
        return monthly.make(con, period)


def text_of(pdf: bytes) -> str:
    """The text of all pages, every run of white space as one space."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_paragraph_of_2023_is_the_article_s(tmp_path: Path) -> None:
    report = report_of(tmp_path, {})
    vi, en = flat(report.paragraph.vi), flat(report.paragraph.en)
    for part in (
        "Năm 2023: đạt 10 trên 16 chỉ tiêu chuyển đổi số, 6 chưa đạt.",
        "100 % dịch vụ công đủ điều kiện được cung cấp trực tuyến toàn trình",
        "100 % cơ sở dữ liệu dùng chung được kết nối, chia sẻ toàn tỉnh",
        "cấp tỉnh xử lý 90 % hồ sơ công việc",
        "cấp huyện xử lý 80 % hồ sơ công việc",
        "cấp xã xử lý 60 % hồ sơ công việc",
        "100 % xã, phường, thị trấn có cáp quang; hơn 54 % (54,5 %) hộ gia đình có cáp quang",
        "70 % người từ 15 tuổi trở lên có tài khoản giao dịch",
        "53 dịch vụ công thiết yếu của Đề án 06 đang vận hành.",
        "tiếp nhận 491.643 hồ sơ trực tuyến",
        "tiết kiệm gần 15 tỷ đồng",
        "hơn 1,5 triệu (1.512.340) thẻ căn cước gắn chip đã được cấp, bằng 100 % số người đủ điều kiện",
        "958.367 tài khoản định danh điện tử được cấp, kích hoạt, sử dụng, bằng 120,7 % mục tiêu 794.301 do Bộ giao.",
    ):
        assert part in vi
    for part in (
        "In 2023, 10 of 16 digital-transformation targets met, 6 not met.",
        "over 54% (54.5%) of households have fibre",
        "received 491,643 online dossiers",
        "saving nearly 15 billion VND",
        "120.7% of the ministry’s target of 794,301",
    ):
        assert part in en


def test_a_target_that_is_not_met_is_never_told_as_met(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        {
            "T03": Figure(8999, 10_000, 0.9, 0.8999, "not_met"),
            "P06": Figure(700_000, None, 794_301, 0.88, "not_met"),
            "P03": Figure(51, 53, value=51),
        },
    )
    vi = flat(report.paragraph.vi)
    assert "đạt 9 trên 16 chỉ tiêu chuyển đổi số, 7 chưa đạt." in vi
    assert "cấp tỉnh xử lý 89,99 % hồ sơ công việc trên môi trường mạng (chưa đạt mục tiêu 90 %)" in vi
    assert "bằng 88 % mục tiêu 794.301 do Bộ giao (chưa đạt)." in vi
    assert "51 trên 53 dịch vụ công thiết yếu" in vi
    assert "đạt 9 trên 16" in report.title.vi
    assert any("89,99" in flat(clause.vi) for clause in report.missed)


def test_what_is_lacking_is_said_with_its_target_and_that_the_target_is_assumed(tmp_path: Path) -> None:
    missed = [flat(clause.vi) for clause in report_of(tmp_path, {}).missed]
    assert len(missed) == 6
    assert missed[0] == "Hồ sơ tiếp nhận trực tuyến: 62 %, mục tiêu 70 % (giả định), còn thiếu 8 điểm phần trăm"
    # 79.999 % must not be rounded until it equals 80 %
    assert "79,999 %, mục tiêu 80 % (giả định), còn thiếu 0,001 điểm phần trăm" in missed[3]


def test_a_figure_that_is_not_there_is_named(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, {"T02": None, "T08": Figure(None, None, 0.7, None, "insufficient_data"), "P04": None, "O01": None}
    )
    vi = flat(report.paragraph.vi)
    assert "đạt 8 trên 16 chỉ tiêu chuyển đổi số, 6 chưa đạt, 2 chưa đủ dữ liệu." in vi
    assert "tài khoản giao dịch" not in vi
    assert "tiết kiệm" not in vi
    (missing,) = [text.vi for text in report.caveats if text.vi.startswith("Kỳ này chưa có")]
    assert "Cơ sở dữ liệu dùng chung" in missing
    assert "tài khoản giao dịch" in missing
    assert "Chi phí tiết kiệm" in missing


def test_a_month_says_so_and_that_its_targets_are_the_year_s(tmp_path: Path) -> None:
    report = report_of(tmp_path, {}, period="2023-12")
    assert report.paragraph.vi.startswith("Tháng 12 năm 2023: ")
    assert "In December 2023, " in report.paragraph.en
    assert Bilingual(
        "Số liệu của kỳ được so với mục tiêu của cả năm.", "Figures of the period are compared with the year’s targets."
    ) in list(report.caveats)


def test_the_report_of_a_period_that_has_not_ended_says_so(tmp_path: Path) -> None:
    home = publish_figures(tmp_path, period="2024")
    monthly.write(home)
    assert "Kỳ báo cáo chưa kết thúc" in (home.site / "report.html").read_text(encoding="utf-8")
    publish_figures(tmp_path / "ended", as_of="2023-12-31 23:00:00+07")
    monthly.write(ended := open_home(tmp_path / "ended"))
    assert "chưa kết thúc" not in (ended.site / "report.html").read_text(encoding="utf-8")


def test_months_that_have_not_ended_are_not_written_unasked(tmp_path: Path) -> None:
    home = publish_figures(tmp_path, as_of="2023-12-15 22:00:00+07")
    with duckdb.connect(str(tmp_path / "releases" / "current" / "analyst.duckdb")) as con:
        for month in ("2023-11", "2023-12"):
            con.execute(
                "INSERT INTO mart.kpi_scorecard BY NAME (SELECT * REPLACE (? AS period) FROM mart.kpi_scorecard "
                "WHERE period = '2023')",
                [month],
            )
    names = {file.name for file in monthly.write(home)}
    assert "report-2023-11.html" in names
    assert "report-2023-12.html" not in names
    assert monthly.write_period(home, "2023-12")[0].name == "report-2023-12.html"


def test_who_answers_is_the_agency_of_that_time(tmp_path: Path) -> None:
    (answers,) = [table for table in report_of(tmp_path, {}).tables if "trách nhiệm" in table.caption.vi]
    owners = {row[0].vi[:3]: row[1].vi for row in answers.rows}
    assert owners["T10"] == "Văn phòng UBND tỉnh mới"
    # an agency the release does not know is named by its code
    assert owners["T14"] == "CATB"
    assert {cell.vi for row in answers.rows for cell in row[2:]} == {"chưa nhận báo cáo"}


def test_an_answer_for_a_missed_target_is_told_with_its_deadline_and_quarter(tmp_path: Path) -> None:
    home = publish_figures(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / "current" / "analyst.duckdb")) as con:
        con.execute(
            """
            INSERT INTO core.fact_target_response VALUES
                ('T10', '34', 'VPUB', 'H54.53@2023-07-01', 'H54.53', '2023-Q3', '2023-07-01', '2023-12-31',
                    FALSE, FALSE),
                ('T10', '34', 'VPUB', 'H54.53@2023-07-01', 'H54.53', '2023-Q4', '2023-10-01', '2024-02-20',
                    FALSE, TRUE),
                ('T11', '341', 'UB341', 'H54.53@2023-07-01', 'H54.53', '2023-Q4', '2023-10-01', '2024-03-01',
                    FALSE, FALSE)
            """
        )
    with published.current_release(home) as con:
        (answers,) = [table for table in monthly.make(con, "2023").tables if "trách nhiệm" in table.caption.vi]
    cells = {row[0].vi[:3]: [cell.vi for cell in row[1:]] for row in answers.rows}
    assert cells["T10"] == [
        "Văn phòng UBND tỉnh mới",
        "đã nêu (xem bản hạn chế)",
        "chép nguyên văn quý trước",
        "20/02/2024 (trả lời quý 4 năm 2023)",
    ]
    assert set(cells["T11"][1:]) == {"chưa nhận báo cáo"}, "what a district answered is not the province's answer"


def test_causes_and_remedies_are_told_from_the_restricted_edition_only(tmp_path: Path) -> None:
    home = publish_figures(tmp_path)
    folder = tmp_path / "releases" / "current"
    with duckdb.connect(str(folder / "analyst.duckdb")) as con:
        con.execute(
            """
            INSERT INTO core.fact_target_response VALUES
                ('T10', '34', 'VPUB', 'H54.53@2023-07-01', 'H54.53', '2023-Q4', '2023-10-01', '2024-02-20', FALSE, TRUE)
            """
        )
    shutil.copy(folder / "analyst.duckdb", folder / "restricted.duckdb")
    with duckdb.connect(str(folder / "restricted.duckdb")) as con:
        con.execute("ALTER TABLE core.fact_target_response ADD COLUMN cause TEXT DEFAULT 'Thiếu máy quét'")
        con.execute("ALTER TABLE core.fact_target_response ADD COLUMN remedy TEXT DEFAULT 'Mua máy quét'")
    told = monthly.content(home, "2023", "html", "vi", has_causes=True).decode()
    assert "Thiếu máy quét" in told
    assert "Mua máy quét (chép nguyên văn quý trước)" in told
    assert "máy quét" not in monthly.content(home, "2023", "html", "vi").decode()


def test_a_quarter_counts_the_targets_that_are_reckoned_by_quarter(tmp_path: Path) -> None:
    """The other twelve are counted by month and by year: nothing of them is missing."""
    by_quarter = {code: figure for code, figure in FIGURES.items() if code in {"T02", "T06", "T07", "T08"}}
    home = publish_figures(tmp_path, by_quarter, period="2023-Q4")
    with published.current_release(home) as con:
        report = monthly.make(con, "2023-Q4")
    assert report.title.vi == "Báo cáo quý 4 năm 2023: đạt 4 trên 4 chỉ tiêu chuyển đổi số tính theo quý"
    assert "chưa đủ dữ liệu" not in report.paragraph.vi
    assert "Hồ sơ tiếp nhận trực tuyến" in next(
        text.vi for text in report.caveats if text.vi.startswith("12 trong mười sáu chỉ tiêu không tính theo quý")
    )
    assert [table.caption.vi for table in report.tables if table.rows] == ["Mười sáu chỉ tiêu chuyển đổi số"]


@pytest.mark.parametrize("language", Bilingual._fields)
def test_the_pdf_holds_the_paragraph_with_every_accent(tmp_path: Path, language: str) -> None:
    home = publish_figures(tmp_path)
    written = monthly.write(home)
    names = {file.name for file in written}
    assert names == {"report.html", "report-2023.html", "report-2023-vi.pdf", "report-2023-en.pdf"}
    text = text_of((home.site / f"report-2023-{language}.pdf").read_bytes())
    with published.current_release(home) as con:
        report = monthly.make(con, "2023")
    # the typesetter may break a line after a hyphen
    assert flat(getattr(report.paragraph, language)).replace("- ", "-") in text.replace("- ", "-")
    simulated = {"vi": "SỐ LIỆU MÔ PHỎNG", "en": "SIMULATED FIGURES"}[language]
    assert simulated in text
    for line in report.caveats:
        assert flat(getattr(line, language)) in text


def test_the_pdf_embeds_its_fonts_and_is_the_same_for_the_same_release(tmp_path: Path) -> None:
    home = publish_figures(tmp_path)
    first = monthly.content(home, "2023", "pdf", "vi")
    assert first == monthly.content(home, "2023", "pdf", "vi")
    reader = PdfReader(io.BytesIO(first))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        (descendant,) = font["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    assert reader.trailer["/Root"]["/Lang"] == "vi"  # type: ignore[index]


def test_real_figures_are_not_called_simulated(tmp_path: Path) -> None:
    home = publish_figures(tmp_path, is_simulated=False)
    assert "mô phỏng" not in text_of(monthly.content(home, "2023", "pdf", "vi")).lower()
    assert "mô phỏng" not in monthly.content(home, "2023", "html", "vi").decode()


def test_an_unknown_period_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(monthly.NoSuchPeriodError, match="2023"):
        monthly.content(publish_figures(tmp_path), "2022", "pdf", "vi")


def test_nothing_is_reported_before_the_first_release(tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublishedError):
        monthly.write(open_home(tmp_path))
