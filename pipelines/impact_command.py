"""`warehouse impact`: what a delivery reaches, on the terminal. Finding it out is the warehouse's."""

from __future__ import annotations

from pipelines.console import complain, say, show_rows
from warehouse.impact import UNJUDGED, Impact, NoSuchDeliveryError, impact
from warehouse.storage import open_home

_STATUS = {
    "accepted": "đang được tính / counts",
    "superseded": "đã có tệp mới hơn thay / superseded by a later file",
    "duplicate": "gửi lại y nguyên / sent again unchanged",
    "refused": "bị từ chối / refused",
    "withdrawn": "đơn vị đã rút / withdrawn",
    "waiting": "đính chính, chờ tệp chính / corrections of nothing yet",
    UNJUDGED: "chưa kiểm tra / not judged yet",
}


def impact_command(path: str | None, delivery_id: str) -> int:
    """Print what a delivery reaches; 0, or 1 when it is not recorded."""
    try:
        found = impact(open_home(path), delivery_id)
    except NoSuchDeliveryError:
        complain(f"Không có lần gửi nào mang mã / no sending of the delivery: {delivery_id}")
        complain("Mã ở cột / it stands in the column: quality.delivery.delivery_id")
        return 1
    show_impact(found)
    return 0


def show_impact(found: Impact) -> None:
    """Print what a delivery reaches."""
    sending = found.sending
    say(f"{sending.extract} · {sending.supplier_code} · {sending.period} · {sending.file_name}")
    say(f"{_STATUS[found.status]}; {found.rows} dòng được nhận / rows accepted")
    if found.replaced:
        what = (
            "Đính chính tệp / corrects" if found.is_corrections else "Tệp khác cùng kỳ / another file of the same slot"
        )
        say(f"{what}: {found.replaced}")
    if found.withdraws:
        say(f"Rút lại / withdraws: {', '.join(found.withdraws)}")
    if not found.is_counting:
        say("Không con số nào đổi vì tệp này / No figure moves because of it")
        return
    say(f"Các kỳ có thể đổi / periods that may move: {found.first_on:%d/%m/%Y} – {found.last_on:%d/%m/%Y} …")
    say("  và các kỳ sau, ở số dồn và hồ sơ còn tồn / and later ones, where figures carry over")
    show_rows(["Bảng / tables"], [(table,) for table in found.tables], "table")
    say(
        "Ngoài ra các bảng quality.*, meta.* kể về chính tệp này / and tables of quality.*, meta.* that tell of the file itself"
    )
    if not found.figures:
        say("Chưa chỉ tiêu nào tính từ biểu này / No indicator is counted from it yet")
        return
    show_rows(
        ["Chỉ tiêu / indicator", "Tên", "Title"],
        [(each.kpi_code, each.title_vi, each.title_en) for each in found.figures],
        "table",
    )
