-- name core.fact_dossier
-- grain một hồ sơ một cửa, trạng thái mới nhất được chấp nhận | one one-stop dossier in its latest accepted state
-- purpose Hồ sơ thủ tục hành chính: tiếp nhận, giải quyết, thanh toán, số hoá | Administrative dossiers: receipt, resolution, payment, digitisation
-- clearance analyst
-- key dossier_code
-- slices dossier
-- extract one_stop_dossier
-- column dossier_code | Mã hồ sơ | Dossier code
-- column registered_month | Tháng ghi trong mã hồ sơ, dạng 2023-05 | Month that stands in the dossier code, such as 2023-05
-- column agency_key | Cơ quan xử lý (phiên bản có hiệu lực vào ngày tiếp nhận) | Agency in charge, the version valid on the day of receipt
-- column service_key | Thủ tục (phiên bản có hiệu lực vào ngày tiếp nhận) | Procedure, the version valid on the day of receipt
-- column unit_key | Xã, phường, thị trấn (phiên bản có hiệu lực vào ngày tiếp nhận) | Commune, the version valid on the day of receipt
-- column citizen_token | Mã thay thế số định danh của chủ hồ sơ (HMAC) | Token that stands for the applicant's identity number
-- column applicant_kind | Đối tượng: 1 cá nhân, 2 tổ chức | Applicant: 1 person, 2 organisation
-- column submitted_at | Thời điểm nộp (giờ Việt Nam) | Moment of submission, Vietnamese time
-- column received_on | Ngày tiếp nhận | Day of receipt
-- column due_on | Ngày hẹn trả | Due day
-- column finished_on | Ngày kết thúc xử lý | Day processing finished
-- column returned_on | Ngày trả kết quả | Day the result was returned
-- column closed_on | Ngày ra khỏi diện đang giải quyết: kết thúc, hoặc rút hồ sơ | Day it left the open dossiers: finished, or withdrawn
-- column status_code | Trạng thái 1–10 | Status 1 to 10
-- column channel_code | Kênh: 1 trực tiếp, 2 trực tuyến, 3 bưu chính | Channel: 1 in person, 2 online, 3 by post
-- column is_received | Đã được tiếp nhận (có ngày tiếp nhận, trạng thái khác 1 và 3) | Whether it was received: a day of receipt and a status other than 1 and 3
-- column is_resolved | Đã giải quyết (trạng thái 9, 10) | Whether it is resolved: status 9 or 10
-- column is_online | Nộp trực tuyến (kênh 2) | Whether it came online: channel 2
-- column is_essential | Thuộc 53 dịch vụ công thiết yếu | Whether it belongs to the 53 essential services
-- column is_on_time | Giải quyết trước hoặc đúng hạn; không có hạn tính là đúng hạn; trống khi chưa giải quyết | Resolved before or on the due day; without one counts as on time; empty while unresolved
-- column amount_due_vnd | Số tiền phải nộp (đồng) | Amount due in VND
-- column paid_online | Thanh toán trực tuyến | Whether it was paid online
-- column components_digitised | Thành phần hồ sơ được số hoá | Whether its components are digitised
-- column result_digitised | Kết quả được số hoá | Whether its result is digitised
-- column vneid_authenticated | Tài khoản được xác thực qua VNeID | Whether the account was authenticated by VNeID
-- column updated_at | Thời điểm thay đổi cuối (giờ Việt Nam) | Moment of the last change, Vietnamese time
-- column has_newer_rejected | Có bản ghi mới hơn bị loại: đang hiển thị trạng thái cũ | Whether a newer record was rejected, so an older state is shown
-- column newest_rejected_on | Ngày của bản ghi mới nhất bị loại | Day of the newest rejected record
-- column submission_place | Nơi nộp hồ sơ, như đơn vị ghi | Place of submission as written by the supplier | restricted
-- column source_delivery_id | Lần gửi chứa trạng thái này | Delivery that holds this state
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi thứ mấy trong tệp | Row or record number in the file
SELECT
    state.dossier_code,
    state.registered_month,
    latest.agency_key,
    latest.service_key,
    latest.unit_key,
    state.citizen_token,
    state.applicant_kind,
    state.submitted_at,
    state.received_on,
    state.due_on,
    state.finished_on,
    state.returned_on,
    CASE
        WHEN state.status_code IN (9, 10) THEN state.finished_on
        WHEN state.status_code = 7
            THEN greatest(state.received_on, coalesce(state.finished_on, state.returned_on, state.updated_at::DATE))
    END AS closed_on,
    state.status_code,
    state.channel_code,
    state.received_on IS NOT NULL AND state.status_code NOT IN (1, 3) AS is_received,
    state.status_code IN (9, 10) AS is_resolved,
    state.channel_code = 2 AS is_online,
    latest.is_essential,
    CASE WHEN state.status_code IN (9, 10) THEN coalesce(state.finished_on <= state.due_on, TRUE) END AS is_on_time,
    state.amount_due_vnd,
    state.paid_online,
    state.components_digitised,
    state.result_digitised,
    state.vneid_authenticated,
    state.updated_at,
    coalesce(rejected.newest_rejected_at > state.updated_at, FALSE) AS has_newer_rejected,
    CASE
        WHEN rejected.newest_rejected_at > state.updated_at THEN rejected.newest_rejected_at::DATE
    END AS newest_rejected_on,
    state.submission_place,
    state.delivery_id AS source_delivery_id,
    state.source_sheet,
    state.source_row
FROM ledger.one_stop_dossier AS state
JOIN stage.dossier_latest AS latest
    ON latest.delivery_no = state.delivery_no
    AND latest.source_row = state.source_row
    AND latest.source_sheet IS NOT DISTINCT FROM state.source_sheet
LEFT JOIN stage.dossier_rejected AS rejected ON rejected.dossier_code = state.dossier_code
