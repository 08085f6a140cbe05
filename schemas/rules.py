"""Rules: what can be wrong with a file, a row or a value, how grave it is, and how we say so in both languages.

The wording of findings lives here and nowhere else. Deciding whether a rule is broken belongs to `parsing` and `pandera_model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What happens when the rule is broken."""

    REFUSE = "refuse"
    """The whole file is refused."""
    QUARANTINE = "quarantine"
    """The row is set apart with its reason."""
    BLANK = "blank"
    """The value is emptied, the row is kept."""
    WARN = "warn"
    """Nothing is changed; the supplier is told."""


class Stage(StrEnum):
    """When the rule is decided: at the gate from the file alone, or in the release from everything that has arrived."""

    GATE = "gate"
    RELEASE = "release"


@dataclass(frozen=True)
class Wording:
    """A sentence in both languages; may name `{column}`, `{found}` and `{expected}`."""

    vi: str
    en: str


@dataclass(frozen=True)
class Rule:
    """One rule of one contract, as it is stored in the ledger and shown to people."""

    code: str
    column: str | None
    stage: Stage
    severity: Severity
    message: Wording
    expected: Wording


FILE_RULES: Mapping[str, tuple[Severity, Wording, Wording]] = {
    "file.unreadable": (
        Severity.REFUSE,
        Wording("Không đọc được tệp: {found}.", "The file cannot be read: {found}."),
        Wording("tệp nguyên vẹn, đúng định dạng", "a whole file in the agreed format"),
    ),
    "file.locked": (
        Severity.REFUSE,
        Wording("Tệp được bảo vệ bằng mật khẩu: {found}.", "The file is protected by a password: {found}."),
        Wording("tệp đã bỏ mật khẩu", "a file without a password"),
    ),
    "file.unsafe": (
        Severity.REFUSE,
        Wording("Tệp không an toàn khi mở: {found}.", "The file is not safe to open: {found}."),
        Wording("tệp có kích thước và cấu trúc bình thường", "a file of ordinary size and structure"),
    ),
    "file.header_not_found": (
        Severity.REFUSE,
        Wording("Không tìm thấy dòng tiêu đề của biểu: {found}.", "No header row of this form was found: {found}."),
        Wording("các tiêu đề cột theo mẫu", "the column titles of the template"),
    ),
    "file.ambiguous_records": (
        Severity.REFUSE,
        Wording(
            "Tệp có nhiều danh sách cùng biểu, không tự chọn: {found}.",
            "The file holds several lists of this form; none was chosen for you: {found}.",
        ),
        Wording("một danh sách trong một tệp", "one list in one file"),
    ),
    "file.missing_column": (
        Severity.REFUSE,
        Wording("Thiếu cột bắt buộc: {found}.", "A required column is missing: {found}."),
        Wording("đủ các cột bắt buộc của biểu", "every required column of the form"),
    ),
    "file.empty": (
        Severity.REFUSE,
        Wording("Tệp không có dòng số liệu nào.", "The file holds no data row."),
        Wording("ít nhất một dòng số liệu", "at least one data row"),
    ),
    "file.extra_column": (
        Severity.WARN,
        Wording("Cột lạ được cất riêng, chưa dùng: {found}.", "An unknown column was parked, unused: {found}."),
        Wording("chỉ các cột theo mẫu", "only the columns of the template"),
    ),
    "file.structural": (
        Severity.QUARANTINE,
        Wording("Dòng hỏng cấu trúc: {found}.", "The line is structurally broken: {found}."),
        Wording("đủ số ô, dấu nháy đóng đúng", "the right number of cells, quotes closed"),
    ),
    "file.cell_error": (
        Severity.QUARANTINE,
        Wording(
            "Ô báo lỗi, hoặc có công thức (=) mà tệp không lưu kết quả: {found}.",
            "A cell of error, or with a formula (=) whose result the file does not hold: {found}.",
        ),
        Wording("giá trị, không phải mã lỗi", "a value, not the code of an error"),
    ),
}
"""Rules every contract has: they look at the file, not at a column."""

REASONS: Mapping[str, Wording] = {
    "too many columns": Wording("thừa ô", "too many columns"),
    "missing column": Wording("thiếu ô", "missing column"),
    "broken quote": Wording("dấu nháy không đóng đúng", "broken quote"),
    "line too long": Wording("dòng quá dài", "line too long"),
    "invalid encoding": Wording("chữ sai bảng mã", "invalid encoding"),
    "NUL byte": Wording("có ký tự rỗng (NUL)", "NUL byte"),
    "another table": Wording("thuộc một bảng khác trong tệp", "belongs to another table in the file"),
}
"""What can be wrong with a line of text, by the reason that readers give."""

WORDING: Mapping[str, Wording] = {
    "required": Wording("{column}: bỏ trống; cần {expected}.", "{column}: empty; {expected} is needed."),
    "unreadable": Wording(
        "{column}: không đọc được “{found}”; cần {expected}.",
        "{column}: “{found}” cannot be read; {expected} is needed.",
    ),
    "not_in_list": Wording(
        "{column}: “{found}” không có trong danh mục; cần {expected}.",
        "{column}: “{found}” is not in the code list; {expected} is needed.",
    ),
    "out_of_range": Wording(
        "{column}: “{found}” ngoài khoảng cho phép; cần {expected}.",
        "{column}: “{found}” is out of range; {expected} is needed.",
    ),
    "implausible": Wording(
        "{column}: “{found}” không thể đúng; cần {expected}.",
        "{column}: “{found}” cannot be right; {expected} is needed.",
    ),
    "digits14": Wording(
        "{column}: “{found}” viết liền 14 chữ số; đã đọc được, nên ghi {expected}.",
        "{column}: “{found}” is written as 14 digits; it was read, please write {expected}.",
    ),
    "suffix": Wording(
        "{column}: “{found}” có phần đuôi; đã lấy phần mã quốc gia, nên ghi {expected}.",
        "{column}: “{found}” carries a suffix; the national part was taken, please write {expected}.",
    ),
    "leading_zero": Wording(
        "{column}: {found}, có thể đã mất số 0 ở đầu; cần {expected}.",
        "{column}: {found}, a leading zero may be lost; {expected} is needed.",
    ),
    "old_card": Wording(
        "{column}: {found}, là số chứng minh nhân dân cũ; cần {expected}.",
        "{column}: {found}, the number of an old identity card; {expected} is needed.",
    ),
    "no_such_place": Wording(
        "{column}: {found}, ba chữ số đầu không phải mã tỉnh nào; cần {expected}.",
        "{column}: {found}, the first three digits are no province's; {expected} is needed.",
    ),
    "no_such_century": Wording(
        "{column}: {found}, chữ số thứ tư không thể có với người đã sinh; cần {expected}.",
        "{column}: {found}, nobody born yet has this fourth digit; {expected} is needed.",
    ),
    "old_prefix": Wording(
        "{column}: {found}, số di động 11 chữ số trước năm 2018; đã đổi sang đầu số mới, nên ghi {expected}.",
        "{column}: {found}, a mobile number of before 2018; the new prefix was put, please write {expected}.",
    ),
    "ambiguous": Wording(
        "{column}: “{found}” hiểu được nhiều cách; cần {expected}.",
        "{column}: “{found}” can be read in more than one way; {expected} is needed.",
    ),
    "scientific": Wording(
        "{column}: {found}, bảng tính chỉ giữ các chữ số đầu của số này, các chữ số cuối đã mất; cần {expected}, gõ trong "
        "ô kiểu văn bản.",
        "{column}: {found}, of which a spreadsheet kept the first digits and lost the last; {expected} is needed, typed in "
        "a cell of text.",
    ),
    "check_digit": Wording(
        "{column}: {found}, chữ số kiểm tra không khớp; cần {expected}.",
        "{column}: {found}, the check digit is wrong; {expected} is needed.",
    ),
    "placeholder": Wording(
        "{column}: “{found}” là ngày 01/01, có thể chỉ biết năm; đã ghi nhận, nếu đúng vậy nên ghi năm.",
        "{column}: “{found}” is 1 January, perhaps only the year is known; it was read, if so please write the year.",
    ),
    "two_digit_year": Wording(
        "{column}: “{found}” ghi năm hai chữ số; đã đọc được, nên ghi {expected}.",
        "{column}: “{found}” gives the year in two digits; it was read, please write {expected}.",
    ),
    "unknown": Wording(
        "{column}: không có “{found}” tại ngày phát sinh; cần {expected}.",
        "{column}: there is no “{found}” on that date; {expected} is needed.",
    ),
    "not_in_force": Wording(
        "{column}: “{found}” không còn (hoặc chưa) hiệu lực tại ngày tiếp nhận; cần {expected}.",
        "{column}: “{found}” was not in force on the day of receipt; {expected} is needed.",
    ),
    "row.paid_after_death": Wording(
        "Chi trả kỳ {found} cho người đã có khai tử, hoặc được báo đã chết, từ trước kỳ đó.",
        "Paid for {found} to somebody whose death was registered, or reported by the police, as before then.",
    ),
    "row.denominators_differ": Wording(
        "Mẫu số {found} khác mẫu số của các chỉ tiêu khác cùng đơn vị.",
        "The denominator {found} differs from that of the unit's other measures.",
    ),
    "row.withdraws_nothing": Wording(
        "Không có tệp nào mang mã {found} được gửi trước lúc rút; chưa rút gì.",
        "Nothing with the id {found} was sent before the withdrawal; nothing is withdrawn yet.",
    ),
    "row.withdraws_anothers": Wording(
        "Tệp {found} là của đơn vị khác; chỉ đơn vị đã gửi, hoặc Văn phòng UBND tỉnh, được rút.",
        "{found} is another supplier's; only who sent it, or the provincial office, can withdraw it.",
    ),
    "row.duplicate_row": Wording(
        "Dòng lặp lại y hệt một dòng trước trong cùng tệp.", "The row repeats an earlier row of the file exactly."
    ),
    "row.duplicate_key": Wording(
        "Nhiều dòng cùng khoá ({expected}) nhưng nội dung khác nhau; không tự chọn dòng nào.",
        "Several rows share a key ({expected}) but differ; none was chosen for you.",
    ),
    "total.mismatch": Wording(
        "Dòng tổng không bằng cộng các dòng: {found}.",
        "The total row is not the sum of its rows: {found}.",
    ),
}
"""What is said for each kind of rule, unless a contract words it itself."""


def wording_for(code: str) -> Wording:
    """The wording of a rule code such as `received_on.unreadable` or `row.duplicate_key`; KeyError if nobody worded it."""
    return WORDING[code] if code in WORDING else WORDING[code.split(".", 1)[1]]
