"""What a clerk is told to do about each kind of finding, in Vietnamese.

What belongs here: the remedy for a kind of rule. What does not: what was found and what is expected, which the rules
themselves word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BY_KIND: Final[Mapping[str, str]] = {
    "required": "Điền giá trị còn thiếu vào ô này.",
    "unreadable": "Ghi lại giá trị theo đúng dạng ở cột “Cần ghi”; bỏ chữ, đơn vị hoặc ký tự thừa trong ô.",
    "not_in_list": "Chọn lại một giá trị trong danh mục.",
    "out_of_range": "Kiểm tra số liệu gốc và ghi lại giá trị nằm trong khoảng cho phép.",
    "implausible": "Kiểm tra số liệu gốc: giá trị này không thể đúng; có thể ghi nhầm cột.",
    "digits14": "Lần sau xuất ngày, giờ theo dạng ở cột “Cần ghi”; lần này kho đã đọc được.",
    "suffix": "Lần sau chỉ ghi phần mã quốc gia; lần này kho đã đọc được.",
    "leading_zero": "Định dạng cột là văn bản rồi ghi lại đủ 12 chữ số, kể cả số 0 ở đầu.",
    "old_card": "Hỏi lại người dân và ghi số định danh cá nhân 12 chữ số.",
    "ambiguous": "Ghi rõ để chỉ còn một cách hiểu: kèm tên huyện với tên xã, kèm dấu % với tỷ lệ.",
    "unknown": "Đối chiếu với danh mục có hiệu lực tại ngày phát sinh rồi ghi lại mã hoặc tên đúng.",
    "not_in_force": "Thay bằng mã thủ tục có hiệu lực tại ngày tiếp nhận hoặc trong kỳ báo cáo.",
    "disagrees": "Kiểm tra lại con số này với các cột khác của dòng; kho dùng số tính lại.",
    "after_period": "Kiểm tra ngày này: không thể sau ngày cuối của kỳ báo cáo.",
    "finish_before_receipt": "Kiểm tra ngày tiếp nhận và ngày kết thúc; ngày kết thúc không thể sớm hơn.",
    "finished_on_missing": "Bổ sung ngày kết thúc xử lý, hoặc sửa lại trạng thái hồ sơ.",
    "return_before_finish": "Kiểm tra ngày trả kết quả; thường không sớm hơn ngày kết thúc xử lý.",
    "week_exceeds_cumulative": "Kiểm tra hai cột: số cấp trong tuần không thể lớn hơn số luỹ kế.",
    "online_exceeds_total": "Kiểm tra hai cột: số trực tuyến, số xử lý trên mạng không thể lớn hơn tổng số.",
    "past": "Ghi thời hạn sau kỳ báo cáo, hoặc nêu kết quả nếu đã làm xong.",
    "used_before_connection": "Kiểm tra hai ngày: không thể khai thác trước khi kết nối.",
    "used_without_connection": "Bổ sung ngày kết nối của cơ sở dữ liệu đang được khai thác.",
    "answer_before_receipt": "Kiểm tra ngày nhận và ngày trả lời; không thể trả lời trước khi nhận.",
    "feedback_without_due_date": "Bổ sung hạn trả lời của phản ánh, kiến nghị.",
    "return_before_sending": "Kiểm tra ngày gửi và ngày trả kết quả; không thể trả trước khi gửi.",
    "corrected_without_evidence": "Bổ sung căn cứ của việc làm sạch.",
    "check_digit": "Đối chiếu lại mã số thuế: chữ số kiểm tra không đúng.",
    "closed_before_registration": "Kiểm tra ngày đăng ký và ngày chấm dứt; không thể chấm dứt trước khi đăng ký.",
    "closed_without_day": "Bổ sung ngày chấm dứt hiệu lực mã số thuế.",
    "registered_before_event": "Kiểm tra ngày đăng ký và ngày xảy ra; không thể đăng ký trước khi xảy ra.",
    "scientific": "Định dạng cột là văn bản rồi gõ lại đủ chữ số; bảng tính chỉ giữ 15 chữ số của một số.",
    "no_such_place": "Đối chiếu ba chữ số đầu của số định danh với giấy tờ: không có mã nơi đăng ký khai sinh này.",
    "no_such_century": "Đối chiếu chữ số thứ tư của số định danh với giấy tờ: không đúng thế kỷ, giới tính nào.",
    "not_of_number": "Đối chiếu với số định danh trên giấy tờ: ngày sinh hoặc giới tính không khớp với số.",
    "old_card_ended": "Thay số chứng minh nhân dân đã hết giá trị bằng số định danh cá nhân 12 chữ số.",
    "placeholder": "Nếu chỉ biết năm thì ghi năm, không ghi 01/01; lần này kho đã đọc được.",
    "two_digit_year": "Lần sau ghi năm đủ bốn chữ số; lần này kho đã đọc được.",
    "end_before_start": "Kiểm tra thời điểm bắt đầu và kết thúc của bước.",
    "negative": "Kiểm tra số tiền: không thể nhỏ hơn 0.",
    "zero_without_exemption": "Ghi “Có” ở cột miễn, giảm, hoặc ghi số tiền đã nộp.",
    "missing": "Bổ sung số định danh cá nhân 12 chữ số của người này.",
    "paid_after_death": "Đối chiếu với khai tử; nếu đúng, dừng chi trả và thu hồi, nếu sai, báo cơ quan hộ tịch.",
    "denominators_differ": "Thống nhất một mẫu số (số cán bộ, công chức) cho cả ba chỉ tiêu của đơn vị.",
    "numerator_exceeds_denominator": "Kiểm tra hai cột: tử số không thể lớn hơn mẫu số.",
    "withdraws_nothing": "Kiểm tra mã nội dung gửi ở bảng tình hình gửi tệp; sẽ tự có hiệu lực khi tệp ấy được ghi nhận.",
    "withdraws_anothers": "Đề nghị đơn vị đã gửi tự rút, hoặc gửi văn bản cho Văn phòng UBND tỉnh.",
    "duplicate_row": "Xoá dòng lặp, giữ lại một dòng.",
    "duplicate_key": "Chỉ giữ dòng đúng; xoá hoặc sửa các dòng trùng khoá còn lại.",
    "mismatch": "Cộng lại dòng tổng, hoặc bổ sung dòng còn thiếu.",
    "structural": "Mở lại bản gốc, kiểm tra số ô và dấu nháy của dòng rồi xuất lại tệp.",
    "cell_error": "Sửa công thức hoặc gõ giá trị vào ô, để bảng tính tính lại, lưu rồi gửi lại cả tệp.",
    "extra_column": "Nếu đúng là cột ghi sau dấu ≈ thì sửa tiêu đề theo mẫu; nếu không, bỏ cột lạ hoặc đề nghị bổ sung.",
    "missing_column": "Bổ sung cột còn thiếu theo mẫu rồi gửi lại cả tệp.",
    "header_not_found": "Dùng đúng mẫu biểu, giữ nguyên dòng tiêu đề cột, rồi gửi lại cả tệp.",
    "ambiguous_records": "Gửi một danh sách trong một tệp, hoặc thống nhất tên danh sách với đơn vị quản lý kho.",
    "locked": "Bỏ mật khẩu của tệp, lưu lại rồi gửi lại cả tệp.",
    "unsafe": "Xuất lại tệp từ phần mềm gốc, xóa các ô ở xa ngoài vùng số liệu, không nén tệp nén lần nữa, rồi gửi lại cả tệp.",
    "empty": "Kiểm tra bước xuất số liệu rồi gửi lại tệp có số liệu.",
}
_UNREADABLE_FILE: Final = "Xuất lại tệp từ phần mềm gốc, mở thử trước khi gửi lại cả tệp."
_OTHERWISE: Final = "Sửa theo nội dung ở cột “Cần ghi” rồi gửi lại cả tệp."


def remedy(rule_code: str) -> str:
    """What to do about a finding of a rule such as `received_on.unreadable`."""
    if rule_code == "file.unreadable":
        return _UNREADABLE_FILE
    return _BY_KIND.get(rule_code.rsplit(".", 1)[-1], _OTHERWISE)
