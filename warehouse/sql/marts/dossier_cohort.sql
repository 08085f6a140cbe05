-- name mart.dossier_cohort
-- grain xã × tháng trong mã × tháng tiếp nhận × tháng kết thúc × kết quả × kênh × thiết yếu | commune × month in the code × month received × month closed × outcome × channel × essential
-- purpose Đếm hồ sơ đã tiếp nhận một lần, để mọi kỳ và mọi cấp cộng lại từ đây | Counts received dossiers once, so that every period and level adds up from here
-- clearance analyst
-- key unit_key, registered_month, received_month, closed_month, outcome, is_online, is_essential
-- slices dossier
-- column unit_key | Xã, phường, thị trấn | Commune
-- column district_key | Huyện | District
-- column province_key | Tỉnh | Province
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
-- column result_digitised | Có kết quả số hoá | With a digitised result
-- column vneid_authenticated | Có tài khoản xác thực VNeID | With an account authenticated by VNeID
-- column newer_rejected | Đang hiển thị trạng thái cũ | Shown in an older state
WITH received AS (
    SELECT
        *,
        date_trunc('month', received_on)::DATE AS received_month,
        date_trunc('month', closed_on)::DATE AS closed_month,
        CASE
            WHEN is_resolved THEN 'resolved'
            WHEN status_code = 7 THEN 'withdrawn'
            WHEN status_code IN (5, 6, 8) THEN 'paused'
            ELSE 'open'
        END AS outcome
    FROM core.fact_dossier
    WHERE is_received
),
counted AS (
    SELECT
        unit_key,
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
        count(*) FILTER (WHERE result_digitised) AS result_digitised,
        count(*) FILTER (WHERE vneid_authenticated) AS vneid_authenticated,
        count(*) FILTER (WHERE has_newer_rejected) AS newer_rejected
    FROM received
    GROUP BY ALL
)
SELECT unit.unit_key, unit.district_key, unit.province_key, counted.* EXCLUDE (unit_key)
FROM counted
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = counted.unit_key
