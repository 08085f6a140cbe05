-- name mart.kpi_officials
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose “Ba yêu cầu” với cán bộ, công chức: số liệu quý mới nhất trong kỳ của mỗi đơn vị, cộng lên huyện và tỉnh | The three requirements of officials: each unit's newest quarter within the period, added up to districts and the province
-- clearance open
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column doubt | denominators_differ: một đơn vị đếm cán bộ khác nhau cho các yêu cầu | denominators_differ: a unit counts its officials differently for the requirements
WITH newest AS (
    SELECT period.period, report.unit_key, report.measure_code, report.numerator, report.denominator,
        report.is_same_denominator
    FROM core.fact_official_requirement AS report
    JOIN core.dim_period AS period
        ON period.period_kind <> 'month'
        AND report.quarter_last_on BETWEEN period.first_on AND period.last_on
        AND (report.succeeded_on IS NULL OR report.succeeded_on > period.last_on)
    QUALIFY row_number() OVER (
        PARTITION BY period.period, report.measure_code, report.unit_key ORDER BY report.quarter_last_on DESC
    ) = 1
),
counted AS (
    SELECT
        CASE measure_code
            WHEN 'official_chip_card' THEN 'R01'
            WHEN 'official_eid_account' THEN 'R02'
            WHEN 'official_portal_account' THEN 'R03'
        END AS kpi_code,
        period,
        unit_key,
        numerator,
        denominator,
        is_same_denominator
    FROM newest
    UNION ALL
    -- Who meets all three is not reported, only how many meet each: a unit does when each is met by all its officials.
    SELECT 'R04', period, unit_key, CASE WHEN bool_and(numerator = denominator) THEN 1 ELSE 0 END, 1,
        bool_and(is_same_denominator)
    FROM newest
    GROUP BY period, unit_key
    HAVING count(DISTINCT measure_code) = 3
),
placed AS (
    SELECT
        counted.kpi_code,
        counted.period,
        unnest(list_distinct([unit.province_key, unit.district_key, unit.unit_key])) AS member_key,
        counted.numerator,
        counted.denominator,
        counted.is_same_denominator
    FROM counted
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = counted.unit_key
)
SELECT
    kpi_code,
    period,
    'unit' AS grain,
    member_key,
    sum(numerator)::BIGINT AS numerator,
    sum(denominator)::BIGINT AS denominator,
    CASE WHEN NOT bool_and(is_same_denominator) THEN 'denominators_differ' END AS doubt
FROM placed
WHERE member_key IS NOT NULL
GROUP BY kpi_code, period, member_key
