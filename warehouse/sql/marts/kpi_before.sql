-- name mart.kpi_before
-- grain chỉ tiêu báo cáo theo hiện trạng × kỳ × (đơn vị hoặc cơ quan) | indicator reported as it stands × period × (unit or agency)
-- purpose Tử số, mẫu số của kỳ liền trước cùng loại. Chỉ tiêu đếm từ hồ sơ và điểm cộng các tháng nên không có ở đây | Numerator and denominator of the period before, of the same kind. What is counted from dossiers, and points, add up months and are not here
-- clearance restricted
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm, quý hoặc tháng | Period: year, quarter or month
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số của kỳ liền trước; trống khi là kỳ đầu | Numerator of the period before; empty for the first one
-- column denominator | Mẫu số của kỳ liền trước | Denominator of the period before
WITH counted AS (
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_services
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_infrastructure
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_work_files
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_satisfaction
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_officials
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_benefits
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_connections
    UNION ALL
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_identity
),
newest AS (
    SELECT counted.*
    FROM counted
    JOIN reference.indicator AS indicator ON indicator.kpi_code = counted.kpi_code AND indicator.accrual = 'newest'
),
figure AS (
    SELECT * FROM newest
    UNION ALL BY NAME
    -- A year in which nothing arrived stands between two others.
    SELECT wanted.*
    FROM (
        SELECT indicator.kpi_code, frame.period, 'unit' AS grain, frame.unit_key AS member_key
        FROM reference.indicator AS indicator
        CROSS JOIN mart.unit_period AS frame
        WHERE indicator.accrual = 'newest'
            AND frame.level = 'province'
            AND frame.period_kind = 'year'
            AND frame.is_valid
    ) AS wanted
    ANTI JOIN newest USING (kpi_code, period, grain, member_key)
),
member AS (
    SELECT 'unit' AS grain, unit_key AS member_key, period FROM mart.unit_period
    UNION
    SELECT figure.grain, figure.member_key, figure.period
    FROM figure
    JOIN mart.unit_period AS province ON province.period = figure.period AND province.level = 'province'
    WHERE figure.grain <> 'unit'
)
SELECT
    figure.kpi_code,
    figure.period,
    figure.grain,
    figure.member_key,
    lag(figure.numerator) OVER one AS numerator,
    lag(figure.denominator) OVER one AS denominator
FROM figure
JOIN core.dim_period AS period ON period.period = figure.period
SEMI JOIN member
    ON member.grain = figure.grain AND member.member_key = figure.member_key AND member.period = figure.period
WINDOW one AS (
    PARTITION BY figure.kpi_code, figure.grain, figure.member_key, period.period_kind ORDER BY figure.period
)
