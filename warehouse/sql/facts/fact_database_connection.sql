-- name core.fact_database_connection
-- grain một cơ sở dữ liệu dùng chung × một quý | shared database × quarter
-- purpose Kết nối và khai thác cơ sở dữ liệu dùng chung theo quý: đếm được, không phải số ghi tay | Shared databases connected and used by quarter: a count, not a typed figure
-- clearance open
-- key database_code, period
-- extract shared_database
-- column database_code | Mã cơ sở dữ liệu | Database code
-- column owner_agency_key | Cơ quan chủ quản (phiên bản có hiệu lực cuối quý) | Owner, the version valid at the quarter's end
-- column supplier_code | Đơn vị báo cáo | Supplier
-- column period | Quý | Quarter
-- column quarter_first_on | Ngày đầu quý | First day of the quarter
-- column quarter_last_on | Ngày cuối quý | Last day of the quarter
-- column connected_on | Ngày kết nối, chia sẻ | Connected since
-- column last_used_on | Ngày khai thác gần nhất | Last used on
-- column consumers | Số đơn vị khai thác | Agencies that draw on it
-- column is_connected | Đã kết nối, chia sẻ đến cuối quý | Whether it was connected by the quarter's end
-- column is_used | Có khai thác trong quý | Whether it was used within the quarter
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Row in the file
SELECT
    database_code,
    owner_agency_key,
    supplier_code,
    period,
    period_first_on AS quarter_first_on,
    period_last_on AS quarter_last_on,
    connected_on,
    last_used_on,
    coalesce(len(list_distinct(regexp_extract_all(consumers, 'H[0-9.]*[0-9]'))), 0) AS consumers,
    connected_on IS NOT NULL AS is_connected,
    coalesce(last_used_on BETWEEN period_first_on AND period_last_on, FALSE) AS is_used,
    delivery_id AS source_delivery_id,
    source_sheet,
    source_row
FROM stage.shared_database_record
WHERE is_counting AND owner_agency_key IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY database_code, period
    ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
) = 1
