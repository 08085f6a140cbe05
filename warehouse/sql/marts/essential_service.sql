-- name mart.essential_service
-- grain dịch vụ thiết yếu × kỳ | essential service × period
-- purpose 53 dịch vụ thiết yếu: số đơn vị báo cáo, tỷ lệ ghi tay, tỷ lệ tính lại, và số đếm từ hồ sơ trong kho | The 53 essential services: what departments report, the share typed by hand, the share recomputed, and what the dossiers here say
-- clearance analyst
-- key service_no, period
-- column service_no | Số thứ tự dịch vụ thiết yếu | Number of the essential service
-- column service_code | TY và số thứ tự, như trong mart.kpi_service | TY and the number, as in mart.kpi_service
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column reports | Số dòng báo cáo | Rows reported
-- column dossiers_total | Hồ sơ theo báo cáo | Dossiers as reported
-- column dossiers_online | Trong đó trực tuyến, theo báo cáo | Of these, online as reported
-- column online_share_typed | Tỷ lệ ghi tay, bình quân theo số hồ sơ của các dòng có ghi | Share typed by hand, averaged over the dossiers of the rows that have one
-- column online_share | Tỷ lệ tính lại từ hai cột số của báo cáo | Share recomputed from the two counts reported
-- column reports_disagreeing | Số dòng ghi lệch tỷ lệ tính lại quá 0,5 điểm % | Rows whose typed share is off by more than 0.5 points
-- column own_dossiers | Hồ sơ tiếp nhận trong kỳ theo kho | Dossiers received in the period, by this warehouse
-- column own_online | Trong đó trực tuyến | Of these, online
-- column own_online_share | Tỷ lệ trực tuyến theo kho | Share online by this warehouse
-- column saving_vnd | Chi phí tiết kiệm (đồng): hồ sơ trực tuyến theo kho × mức giả định mỗi hồ sơ | Saving in VND: dossiers online by this warehouse × the assumed saving of each
-- column is_disagreeing | Có dòng ghi lệch, hoặc tỷ lệ báo cáo lệch kho quá 0,5 điểm % | Whether a typed share is off, or the share reported differs from this warehouse's by more than 0.5 points
-- column is_simulated | Số liệu mô phỏng | Whether the figures are simulated
WITH reported AS (
    SELECT
        report.service_no,
        period.period,
        count(*) AS reports,
        sum(report.dossiers_total)::BIGINT AS dossiers_total,
        sum(report.dossiers_online)::BIGINT AS dossiers_online,
        sum((report.online_share_typed * report.dossiers_total)::DECIMAL(18, 4))
            / nullif(sum(report.dossiers_total) FILTER (WHERE report.online_share_typed IS NOT NULL), 0)
            AS online_share_typed,
        count(*) FILTER (WHERE report.is_share_disagreeing) AS reports_disagreeing
    FROM core.fact_essential_service_report AS report
    JOIN core.dim_period AS period ON report.month_first_on BETWEEN period.first_on AND period.last_on
    WHERE report.service_no IS NOT NULL
    GROUP BY report.service_no, period.period
),
own AS (
    SELECT
        member_key AS service_code,
        period,
        max(numerator) FILTER (WHERE kpi_code = 'O02') AS own_online,
        max(denominator) FILTER (WHERE kpi_code = 'O02') AS own_dossiers,
        max(numerator) FILTER (WHERE kpi_code = 'P04') AS saving_vnd
    FROM mart.kpi_dossiers
    WHERE grain = 'service' AND starts_with(member_key, 'TY')
    GROUP BY member_key, period
),
service AS (
    SELECT DISTINCT service_no, 'TY' || lpad(service_no::VARCHAR, 2, '0') AS service_code
    FROM reference.essential_service
),
beside AS (
    SELECT
        service.service_no,
        service.service_code,
        own.period,
        coalesce(reported.reports, 0) AS reports,
        reported.dossiers_total,
        reported.dossiers_online,
        reported.online_share_typed::DOUBLE AS online_share_typed,
        (reported.dossiers_online / nullif(reported.dossiers_total, 0))::DOUBLE AS online_share,
        coalesce(reported.reports_disagreeing, 0) AS reports_disagreeing,
        own.own_dossiers,
        own.own_online,
        (own.own_online / nullif(own.own_dossiers, 0))::DOUBLE AS own_online_share,
        own.saving_vnd
    FROM service
    JOIN own ON own.service_code = service.service_code
    LEFT JOIN reported ON reported.service_no = service.service_no AND reported.period = own.period
)
SELECT
    beside.*,
    beside.reports_disagreeing > 0 OR coalesce(abs(beside.online_share - beside.own_online_share) > 0.005, FALSE)
        AS is_disagreeing,
    coalesce(
        (
            SELECT bool_or(is_simulated)
            FROM quality.origin
            WHERE extract IN ('essential_service_report', 'one_stop_dossier')
        ),
        FALSE
    ) AS is_simulated
FROM beside
