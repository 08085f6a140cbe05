-- name core.fact_satisfaction
-- grain một phiếu khảo sát hoặc phản ánh | one survey answer or piece of feedback
-- purpose Mức độ hài lòng theo khía cạnh; phản ánh, kiến nghị được trả lời đúng hạn không | Satisfaction by aspect; whether feedback is answered on time
-- clearance analyst
-- key response_no
-- extract satisfaction_response
-- column response_no | Số phiếu | Response number
-- column dossier_code | Mã hồ sơ | Dossier code
-- column agency_key | Cơ quan xử lý hồ sơ | Agency in charge of the dossier
-- column service_key | Thủ tục của hồ sơ | Procedure of the dossier
-- column unit_key | Xã của hồ sơ | Commune of the dossier
-- column period | Tháng | Month
-- column response_kind | Loại: survey (khảo sát), feedback (phản ánh) | Kind: survey or feedback
-- column citizen_token | Mã thay thế số định danh của người trả lời (HMAC) | Token that stands for the respondent's identity number
-- column responses_by_person | Số phiếu của người này trong tháng; trống khi không rõ ai | Responses by the same person in the month; empty if nobody is known
-- column overall_score | Điểm chung, 1–5 | Overall score, 1 to 5
-- column attitude_score | Điểm thái độ, 1–5 | Score for attitude, 1 to 5
-- column time_score | Điểm thời gian, 1–5 | Score for time taken, 1 to 5
-- column procedure_score | Điểm thủ tục, 1–5 | Score for procedure, 1 to 5
-- column received_on | Ngày nhận phiếu | Received on
-- column due_on | Hạn trả lời | Answer due on
-- column answered_on | Ngày trả lời | Answered on
-- column is_answered_on_time | Phản ánh được trả lời đúng hạn; trống khi là khảo sát hoặc chưa tới hạn | Whether feedback was answered by its due day; empty for surveys and while not yet due
-- column remark | Nội dung góp ý, như người dân ghi | Remark as written by the citizen | restricted
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Line in the file
WITH latest AS (
    SELECT *
    FROM stage.satisfaction_record
    WHERE is_counting AND known_dossier_code IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY response_no ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    response_no,
    dossier_code,
    agency_key,
    service_key,
    unit_key,
    period,
    response_kind,
    citizen_token,
    CASE
        WHEN citizen_token IS NOT NULL THEN count(*) OVER (PARTITION BY citizen_token, period)
    END AS responses_by_person,
    overall_score,
    attitude_score,
    time_score,
    procedure_score,
    received_on,
    due_on,
    answered_on,
    CASE
        WHEN response_kind = 'feedback' AND answered_on IS NOT NULL THEN answered_on <= due_on
        -- The newest day anything is known of is the end of the month reported.
        WHEN response_kind = 'feedback' AND due_on <= period_last_on THEN FALSE
    END AS is_answered_on_time,
    remark,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM latest
