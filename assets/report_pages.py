"""What people look at, as assets downstream of the tables it is drawn from."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import dagster as dg
from upath import UPath

from assets.release_tables import published_models, table_key
from reports import (
    agency_pages,
    contracts,
    dictionary,
    indicator_pages,
    monthly,
    nightly,
    release_notes,
    returns,
    scorecard,
    search,
    service_pages,
    unit_pages,
)
from warehouse.locking import writing_pages
from warehouse.publishing import current_id
from warehouse.storage import Home, put_bytes

_REPORTS = "reports"


@dataclass(frozen=True)
class Report:
    """A report: how it is written, what it is, and the schemas it is drawn from."""

    write: Callable[[Home], list[UPath]]
    description: str
    schemas: tuple[str, ...]


# The scorecard comes after the pages it leads to.
REPORTS: Mapping[str, Report] = {
    "units": Report(
        unit_pages.write,
        "Trang của tỉnh, từng huyện, từng xã — a page for the province, each district and each commune.",
        ("core", "mart", "quality", "meta"),
    ),
    "indicators": Report(
        indicator_pages.write,
        "Trang của từng chỉ tiêu: xếp hạng, theo tháng, từ con số đến dòng — a page for each indicator.",
        ("core", "mart", "quality", "meta"),
    ),
    "agencies": Report(
        agency_pages.write,
        "Trang của từng cơ quan: con số, chỉ tiêu chủ trì, tệp phải gửi — a page for each agency.",
        ("core", "mart", "quality"),
    ),
    "services": Report(
        service_pages.write,
        "Trang của 53 dịch vụ công thiết yếu: tỷ lệ ghi tay bên cạnh tỷ lệ tính lại — a page for each essential service.",
        ("core", "mart"),
    ),
    "scorecard": Report(
        scorecard.write,
        "Trang Trung tâm điều hành thông minh — the page of the Smart Operations Centre.",
        ("core", "mart", "quality"),
    ),
    "search": Report(
        search.write,
        "Mục lục và ô tìm của mọi trang — the index, and the search box of every page.",
        ("core", "mart"),
    ),
    "monthly": Report(
        monthly.write,
        "Báo cáo tháng, năm để in — the printable report of each month and year.",
        ("core", "mart", "quality"),
    ),
    "nightly": Report(
        nightly.write,
        "Tình hình gửi tệp: đúng hạn, thiếu, bị từ chối, lỗi theo quy tắc — deliveries and findings by rule.",
        ("quality",),
    ),
    "release_notes": Report(
        release_notes.write,
        "Các bản phát hành: con số nào đổi, vì tệp nào — which figures moved, and by which deliveries.",
        ("mart", "quality", "meta"),
    ),
    "returns": Report(
        returns.write,
        "Bản trả lời cho từng đơn vị: dòng nào chưa đạt, vì sao — what each supplier must mend, and why.",
        ("quality",),
    ),
    "contracts": Report(
        contracts.write,
        "Biểu mẫu Excel, các cột, quy tắc và hợp đồng dữ liệu của từng biểu — templates and contracts of the extracts.",
        ("meta",),
    ),
    "dictionary": Report(dictionary.write, "Từ điển dữ liệu — the data dictionary.", ("meta",)),
}


def report_key(name: str) -> dg.AssetKey:
    """The asset of a report."""
    return dg.AssetKey([_REPORTS, name])


def report_assets() -> list[dg.AssetsDefinition]:
    """One asset for each report."""
    return [_report_asset(name, report) for name, report in REPORTS.items()]


def _report_asset(name: str, report: Report) -> dg.AssetsDefinition:
    @dg.asset(
        key=report_key(name),
        group_name=_REPORTS,
        description=report.description,
        deps=[table_key(table) for table in published_models() if table.split(".")[0] in report.schemas],
        kinds={"html"},
    )
    def write(home: dg.ResourceParam[Home]) -> dg.MaterializeResult[None]:
        with writing_pages(home):
            return dg.MaterializeResult(metadata=_metadata(report.write(home)))

    return write


def write_reports(home: Home) -> dict[str, list[UPath]]:
    """Write every report of the current release; the files written, by report."""
    with writing_pages(home):
        release_id = current_id(home)
        _whose(home).unlink(missing_ok=True)
        # Two at a time: typesetting the PDFs leaves the interpreter to the others.
        with ThreadPoolExecutor(max_workers=2) as pool:
            writing = {name: pool.submit(report.write, home) for name, report in REPORTS.items()}
            written = {name: each.result() for name, each in writing.items()}
        put_bytes(_whose(home), f"{release_id}\n".encode())
    return written


def are_of(home: Home, release_id: str) -> bool:
    """Whether all reports are those of a release; not when whoever wrote them last did not come to the end."""
    whose = _whose(home)
    return whose.exists() and whose.read_text(encoding="utf-8").strip() == release_id


def _whose(home: Home) -> UPath:
    """Names the release whose reports were written last, from when they are complete."""
    return home.cache / "reports_of.txt"


def report_events(written: Mapping[str, list[UPath]]) -> Iterator[dg.AssetMaterialization]:
    """The events of reports that were written."""
    for name, files in written.items():
        yield dg.AssetMaterialization(asset_key=report_key(name), metadata=_metadata(files))


def _metadata(files: list[UPath]) -> dict[str, int]:
    return {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}
