-- name core.fact_portal_reconciliation
-- grain một cơ quan × một tháng | agency × month
-- purpose Hồ sơ trên Cổng quốc gia đối với hồ sơ trong kho: chênh lệch, mã không có ở đây, ngày mất dữ liệu | Dossiers on the national portal against ours: differences, codes unknown here, days lost
-- clearance open
-- key agency_code, period
-- extract portal_reconciliation
-- column agency_key | Cơ quan (phiên bản có hiệu lực cuối tháng) | Agency, the version valid at the month's end
-- column agency_code | Mã định danh cơ quan | Agency code
-- column period | Tháng | Month
-- column month_first_on | Ngày đầu tháng | First day of the month
-- column portal_dossiers | Hồ sơ tiếp nhận theo Cổng | Dossiers received by the portal's count
-- column portal_online | Trong đó trực tuyến, theo Cổng | Of these, online by the portal's count
-- column own_dossiers | Hồ sơ tiếp nhận theo kho | Dossiers received by ours
-- column own_online | Trong đó trực tuyến, theo kho | Of these, online by ours
-- column difference_dossiers | Cổng trừ kho | Portal less ours
-- column codes_listed | Số mã Cổng liệt kê | Codes the portal lists
-- column codes_unknown_here | Trong đó kho không có | Of these, unknown here
-- column days_lost | Số ngày mà kho không có mã nào trong các mã Cổng liệt kê | Days of which none of the codes listed is known here
-- column source_delivery_id | Lần gửi | Delivery
-- column source_sheet | Trang tính | Sheet
-- column source_row | Dòng trong tệp | Line in the file
WITH latest AS (
    SELECT *
    FROM stage.portal_record
    WHERE is_counting AND agency_key IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY agency_code, period
        ORDER BY delivery_no DESC, source_sheet DESC, source_row DESC
    ) = 1
),
own AS (
    SELECT
        agency.agency_code,
        strftime(dossier.received_on, '%Y-%m') AS period,
        count(*) AS dossiers,
        count(*) FILTER (dossier.is_online) AS online
    FROM core.fact_dossier AS dossier
    JOIN core.dim_agency AS agency ON agency.agency_key = dossier.agency_key
    WHERE dossier.is_received
    GROUP BY agency.agency_code, strftime(dossier.received_on, '%Y-%m')
),
listed_day AS (
    SELECT
        agency_code,
        period,
        registered_on_digits,
        count(DISTINCT dossier_code) AS codes,
        count(DISTINCT dossier_code) FILTER (NOT is_known) AS unknown_codes
    FROM stage.portal_dossier
    GROUP BY agency_code, period, registered_on_digits
),
listed AS (
    SELECT
        agency_code,
        period,
        sum(codes)::BIGINT AS codes,
        sum(unknown_codes)::BIGINT AS unknown_codes,
        count(*) FILTER (codes = unknown_codes) AS days_lost
    FROM listed_day
    GROUP BY agency_code, period
)
SELECT
    latest.agency_key,
    latest.agency_code,
    latest.period,
    latest.period_first_on AS month_first_on,
    latest.dossiers_received AS portal_dossiers,
    latest.dossiers_online AS portal_online,
    coalesce(own.dossiers, 0) AS own_dossiers,
    coalesce(own.online, 0) AS own_online,
    latest.dossiers_received - coalesce(own.dossiers, 0) AS difference_dossiers,
    coalesce(listed.codes, 0) AS codes_listed,
    coalesce(listed.unknown_codes, 0) AS codes_unknown_here,
    coalesce(listed.days_lost, 0) AS days_lost,
    latest.delivery_id AS source_delivery_id,
    latest.source_sheet,
    latest.source_row
FROM latest
LEFT JOIN own ON own.agency_code = latest.agency_code AND own.period = latest.period
LEFT JOIN listed ON listed.agency_code = latest.agency_code AND listed.period = latest.period
