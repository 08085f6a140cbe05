-- name core.fact_work_file
-- grain một cơ quan × một tháng | agency × month
-- purpose Hồ sơ công việc xử lý trên môi trường mạng | Work files handled in the network environment
-- clearance open
-- key agency_code, period
-- extract work_file_processing
-- column agency_key | Cơ quan (phiên bản có hiệu lực cuối tháng) | Agency, the version valid at the month's end
-- column agency_code | Mã định danh cơ quan | Agency code
-- column level_code | Cấp: province, district, commune | Level: province, district, commune
-- column unit_code | Mã đơn vị hành chính của cơ quan | Code of the unit the agency serves
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column files_total | Tổng số hồ sơ công việc | Work files
-- column files_online | Số xử lý trên môi trường mạng | Of these, handled online
-- column online_share_typed | Tỷ lệ do đơn vị ghi | Share as typed by the supplier
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    record.agency_key,
    record.agency_code,
    record.level_code,
    agency.unit_code,
    record.period,
    record.period_first_on AS month_first_on,
    record.files_total,
    record.files_online,
    record.online_share AS online_share_typed,
    record.delivery_id AS source_delivery_id,
    record.source_sheet,
    record.source_row
FROM stage.work_file_record AS record
JOIN core.dim_agency AS agency ON agency.agency_key = record.agency_key
WHERE record.is_counting
QUALIFY row_number() OVER (
    PARTITION BY record.agency_code, record.period
    ORDER BY record.delivery_no DESC, record.source_sheet DESC, record.source_row DESC
) = 1
