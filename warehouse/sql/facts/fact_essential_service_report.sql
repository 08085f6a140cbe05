-- name core.fact_essential_service_report
-- grain một đơn vị báo cáo × một thủ tục thiết yếu × một tháng | reporting agency × essential procedure × month
-- purpose Dịch vụ công thiết yếu như đơn vị báo cáo: tỷ lệ ghi tay bên cạnh tỷ lệ tính lại | Essential services as reported: the share typed by hand beside the share recomputed
-- clearance open
-- key supplier_code, procedure_code, period
-- extract essential_service_report
-- column service_key | Thủ tục (phiên bản có hiệu lực cuối tháng) | Procedure, the version valid at the month's end
-- column procedure_code | Mã thủ tục hành chính quốc gia | National procedure code
-- column service_no | Số thứ tự dịch vụ thiết yếu; trống nếu không thuộc danh mục | Number of the essential service; empty if it is none
-- column agency_key | Cơ quan báo cáo (phiên bản có hiệu lực cuối tháng) | Reporting agency, the version valid at the month's end
-- column supplier_code | Đơn vị báo cáo | Supplier
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column dossiers_total | Tổng số hồ sơ tiếp nhận | Dossiers received
-- column dossiers_online | Trong đó trực tuyến | Of these, online
-- column online_share_typed | Tỷ lệ do đơn vị ghi | Share as typed by the supplier
-- column online_share | Tỷ lệ tính lại từ hai cột số; trống khi không có hồ sơ | Share recomputed from the two counts; empty without dossiers
-- column is_share_disagreeing | Tỷ lệ ghi lệch tỷ lệ tính lại quá 0,5 điểm %; trống khi thiếu một trong hai | Whether they differ by more than 0.5 points; empty if either is missing
-- column is_renamed | Tên ghi khác tên trong danh mục thủ tục | Whether the name differs from the catalogue's
-- column service_name_typed | Tên dịch vụ như đơn vị ghi | Service name as written by the supplier | restricted
-- column connected_source | Cơ sở dữ liệu kết nối, như đơn vị ghi | Connected source as written by the supplier | restricted
-- column problems | Khó khăn, vướng mắc, như đơn vị ghi | Problems as written by the supplier | restricted
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
WITH latest AS (
    SELECT *, CASE WHEN dossiers_total > 0 THEN dossiers_online / dossiers_total END AS recomputed_share
    FROM stage.essential_service_record
    WHERE is_counting AND service_key IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY supplier_code, procedure_code, period
        ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
)
SELECT
    service_key,
    procedure_code,
    service_no,
    agency_key,
    supplier_code,
    period,
    period_first_on AS month_first_on,
    dossiers_total,
    dossiers_online,
    online_share AS online_share_typed,
    recomputed_share AS online_share,
    abs(online_share - recomputed_share) > 0.005 AS is_share_disagreeing,
    lower(service_name) IS DISTINCT FROM lower(procedure_name) AS is_renamed,
    service_name AS service_name_typed,
    connected_source,
    problems,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM latest
