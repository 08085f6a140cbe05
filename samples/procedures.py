"""The administrative procedures of the pretend province: essential ones from the reference list, invented others.

What belongs here: which procedures exist, in which of the three lists they are in force, and how they are offered.
Codes beginning 1.2 are invented for this simulation.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from samples.draws import generator
from samples.province import Province

LIST_DATES: Final = (date(2022, 1, 1), date(2023, 1, 1), date(2023, 7, 1))
_LEAST_OTHERS: Final = 150
_CHANGED_SHARE: Final = 0.03

_ACTIONS: Final = (
    "Cấp giấy phép", "Cấp lại giấy phép", "Gia hạn giấy phép", "Điều chỉnh giấy phép", "Thu hồi giấy phép",
    "Cấp giấy chứng nhận đủ điều kiện", "Cấp đổi giấy chứng nhận", "Thẩm định hồ sơ", "Phê duyệt phương án",
    "Công nhận", "Đăng ký", "Thông báo",
)  # fmt: skip
_FIELDS: Final = {
    "Đất đai": ("chuyển mục đích sử dụng đất", "tách thửa đất", "thuê đất", "xác nhận quyền sử dụng đất"),
    "Hộ tịch": ("hộ tịch có yếu tố nước ngoài", "nhận nuôi con nuôi", "giám hộ", "xác định lại dân tộc"),
    "Đường bộ": ("kinh doanh vận tải hành khách", "xe tập lái", "đấu nối vào đường tỉnh", "phương tiện quá khổ"),
    "Xây dựng": ("xây dựng nhà ở riêng lẻ", "thi công công trình ngầm", "hành nghề hoạt động xây dựng", "quy hoạch"),
    "Môi trường": ("môi trường", "xả nước thải vào nguồn nước", "khai thác nước dưới đất", "xử lý chất thải"),
    "Giáo dục": ("trường mầm non tư thục", "trung tâm ngoại ngữ", "dạy thêm học thêm", "lớp năng khiếu"),
    "Y tế": ("cơ sở khám bệnh", "kinh doanh thuốc", "an toàn thực phẩm", "hành nghề khám bệnh"),
    "Văn hóa": ("biểu diễn nghệ thuật", "quảng cáo ngoài trời", "lễ hội", "tu bổ di tích"),
    "Nông nghiệp": ("nuôi trồng thủy sản", "buôn bán thuốc thú y", "tàu cá", "kiểm dịch động vật"),
    "Công thương": ("bán lẻ rượu", "bán lẻ xăng dầu", "hoạt động điện lực", "cụm công nghiệp"),
    "Lao động": ("dịch vụ việc làm", "trợ giúp xã hội", "người có công", "lao động nước ngoài"),
    "Khoa học": ("hoạt động khoa học", "thiết bị bức xạ", "đo lường", "sở hữu trí tuệ"),
}
_FORMS: Final = (
    "", " cấp tỉnh", " cấp huyện", " cấp xã", " đối với hộ gia đình", " đối với tổ chức",
    " trong trường hợp bị mất, bị hỏng", " có thời hạn", " lần đầu",
)  # fmt: skip
_PROCESSING_DAYS: Final = np.array([1, 2, 3, 5, 7, 10, 15, 20, 30])


def make_procedures(seed: int, province: Province, size: int) -> pl.DataFrame:
    """One row per procedure in the order of their codes.

    Columns: procedure_code, procedure_name, field_name, field_code, agency (canonical code), days, eligible,
    service_no (null when not essential), is_repealed and is_new (by the third list), early_level and late_level (how the
    first two lists and the third offer it).
    At least ``_LEAST_OTHERS`` procedures are not essential, whatever the ``size``.
    """
    rng = generator(seed, "procedures")
    essential = province.services.select(
        "procedure_code", procedure_name="service_vi", service_no=pl.col("service_no").cast(pl.Int64)
    ).with_columns(field_name=pl.lit("Dịch vụ công thiết yếu"))
    others = _invent(max(size - len(essential), _LEAST_OTHERS))
    table = pl.concat([essential, others], how="diagonal")
    departments = province.agencies.filter(pl.col("level") == "province")["agency_code"]
    count = len(table)
    is_essential = table["service_no"].is_not_null().to_numpy()
    eligible = is_essential | (rng.random(count) < 0.45)
    # The third list drops some of the other procedures and brings as many new ones.
    rank = np.full(count, count)
    rank[~is_essential] = rng.permutation(len(others))
    changed = round(len(others) * _CHANGED_SHARE)
    repealed = rank < changed
    added = (rank >= changed) & (rank < 2 * changed)
    early_full = eligible & (is_essential | (rng.random(count) < 0.7))
    partial = rng.random(count) < 0.5
    fields = {name: f"G{number:02d}" for number, name in enumerate(["Dịch vụ công thiết yếu", *_FIELDS], start=1)}
    return table.with_columns(
        field_code=pl.col("field_name").replace_strict(fields),
        agency=departments.gather(rng.integers(0, len(departments), count)),
        days=pl.Series(_PROCESSING_DAYS[rng.integers(0, len(_PROCESSING_DAYS), count)]),
        eligible=pl.Series(eligible),
        is_repealed=pl.Series(repealed),
        is_new=pl.Series(added),
        early_level=pl.Series(np.where(early_full, "full", np.where(partial, "partial", "none"))),
        late_level=pl.Series(np.where(eligible, "full", np.where(partial, "partial", "none"))),
    ).sort("procedure_code")


def in_list(procedures: pl.DataFrame, list_date: date) -> pl.DataFrame:
    """The procedures of one list with their ``level`` in it."""
    if list_date < LIST_DATES[2]:
        return procedures.filter(~pl.col("is_new")).with_columns(level="early_level")
    return procedures.filter(~pl.col("is_repealed")).with_columns(level="late_level")


def _invent(size: int) -> pl.DataFrame:
    """Procedures nobody offers; names vary by action, object and form before any repeats."""
    objects = [(field, thing) for field, things in _FIELDS.items() for thing in things]
    rows = []
    for number in range(size):
        field, thing = objects[number % len(objects)]
        turn = number // len(objects)
        action = _ACTIONS[(turn + number) % len(_ACTIONS)]
        form = _FORMS[(turn // len(_ACTIONS)) % len(_FORMS)]
        rows.append((f"1.2{10_000 + number * 7:05d}", f"{action} {thing}{form}", field))
    return pl.DataFrame(rows, schema=["procedure_code", "procedure_name", "field_name"], orient="row")
