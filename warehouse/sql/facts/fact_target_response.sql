-- name core.fact_target_response
-- grain một đơn vị × một chỉ tiêu chưa đạt × một quý | unit × missed target × quarter
-- purpose Giải trình chỉ tiêu chưa đạt: nguyên nhân, giải pháp, thời hạn, có chép lại quý trước không | Responses to missed targets: cause, remedy, deadline, and whether the remedy was copied from the quarter before
-- clearance open
-- key supplier_code, kpi_code, period
-- extract target_response
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column unit_code | Đơn vị hành chính của cơ quan giải trình | Administrative unit of the agency that answers
-- column supplier_code | Đơn vị giải trình | Supplier
-- column owner_agency_key | Cơ quan chịu trách nhiệm (phiên bản có hiệu lực cuối quý) | Agency in charge, the version valid at the quarter's end
-- column owner_agency_code | Mã cơ quan chịu trách nhiệm | Code of the agency in charge
-- column period | Quý | Quarter
-- column quarter_first_on | Ngày đầu quý | First day of the quarter
-- column deadline_on | Thời hạn hoàn thành | To be done by
-- column is_deadline_past | Thời hạn đã qua khi quý kết thúc | Whether the deadline had passed when the quarter ended
-- column is_remedy_copied | Giải pháp chép nguyên văn từ quý liền trước | Whether the remedy is word for word that of the quarter before
-- column cause | Nguyên nhân, như đơn vị ghi | Cause as written by the supplier | restricted
-- column remedy | Giải pháp khắc phục, như đơn vị ghi | Remedy as written by the supplier | restricted
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
WITH latest AS (
    SELECT *
    FROM stage.target_response_record
    WHERE is_counting AND owner_agency_key IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY supplier_code, kpi_code, period
        ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    answer.kpi_code,
    answer.unit_code,
    answer.supplier_code,
    answer.owner_agency_key,
    answer.owner_agency_code,
    answer.period,
    answer.period_first_on AS quarter_first_on,
    answer.deadline_on,
    answer.deadline_on <= answer.period_last_on AS is_deadline_past,
    coalesce(lower(answer.remedy) = lower(earlier.remedy), FALSE) AS is_remedy_copied,
    answer.cause,
    answer.remedy,
    answer.delivery_id AS source_delivery_id,
    answer.source_sheet,
    answer.source_row
FROM latest AS answer
LEFT JOIN latest AS earlier
    ON earlier.supplier_code = answer.supplier_code
    AND earlier.kpi_code = answer.kpi_code
    AND earlier.period_last_on = answer.period_first_on - 1
