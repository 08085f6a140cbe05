-- name mart.kpi_figure
-- grain chỉ tiêu × kỳ × (đơn vị, cơ quan hoặc dịch vụ) | indicator × period × (unit, agency or service)
-- purpose Giá trị, mức phải đạt và kết quả của mọi con số, xét một lần cho mọi cấp; người phân tích đọc ở kpi_scorecard, kpi_agency, kpi_service, có cả tên gọi | Value, target and status of every figure, judged once for all grains; analysts read them in kpi_scorecard, kpi_agency and kpi_service, with names
-- clearance restricted
-- key kpi_code, period, grain, member_key
-- slices period
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm, quý hoặc tháng | Period: year, quarter or month
-- column period_kind | Loại kỳ | Kind of period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan), service (thủ tục, dịch vụ thiết yếu) | unit (province, district, commune), agency, service (procedure, essential service)
-- column member_key | Phiên bản đơn vị, mã cơ quan, mã thủ tục, hoặc TY và số thứ tự của dịch vụ thiết yếu | Version of the unit, agency code, procedure code, or TY and the number of the essential service
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
-- column target | Chỉ tiêu được giao; cấp dưới, cơ quan, dịch vụ và tháng dùng mức của tỉnh và năm khi là tỷ lệ | Target; shares use the province's and the year's for lower units, agencies, services and months
-- column target_basis | Căn cứ của mức chỉ tiêu: reported hoặc assumed | Ground of the target value: reported or assumed
-- column value | Giá trị: tỷ lệ, số đếm, hoặc tử số chia chỉ tiêu, theo measure | Value: share, count, or numerator over target, as measure says
-- column value_low | Giá trị nếu mọi dòng bị cách ly đều bất lợi; chỉ cho toàn tỉnh | Value if every quarantined row counted against it; for the province only
-- column value_high | Giá trị nếu mọi dòng bị cách ly đều có lợi; chỉ cho toàn tỉnh | Value if every quarantined row counted for it; for the province only
-- column status | held, insufficient_data, not_applicable, met, not_met; điều đứng trước thắng | held, insufficient_data, not_applicable, met, not_met; the first that holds
-- column plausibility | Điều đáng ngờ: over_whole, double_counting, typed_differs, denominators_differ, denominator_moved, running_total_fell; trống khi không có | What looks wrong: over_whole, double_counting, typed_differs, denominators_differ, denominator_moved, running_total_fell; empty if nothing
-- column coverage_share | Lần gửi đã nhận ÷ phải gửi của biểu nguồn trong kỳ, toàn tỉnh | Deliveries accepted ÷ due of the source extract in the period, whole province
-- column quarantine_share | Dòng bị cách ly ÷ (bị cách ly + được tính) của biểu nguồn trong kỳ, toàn tỉnh | Rows quarantined ÷ (quarantined + counted) of the source extract in the period, whole province
-- column rows_quarantined | Dòng của kỳ đang bị cách ly trong biểu nguồn, toàn tỉnh | Rows of the period now quarantined in the source extract, whole province
-- column dossiers_with_newer_rejected | Hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
-- column is_simulated | Số liệu mô phỏng | Whether the figure is simulated
WITH counted AS (
    SELECT kpi_code, period, grain, member_key, numerator, denominator, dossiers_with_newer_rejected
    FROM mart.kpi_dossiers
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_services
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_infrastructure
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator, doubt FROM mart.kpi_work_files
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator, doubt FROM mart.kpi_satisfaction
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator, doubt FROM mart.kpi_officials
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_benefits
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_connections
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator FROM mart.kpi_score
    UNION ALL BY NAME
    SELECT kpi_code, period, grain, member_key, numerator, denominator, target FROM mart.kpi_identity
),
figure AS (
    SELECT * FROM counted
    UNION ALL BY NAME
    -- Every indicator has its row for the province and the year, even when nothing arrived.
    SELECT wanted.*
    FROM (
        SELECT indicator.kpi_code, frame.period, 'unit' AS grain, frame.unit_key AS member_key
        FROM reference.indicator AS indicator
        CROSS JOIN mart.unit_period AS frame
        WHERE frame.level = 'province' AND frame.period_kind = 'year' AND frame.is_valid
    ) AS wanted
    ANTI JOIN counted USING (kpi_code, period, grain, member_key)
),
-- Agencies and services are held to the target of the province that is there at the end of the period.
whole AS (
    SELECT period, max_by(unit_code, (is_valid_at_end, unit_code)) AS province_code
    FROM mart.unit_period
    WHERE level = 'province'
    GROUP BY period
),
member AS (
    SELECT
        'unit' AS grain, unit_key AS member_key, period, level = 'province' AS is_province, unit_code, province_code
    FROM mart.unit_period
    UNION ALL
    SELECT DISTINCT figure.grain, figure.member_key, figure.period, FALSE, NULL, whole.province_code
    FROM figure
    JOIN whole ON whole.period = figure.period
    WHERE figure.grain <> 'unit'
),
targeted AS (
    SELECT
        figure.* EXCLUDE (target),
        period.period_kind,
        member.is_province,
        indicator.measure,
        indicator.accrual,
        indicator.source_extract,
        coalesce(figure.target, own.target, CASE WHEN indicator.measure = 'share' THEN province.target END) AS target,
        CASE
            WHEN figure.target IS NOT NULL THEN 'reported'
            WHEN own.target IS NOT NULL THEN own.basis
            WHEN indicator.measure = 'share' THEN province.basis
        END AS target_basis
    FROM figure
    JOIN reference.indicator AS indicator ON indicator.kpi_code = figure.kpi_code
    JOIN core.dim_period AS period ON period.period = figure.period
    JOIN member
        ON member.grain = figure.grain AND member.member_key = figure.member_key AND member.period = figure.period
    LEFT JOIN reference.target AS own
        ON own.kpi_code = figure.kpi_code
        AND own.unit_code = member.unit_code
        AND own.period = CASE WHEN indicator.measure = 'share' THEN period.year_period ELSE figure.period END
    LEFT JOIN reference.target AS province
        ON province.kpi_code = figure.kpi_code
        AND province.unit_code = member.province_code
        AND province.period = period.year_period
),
valued AS (
    SELECT
        *,
        CASE measure
            WHEN 'share' THEN numerator / nullif(denominator, 0)
            WHEN 'mean' THEN numerator / nullif(denominator, 0)
            WHEN 'target_ratio' THEN numerator / nullif(target, 0)
            WHEN 'points' THEN numerator / 100
            ELSE numerator
        END::DOUBLE AS value
    FROM targeted
),
limits AS (
    SELECT
        max(amount) FILTER (WHERE name = 'least_coverage_share') AS least_coverage_share,
        max(amount) FILTER (WHERE name = 'most_quarantine_share') AS most_quarantine_share,
        max(amount) FILTER (WHERE name = 'denominator_moved_share') AS denominator_moved_share
    FROM reference.parameter
),
held_list AS (
    SELECT DISTINCT list.extract, period.period
    FROM quality.reference_list AS list
    JOIN core.dim_period AS period ON period.last_on >= list.in_force_on
    WHERE list.state = 'held'
)
SELECT
    valued.kpi_code,
    valued.period,
    valued.period_kind,
    valued.grain,
    valued.member_key,
    valued.numerator,
    valued.denominator,
    valued.target,
    valued.target_basis,
    valued.value,
    -- Quarantined rows are taken to weigh as much as the rows that count.
    CASE
        WHEN NOT valued.is_province OR source.quarantine_share IS NULL THEN NULL
        WHEN valued.measure IN ('share', 'points') THEN valued.value * (1 - source.quarantine_share)
        WHEN valued.measure = 'mean' THEN valued.value * (1 - source.quarantine_share) + source.quarantine_share
        ELSE valued.value
    END AS value_low,
    CASE
        WHEN NOT valued.is_province OR source.quarantine_share IS NULL THEN NULL
        WHEN valued.measure = 'share'
            THEN valued.value * (1 - source.quarantine_share) + source.quarantine_share
        WHEN valued.measure = 'points'
            THEN valued.value * (1 - source.quarantine_share) + valued.denominator / 100 * source.quarantine_share
        WHEN valued.measure = 'mean' THEN valued.value * (1 - source.quarantine_share) + 5 * source.quarantine_share
        ELSE valued.value / nullif(1 - source.quarantine_share, 0)
    END AS value_high,
    CASE
        WHEN held_list.extract IS NOT NULL OR source.quarantine_share > limits.most_quarantine_share THEN 'held'
        WHEN valued.value IS NULL THEN 'insufficient_data'
        WHEN valued.accrual = 'sum' AND source.coverage_share < limits.least_coverage_share THEN 'insufficient_data'
        WHEN valued.target IS NULL THEN 'not_applicable'
        WHEN valued.measure = 'target_ratio' AND valued.value >= 1 THEN 'met'
        WHEN valued.measure = 'target_ratio' THEN 'not_met'
        -- Compared as whole numbers against a decimal, so that 80 % reached exactly is reached.
        WHEN valued.measure = 'share' AND valued.numerator >= valued.target::DECIMAL(9, 6) * valued.denominator
            THEN 'met'
        WHEN valued.measure <> 'share' AND valued.numerator >= valued.target THEN 'met'
        ELSE 'not_met'
    END AS status,
    CASE
        WHEN valued.measure = 'share' AND valued.numerator > valued.denominator THEN 'over_whole'
        WHEN valued.doubt IS NOT NULL THEN valued.doubt
        -- Typed by departments, beside the same share counted from the list of databases.
        WHEN valued.kpi_code = 'T02'
            AND abs(valued.value - (listed.numerator / nullif(listed.denominator, 0))) > 0.005 THEN 'typed_differs'
        WHEN valued.accrual = 'newest' AND valued.measure = 'share'
            AND abs(valued.denominator - stood.denominator)
            > limits.denominator_moved_share * stood.denominator THEN 'denominator_moved'
        WHEN valued.source_extract = 'identity_issuance' AND valued.numerator < stood.numerator
            THEN 'running_total_fell'
    END AS plausibility,
    source.coverage_share,
    source.quarantine_share,
    coalesce(source.rows_quarantined, 0) AS rows_quarantined,
    valued.dossiers_with_newer_rejected,
    coalesce(origin.is_simulated, FALSE) AS is_simulated
FROM valued
CROSS JOIN limits
-- What is reported as it stands is compared with the period before.
LEFT JOIN mart.kpi_before AS stood
    ON stood.kpi_code = valued.kpi_code
    AND stood.period = valued.period
    AND stood.grain = valued.grain
    AND stood.member_key = valued.member_key
LEFT JOIN mart.kpi_connections AS listed
    ON valued.kpi_code = 'T02'
    AND listed.kpi_code = 'D01'
    AND listed.period = valued.period
    AND listed.grain = valued.grain
    AND listed.member_key = valued.member_key
LEFT JOIN quality.source_by_period AS source
    ON source.extract = valued.source_extract AND source.period = valued.period
LEFT JOIN held_list ON held_list.extract = valued.source_extract AND held_list.period = valued.period
LEFT JOIN quality.origin AS origin ON origin.extract = valued.source_extract
