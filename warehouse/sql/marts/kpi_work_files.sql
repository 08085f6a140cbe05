-- name mart.kpi_work_files
-- grain chỉ tiêu × kỳ × (đơn vị hoặc cơ quan) | indicator × period × (unit or agency)
-- purpose Hồ sơ công việc xử lý trên môi trường mạng theo ba cấp, cộng các tháng của kỳ | Work files handled online at three levels of government, adding up the months of the period
-- clearance open
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Số xử lý trên môi trường mạng | Handled online
-- column denominator | Tổng số hồ sơ công việc | Work files
-- column doubt | typed_differs: tỷ lệ ghi tay lệch quá 0,5 điểm % | typed_differs: the shares typed are off by more than 0.5 points
WITH report AS (
    SELECT
        fact.level_code,
        fact.month_first_on,
        fact.files_online,
        fact.files_total,
        fact.online_share_typed,
        list_distinct([unit.province_key, unit.district_key, unit.unit_key]) AS unit_keys,
        fact.agency_code
    FROM core.fact_work_file AS fact
    JOIN core.dim_administrative_unit AS unit
        ON unit.unit_code = fact.unit_code
        AND unit.valid_from <= fact.month_first_on
        AND coalesce(unit.valid_to, DATE '9999-12-31') > fact.month_first_on
),
placed AS (
    SELECT level_code, month_first_on, files_online, files_total, online_share_typed, 'unit' AS grain,
        unnest(unit_keys) AS member_key
    FROM report
    UNION ALL
    SELECT level_code, month_first_on, files_online, files_total, online_share_typed, 'agency', agency_code
    FROM report
)
SELECT
    CASE placed.level_code WHEN 'province' THEN 'T03' WHEN 'district' THEN 'T04' WHEN 'commune' THEN 'T05' END
        AS kpi_code,
    period.period,
    placed.grain,
    placed.member_key,
    sum(placed.files_online)::BIGINT AS numerator,
    sum(placed.files_total)::BIGINT AS denominator,
    -- Typed shares count with the files they are about.
    CASE
        WHEN abs(
            sum((placed.online_share_typed * placed.files_total)::DECIMAL(18, 4))
            - sum(placed.files_online) FILTER (WHERE placed.online_share_typed IS NOT NULL)
        ) > 0.005 * sum(placed.files_total) FILTER (WHERE placed.online_share_typed IS NOT NULL) THEN 'typed_differs'
    END AS doubt
FROM placed
JOIN core.dim_period AS period
    ON period.period_kind <> 'quarter'
    AND placed.month_first_on BETWEEN period.first_on AND period.last_on
WHERE placed.member_key IS NOT NULL
GROUP BY placed.level_code, period.period, placed.grain, placed.member_key
