-- name core.fact_dossier_step
-- grain một bước xử lý của một hồ sơ | one step of one dossier
-- purpose Thời gian xử lý từng bước của hồ sơ | How long every step of a dossier took
-- clearance analyst
-- key dossier_code, step_no
-- extract dossier_step
-- column dossier_code | Mã hồ sơ | Dossier code
-- column step_no | Số thứ tự bước | Number of the step
-- column step_name | Tên bước, như đơn vị ghi | Step as written by the supplier | restricted
-- column agency_key | Cơ quan xử lý (phiên bản có hiệu lực vào ngày kết thúc bước) | Agency, the version valid on the day the step ended
-- column agency_code | Mã cơ quan xử lý | Agency code
-- column started_at | Bắt đầu (giờ Việt Nam) | Started at, Vietnamese time
-- column ended_at | Kết thúc (giờ Việt Nam) | Ended at, Vietnamese time
-- column minutes_taken | Số phút xử lý | Minutes taken
-- column is_dossier_known | Hồ sơ có trong kho | Whether the warehouse knows the dossier
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng hoặc bản ghi thứ mấy trong tệp | Row or record number in the file
WITH latest AS (
    SELECT *
    FROM stage.dossier_step_record
    WHERE is_counting AND agency_key IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY dossier_code, step_no
        ORDER BY ended_at DESC, delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    step.dossier_code,
    step.step_no,
    step.step_name,
    step.agency_key,
    step.agency_code,
    step.started_at,
    step.ended_at,
    date_diff('minute', step.started_at, step.ended_at) AS minutes_taken,
    dossier.dossier_code IS NOT NULL AS is_dossier_known,
    step.delivery_id AS source_delivery_id,
    step.source_sheet,
    step.source_row
FROM latest AS step
LEFT JOIN core.fact_dossier AS dossier ON dossier.dossier_code = step.dossier_code
