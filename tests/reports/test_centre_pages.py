"""The pages of units and indicators: links lead somewhere, SQL runs, what is missed is said where and since when."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import urldefrag

import duckdb
import pytest

from reports import agency_pages, drill, indicator_pages, members, published, scorecard, service_pages, unit_pages
from reports import year as years
from reports.wording import Bilingual
from schemas.extracts import all_extracts
from schemas.reference import tables
from tests.reports.conftest import RELEASE_ID, build_release
from warehouse.storage import Home, open_home

OTHER_REPORTS = ("report.html", "nightly.html", "releases.html", "contracts.html", "dictionary.html", "search.html")

PAGES = (unit_pages, indicator_pages, agency_pages, service_pages)


class Read(HTMLParser):
    """Links, ids, labels for screen readers and the words of one language, as a reader of a page has them."""

    def __init__(self, html: str, language: str = "vi") -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.labels: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self._language = language
        self._spans: list[str | None] = []
        self._is_number = False
        self.feed(html)

    @property
    def text(self) -> str:
        """Everything that is shown in the language."""
        return re.sub(r"\s+", " ", "".join(self.texts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if found.get("id"):
            self.ids.add(str(found["id"]))
        self.labels += [
            (str(found[name]), found.get(f"data-{name}-en")) for name in ("aria-label", "title") if found.get(name)
        ]
        if tag == "span":
            self._spans.append(None if "always" in (found.get("class") or "") else found.get("lang"))
        if tag in ("td", "th"):
            self.texts.append(" ")
            self._is_number = tag == "td" and "number" in (found.get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._spans.pop()

    def handle_data(self, data: str) -> None:
        if not all(lang in (None, self._language) for lang in self._spans):
            return
        if self._language == "en" and self._is_number and not any(self._spans):
            # What page.js does, which its own tests look at.
            data = data.translate(str.maketrans(",.", ".,")).replace("\u00a0%", "%")
        self.texts.append(data)


@pytest.fixture(scope="module")
def site(published_home: Home) -> Mapping[str, str]:
    """The pages of the small release by their place in the site."""
    scorecard.write(published_home)
    files = [file for module in PAGES for file in module.write(published_home)]
    pages = {f"{file.parent.name}/{file.name}": file.read_text("utf-8") for file in files if file.suffix == ".html"}
    return {"index.html": (published_home.site / "index.html").read_text("utf-8"), **pages}


def shown_code(html: str, kind: str) -> Iterator[str]:
    """What is to be run: of kind `sql` or `command`; pages in folders leave out quotes that HTML does not need."""
    for text in re.findall(rf'<code class="?{kind}"?>(.*?)</code>', html, re.DOTALL):
        yield unescape(text)


def part(html: str, first: str, until: str) -> str:
    """A page from one heading up to another, each by its id."""
    begin, end = (re.search(rf'<h2 id="?{name}"?>', html) for name in (first, until))
    assert begin
    assert end
    return html[begin.start() : end.start()]


def test_every_unit_and_indicator_with_figures_has_a_page(site: Mapping[str, str]) -> None:
    indicators = {f"indicator/{code}.html" for code in tables.indicator()["kpi_code"]}
    units = {f"unit/{code}.html" for code in ("34", "336", "338", "341", "12433", "12436")}
    members = {"agency/VPUB.html", "agency/index.html", "service/09.html", "service/index.html"}
    assert set(site) == {"index.html", *indicators, *units, *members}


def test_every_link_leads_to_a_page_and_a_place_in_it(site: Mapping[str, str], published_home: Home) -> None:
    read = {name: Read(html) for name, html in site.items()}
    for name, page in read.items():
        for link in page.links:
            address, anchor = urldefrag(link)
            target = str((Path("/") / name).parent / address) if address else f"/{name}"
            target = re.sub(r"/[^/]+/\.\./", "/", target).removeprefix("/")
            if target in OTHER_REPORTS:
                continue
            if target.endswith(".csv"):
                assert (published_home.site / target).exists()
                continue
            assert target in read, f"{name} leads to {link}"
            assert not anchor or anchor in read[target].ids, f"{name} leads to {link}"


def test_every_sql_shown_on_a_page_runs(site: Mapping[str, str], published_home: Home) -> None:
    shown = {sql for html in site.values() for sql in shown_code(html, "sql")}
    assert len(shown) > 100
    with published.current_release(published_home) as con:
        for sql in shown:
            con.execute(sql).fetchone()


def test_a_csv_file_holds_what_the_sql_beside_it_gives(site: Mapping[str, str], published_home: Home) -> None:
    for name in ("unit/336", "indicator/T10", "agency/VPUB", "service/09"):
        sql = next(shown_code(site[f"{name}.html"], "sql"))
        with published.current_release(published_home) as con:
            expected = [["" if value is None else str(value) for value in row] for row in con.execute(sql).fetchall()]
        text = (published_home.site / f"{name}.csv").read_text("utf-8-sig")
        header, *rows = list(csv.reader(text.splitlines()))
        assert header == re.findall(r"figure\.(\w+),?$", sql.partition("FROM")[0], re.MULTILINE)
        assert sorted(rows) == sorted(expected)


def test_commands_give_the_query_to_the_shell_as_one_word(site: Mapping[str, str], published_home: Home) -> None:
    commands = [
        command
        for name, html in site.items()
        # Nothing of the small release was resolved on its due day.
        if name != "indicator/O05.html"
        for command in shown_code(html, "command")
        if command.startswith("warehouse sql ")
    ]
    on_pages = [shlex.split(command) for command in commands if "--edition" not in command]
    assert len(on_pages) == len(tables.indicator()) + len(drill.EVIDENCE_OF) - 2
    with published.current_release(published_home) as con:
        for program, verb, sql in on_pages:
            assert (program, verb) == ("warehouse", "sql")
            assert con.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "vi",
            (
                *("69,996 %", "còn thiếu 0,004 điểm %", "từ tháng 10 năm 2023 (3 tháng liền)"),
                *("1/2 huyện, thành phố chưa đạt", "1/2 xã, phường, thị trấn chưa đạt"),
                *(
                    "Thành phố Thái Bình",
                    "Phường Lê Hồng Phong (50,0 %: 2 / 4)",
                    "20/02/2024",
                    "giải pháp chép nguyên văn quý trước",
                ),
            ),
        ),
        (
            "en",
            (
                *("69.996%", "short by 0.004 percentage points", "since October 2023 (3 months running)"),
                *("missed in 1 of 2 districts", "missed in 1 of 2 communes"),
                *(
                    "Thai Binh City",
                    "Le Hong Phong Ward (50.0%: 2 / 4)",
                    "2024-02-20",
                    "remedy copied from the quarter before",
                ),
            ),
        ),
    ],
)
def test_the_overview_says_what_is_missed_by_how_much_where_since_when_and_who_answers(
    site: Mapping[str, str], language: str, words: tuple[str, ...]
) -> None:
    html = site["index.html"]
    section = part(html, "missed", "targets")
    shown = Read(section, language).text
    for text in words:
        assert text in shown
    other = Read(section, "en" if language == "vi" else "vi").text
    assert words[1] not in other


def test_a_year_that_misses_what_its_months_met_says_so_and_what_has_no_months_too(site: Mapping[str, str]) -> None:
    assert "mọi tháng có số liệu đều đạt, cả năm chưa đạt" in Read(site["unit/12433.html"]).text
    assert "chỉ xét theo năm" in Read(site["unit/336.html"]).text


def test_what_is_met_of_project_06_is_not_counted_among_the_sixteen(tmp_path: Path) -> None:
    home = build_release(tmp_path)
    with duckdb.connect(str(home.releases / RELEASE_ID / "analyst.duckdb")) as con:
        con.execute("UPDATE mart.kpi_scorecard SET target = 1, status = 'met' WHERE kpi_code = 'P06'")
    unit_pages.write(home)
    html = (home.site / "unit/34.html").read_text("utf-8")
    met = "đạt 14 trên 15 chỉ tiêu chuyển đổi số có số liệu năm 2023"
    assert f"Tỉnh Thái Bình: {met}" in Read(html).text
    assert "14 of 15 digital-transformation targets with figures met in 2023" in Read(html, "en").text


def test_a_unit_page_leads_up_down_and_to_its_neighbours_in_rank(site: Mapping[str, str]) -> None:
    district = Read(site["unit/336.html"]).links
    assert {"../unit/34.html", "../unit/12433.html", "338.html", "../indicator/T10.html"} <= set(district)
    commune = Read(site["unit/12433.html"]).links
    assert {"../unit/34.html", "../unit/336.html", "12436.html"} <= set(commune)
    assert "2/2" in Read(site["unit/336.html"]).text


def test_a_unit_page_says_whether_its_balance_holds_or_what_is_missing(site: Mapping[str, str]) -> None:
    district = site["unit/336.html"]
    balance = Read(part(district, "balance", "below"))
    # carried over 1 + received 4 = resolved 2 + withdrawn 1 + in process 2; of November only one amount is known
    assert "năm 2023 1 4 2 1 2 ✓ khớp" in balance.text
    assert "thiếu số liệu" in balance.text
    assert "✗ lệch -1234" in Read(site["unit/34.html"]).text


def test_a_unit_that_is_not_the_sum_of_those_below_it_says_by_how_much(site: Mapping[str, str]) -> None:
    district = site["unit/336.html"]
    sums = Read(part(district, "sums", "below")).text
    assert "✗ lệch 1" in sums


def test_figures_lead_to_dossiers_with_file_row_and_trace(site: Mapping[str, str]) -> None:
    for name in ("unit/12433.html", "unit/336.html", "indicator/T10.html"):
        shown = Read(site[name]).text
        assert "warehouse trace core.fact_dossier A-1" in shown
        assert "hoso_20230517.json" in shown
    assert "d1" in Read(site["indicator/T10.html"]).text


def test_pages_of_units_that_are_no_more_are_removed(tmp_path: Path) -> None:
    home = build_release(tmp_path)
    stale = [home.site / "unit" / "99999.html", home.site / "indicator" / "T99.csv"]
    for file in stale:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("old", encoding="utf-8")
    unit_pages.write(home)
    indicator_pages.write(home)
    assert not any(file.exists() for file in stale)
    assert (home.site / "unit" / "336.html").exists()


def test_rows_stand_right_under_the_place_that_links_lead_to_and_sql_is_folded(site: Mapping[str, str]) -> None:
    _, _, explained = site["indicator/T11.html"].partition("id=explain")
    before, _, after = explained.partition("<table")
    assert "<pre" not in before
    assert "<dl" not in before
    assert "1 not in the numerator" in Read(before, "en").text
    table = Read(after.partition("</table>")[0], "en").text
    assert "hoso_20230517.json, record 3" in table
    # What only other indicators count is left out, so that the rest has room.
    assert "digitised" not in table
    assert "<pre" not in re.sub(r"<details>.*?</details>", "", explained, flags=re.DOTALL)


def test_figures_stand_in_the_order_of_the_overview(site: Mapping[str, str]) -> None:
    overview = re.findall(r'<tr id="(\w+)">\n<td>', site["index.html"])
    of_province = re.findall(r"<tr id=(\w+)", part(site["unit/34.html"], "figures", "months"))
    assert [code for code in of_province if code[0] != "T"] == [code for code in overview if code[0] != "T"]
    assert sorted(of_province) == sorted(overview)


def test_months_of_money_are_in_millions(published_home: Home) -> None:
    with published.current_release(published_home) as con:
        year = years.read(con)
    assert year.province
    row = year.figures[year.province.key]["P04"]
    month = {"period": "2023-11", "value": 98_765_432.0, "target": None, "status": "not_applicable"}
    (trend,) = members.Held({"34": {"P04": row}}, {("34", "P04"): [month]}).trends("34", ["2023-11", "2023-12"])
    assert trend.title == Bilingual("Chi phí tiết kiệm, triệu đồng", "Saving, million VND")
    assert [each and each.value for each in trend.months] == [Bilingual("98,8", "98.8"), None]


@pytest.mark.parametrize(
    ("is_disagreeing", "title"),
    [
        (False, "1 essential service in 2023: every typed rate agrees with the recomputed one"),
        (True, "1 essential service in 2023: 1 with a typed rate that differs from the recomputed one"),
    ],
)
def test_the_list_of_services_says_whether_typed_rates_agree(tmp_path: Path, is_disagreeing: bool, title: str) -> None:
    home = build_release(tmp_path)
    with duckdb.connect(str(home.releases / RELEASE_ID / "analyst.duckdb")) as con:
        con.execute("UPDATE mart.essential_service SET is_disagreeing = ?", [is_disagreeing])
    service_pages.write(home)
    assert title in (home.site / "service" / "index.html").read_text(encoding="utf-8")


def test_labels_for_screen_readers_are_in_one_language_with_the_other_beside(site: Mapping[str, str]) -> None:
    for html in site.values():
        labels = Read(html).labels
        assert ("Đường dẫn", "Breadcrumb") in labels or ("Chỉ tiêu chưa đạt", "Targets not met") in labels
        for vi, en in labels:
            assert en != vi
            assert en or vi.isascii()
            assert not en or not vi.endswith(en)


def test_a_name_without_english_is_shown_in_vietnamese_and_says_so(site: Mapping[str, str]) -> None:
    english = Read(site["service/09.html"], "en").text
    assert "official name in Vietnamese" in english
    assert "1.001193 Đăng ký khai sinh" in english
    assert re.search(
        r'<span (?=[^>]*lang="?vi)(?=[^>]*class="?always)[^>]*>Đăng ký khai sinh</span>', site["service/09.html"]
    )


@pytest.mark.parametrize("name", ["agency/index.html", "service/index.html", "unit/34.html"])
def test_columns_named_by_a_code_are_told_in_words_in_both_languages(site: Mapping[str, str], name: str) -> None:
    page = site[name]
    codes = re.findall(r"(<abbr [^>]*>)(\w+)</abbr>", page)
    assert codes
    for tag, code in codes:
        ((vi, en),) = Read(tag).labels
        assert f"{code}{vi}" in Read(page, "vi").text
        assert f"{code}{en}" in Read(page, "en").text
        assert f"../indicator/{code}.html" in Read(page).links


def test_months_stand_beside_the_name_of_their_indicator(site: Mapping[str, str]) -> None:
    months = part(site["unit/336.html"], "months", "balance")
    assert "O01 Dossiers received" in Read(months, "en").text


def test_a_unit_page_weighs_little_for_each_figure_it_shows(site: Mapping[str, str]) -> None:
    assert len(site["unit/12436.html"]) < 12_000
    assert len(site["unit/34.html"]) / len(tables.indicator()) < 2_500


def test_an_agency_page_says_what_it_is_in_charge_of_what_it_answered_and_owes(site: Mapping[str, str]) -> None:
    shown = Read(site["agency/VPUB.html"]).text
    assert "Văn phòng Ủy ban nhân dân tỉnh: đạt 0 trên 2 chỉ tiêu chuyển đổi số có số liệu năm 2023" in shown
    section = part(site["agency/VPUB.html"], "in-charge", "responses")
    owned = [row["kpi_code"] for row in tables.indicator().iter_rows(named=True) if row["owner_short_code"] == "VPUB"]
    assert {f"../indicator/{code}.html" for code in owned} <= set(Read(section).links)
    assert "20/02/2024" in shown
    assert "năm 2023 1 4 2 1 2 ✓ khớp" in shown
    english = Read(site["agency/VPUB.html"], "en").text
    assert "Thai Binh Province" in english
    assert "Tỉnh Thái Bình" not in english
    assert f"{all_extracts()['one_stop_dossier'].en} one_stop_dossier accepted 1" in english


def test_a_service_page_shows_the_typed_rate_beside_the_recomputed_one(site: Mapping[str, str]) -> None:
    vietnamese, english = (Read(site["service/09.html"], language).text for language in ("vi", "en"))
    assert "năm 2023 60,0 % 50,0 % 50,0 % 4 4 ✗ lệch quá 0,5 điểm % (1 dòng) 61.020 đồng" in vietnamese
    assert "✓ agrees" in english
    assert "1.001193" in english
    assert (
        "1 dịch vụ công thiết yếu năm 2023: 1 có tỷ lệ ghi tay lệch tỷ lệ tính lại"
        in Read(site["service/index.html"]).text
    )


def test_a_figure_says_how_complete_and_how_certain_it_is(site: Mapping[str, str]) -> None:
    shown = Read(site["indicator/T10.html"]).text
    assert "mới nhận 50,0 % số tệp phải gửi" in shown
    assert "từ 63,0 % đến 69,996 % nếu tính cả các dòng bị tách ra" in shown


@pytest.mark.parametrize("module", PAGES)
def test_pages_are_refused_before_the_first_release(module: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(published.NothingPublishedError):
        module.write(open_home(tmp_path))


def test_an_indicator_is_shown_on_the_map_of_another_day_or_said_not_to_be_derivable(site: Mapping[str, str]) -> None:
    page = Read(site["indicator/T10.html"]).text
    assert "31/12/2023 (2 xã, phường, thị trấn)" in page
    assert "01/07/2025 (2 xã, phường, thị trấn)" in page
    # 2 of 4 and 3 of 4 dossiers of the two wards that became one; nothing became the other.
    assert "Phường Trần Hưng Đạo: 62,5 %" in page
    assert "Phường Trần Lãm: không suy ra được" in page
    assert "Tran Lam Ward: not derivable" in Read(site["indicator/T10.html"], "en").text
    # Of the one ward that has O01 its successor would be a part only.
    assert "01/07/2025 (2 xã, phường, thị trấn): không suy ra được" in Read(site["indicator/O01.html"]).text


def test_every_value_published_stands_with_its_release_and_what_was_restated_with_its_files(
    site: Mapping[str, str], published_home: Home
) -> None:
    html = part(site["indicator/T10.html"], "published", "explain")
    vietnamese, english = (Read(html, language) for language in ("vi", "en"))
    assert "Tỉnh Thái Bình 2023 70,0 % 69,996 % Đạt Chưa đạt hoso_20230517.json" in vietnamese.text
    assert "Thai Binh City 2023 75.0% 50.0% Met Not met no file: rules, lists or SQL changed" in english.text
    assert "2023 70,0 % 70 100 Đạt 05/01/2024 03:00 earlier00 20240125-0a1b2c3d" in vietnamese.text
    assert "../releases.html#earlier00" in vietnamese.links
    assert "Chưa con số nào của kỳ đã hết bị đổi" in Read(site["indicator/T07.html"]).text
    for name, sql in zip(("T10-restated", "T10-published"), shown_code(html, "sql"), strict=True):
        rows = list(csv.reader((published_home.site / f"indicator/{name}.csv").read_text("utf-8-sig").splitlines()))
        with published.current_release(published_home) as con:
            assert len(rows) == 1 + len(con.execute(sql).fetchall())


def test_what_was_resolved_in_time_is_drawn_for_each_month(site: Mapping[str, str]) -> None:
    for name in ("unit/336", "agency/VPUB", "service/09"):
        html = part(site[f"{name}.html"], "resolved", "balance")
        assert "Hồ sơ đã giải quyết từng tháng năm 2023" in Read(html).text
        assert "Quá hạn: 25,0 % tổng số" in Read(html).text
        assert "T11 2 1 1" in Read(html).text
    assert "resolved" not in Read(site["unit/12433.html"]).ids


def test_every_set_of_indicators_can_be_reached_from_the_overview(site: Mapping[str, str]) -> None:
    assert {f"indicator/{code}.html" for code in tables.indicator()["kpi_code"]} <= set(Read(site["index.html"]).links)


def test_the_legal_ground_of_an_indicator_is_named_in_the_language_shown(site: Mapping[str, str]) -> None:
    assert "Nghị định 61/2018/NĐ-CP; Nghị định 107/2021/NĐ-CP" in Read(site["indicator/O01.html"]).text
    assert "Decree 61/2018/NĐ-CP; Decree 107/2021/NĐ-CP" in Read(site["indicator/O01.html"], "en").text
