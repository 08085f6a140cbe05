-- name mart.dossier_cohort
-- grain (xã, hoặc cơ quan, hoặc thủ tục) × tháng trong mã × tháng tiếp nhận × tháng kết thúc × kết quả × kênh × thiết yếu | (commune, or agency, or procedure) × month in the code × month received × month closed × outcome × channel × essential
-- purpose Đếm hồ sơ đã tiếp nhận một lần cho mỗi cách chia, để mọi kỳ và mọi cấp cộng lại từ đây; chỉ cộng trong một grain | Counts received dossiers once for each way of dividing them, so that every period and level adds up from here; add up within one grain only
-- clearance analyst
-- key grain, unit_key, agency_key, service_key, registered_month, received_month, closed_month, outcome, is_online, is_essential
-- slices cohort
-- column grain | Chia theo: unit (xã), agency (cơ quan), service (thủ tục) | Divided by: unit (commune), agency, service (procedure)
-- column unit_key | Xã, phường, thị trấn (khi chia theo xã) | Commune, where divided by communes
-- column district_key | Huyện | District
-- column province_key | Tỉnh | Province
-- column agency_key | Cơ quan xử lý (khi chia theo cơ quan) | Agency in charge, where divided by agencies
-- column service_key | Thủ tục (khi chia theo thủ tục) | Procedure, where divided by procedures
-- column registered_month | Tháng ghi trong mã hồ sơ, dạng 2023-05 | Month that stands in the dossier code, such as 2023-05
-- column received_month | Tháng tiếp nhận | Month of receipt
-- column closed_month | Tháng kết thúc hoặc rút (trống: đang giải quyết) | Month closed; empty while open
-- column outcome | resolved, withdrawn, paused hoặc open | resolved, withdrawn, paused or open
-- column is_online | Nộp trực tuyến | Came online
-- column is_essential | Dịch vụ thiết yếu | Essential service
-- column dossiers | Số hồ sơ | Dossiers
-- column before_due | Giải quyết trước hạn | Resolved before the due day
-- column on_due | Giải quyết đúng hạn hoặc không có hạn | Resolved on the due day or without one
-- column after_due | Giải quyết quá hạn | Resolved late
-- column with_payment | Hồ sơ phải nộp tiền | With something to pay
-- column paid_online | Trong đó thanh toán trực tuyến | Of these, paid online
-- column components_digitised | Có thành phần số hoá | With digitised components
-- column components_reused | Có giấy tờ đã số hoá được dùng lại | With an earlier digital paper reused
-- column result_digitised | Có kết quả số hoá | With a digitised result
-- column vneid_authenticated | Có tài khoản xác thực VNeID | With an account authenticated by VNeID
-- column full_process | Thuộc thủ tục cung cấp toàn trình | Of a procedure offered at full process
-- column newer_rejected | Đang hiển thị trạng thái cũ | Shown in an older state
WITH reusing AS (
    SELECT DISTINCT dossier_code FROM core.fact_dossier_digitisation WHERE is_reused
),
received AS (
    SELECT
        dossier.*,
        service.service_level = 'full' AS is_full_process,
        reusing.dossier_code IS NOT NULL AS is_reusing,
        date_trunc('month', dossier.received_on)::DATE AS received_month,
        date_trunc('month', dossier.closed_on)::DATE AS closed_month,
        CASE
            WHEN dossier.is_resolved THEN 'resolved'
            WHEN dossier.status_code = 7 THEN 'withdrawn'
            WHEN dossier.status_code IN (5, 6, 8) THEN 'paused'
            ELSE 'open'
        END AS outcome
    FROM core.fact_dossier AS dossier
    JOIN core.dim_service AS service ON service.service_key = dossier.service_key
    LEFT JOIN reusing ON reusing.dossier_code = dossier.dossier_code
    WHERE dossier.is_received
),
counted AS (
    SELECT
        unit_key,
        agency_key,
        service_key,
        registered_month,
        received_month,
        closed_month,
        outcome,
        is_online,
        is_essential,
        count(*) AS dossiers,
        count(*) FILTER (WHERE is_resolved AND finished_on < due_on) AS before_due,
        count(*) FILTER (WHERE is_resolved AND (due_on IS NULL OR finished_on = due_on)) AS on_due,
        count(*) FILTER (WHERE is_resolved AND finished_on > due_on) AS after_due,
        count(*) FILTER (WHERE amount_due_vnd > 0) AS with_payment,
        count(*) FILTER (WHERE amount_due_vnd > 0 AND paid_online) AS paid_online,
        count(*) FILTER (WHERE components_digitised) AS components_digitised,
        count(*) FILTER (WHERE is_reusing) AS components_reused,
        count(*) FILTER (WHERE result_digitised) AS result_digitised,
        count(*) FILTER (WHERE vneid_authenticated) AS vneid_authenticated,
        count(*) FILTER (WHERE is_full_process) AS full_process,
        count(*) FILTER (WHERE has_newer_rejected) AS newer_rejected
    FROM received
    GROUP BY GROUPING SETS (
        (unit_key, registered_month, received_month, closed_month, outcome, is_online, is_essential),
        (agency_key, registered_month, received_month, closed_month, outcome, is_online, is_essential),
        (service_key, registered_month, received_month, closed_month, outcome, is_online, is_essential)
    )
)
SELECT
    CASE
        WHEN counted.unit_key IS NOT NULL THEN 'unit'
        WHEN counted.agency_key IS NOT NULL THEN 'agency'
        ELSE 'service'
    END AS grain,
    counted.unit_key,
    unit.district_key,
    unit.province_key,
    counted.* EXCLUDE (unit_key)
FROM counted
LEFT JOIN core.dim_administrative_unit AS unit ON unit.unit_key = counted.unit_key
