"""`warehouse withdraw`: what is said of taking a delivery back; the work is done by `warehouse.withdrawing`."""

from __future__ import annotations

from pipelines.console import complain, say
from pipelines.impact_command import show_impact
from warehouse.decisions import NamelessDecisionError
from warehouse.impact import NoSuchDeliveryError, impact
from warehouse.storage import open_home
from warehouse.withdrawing import withdraw


def withdraw_command(path: str | None, delivery_id: str, by: str, reason: str, document_no: str | None) -> int:
    """Land a withdrawal and say what it reaches: 0, 1 when nothing of that id was sent, 2 without name or reason."""
    home = open_home(path)
    try:
        file = withdraw(home, delivery_id, by=by, reason=reason, document_no=document_no)
    except NoSuchDeliveryError:
        complain(f"Không có tệp nào mang mã / nothing was sent with the id: {delivery_id}")
        complain("Mã ở cột / it stands in the column: quality.delivery.delivery_id")
        return 1
    except NamelessDecisionError:
        complain("Cần tên người quyết định và lý do / A name and a reason are needed: --by … --reason …")
        return 2
    show_impact(impact(home, delivery_id))
    say(f"Đã ghi việc rút / the withdrawal has landed: {file}")
    say("Có hiệu lực từ lần chạy tới / it counts from the next run on: warehouse run")
    return 0
