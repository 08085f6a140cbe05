-- name audits.units_add_up
-- grain một chỉ tiêu × kỳ mà cộng các xã hoặc các huyện khác toàn tỉnh | one indicator and period whose communes or districts do not add up to the province
-- purpose Cộng các xã bằng tỉnh; cộng các huyện bằng tỉnh. Không xét biểu mà cấp tỉnh, huyện tự báo cáo phần của mình, và điểm | The communes add up to the province, and so do the districts; left out are extracts in which provinces and districts report for themselves, and points
-- slices period
WITH level_total AS (
    SELECT
        scorecard.kpi_code,
        scorecard.period,
        unit.province_key,
        scorecard.unit_level,
        sum(scorecard.numerator) AS numerator,
        sum(scorecard.denominator) AS denominator
    FROM mart.kpi_scorecard AS scorecard
    JOIN reference.indicator AS indicator ON indicator.kpi_code = scorecard.kpi_code
    JOIN mart.unit_period AS unit ON unit.period = scorecard.period AND unit.unit_key = scorecard.unit_key
    WHERE contains(indicator.grains, 'commune')
        AND indicator.measure <> 'points'
        AND indicator.source_extract NOT IN ('portal_reconciliation', 'work_file_processing', 'digital_infrastructure')
    GROUP BY ALL
)
SELECT lower.*
FROM level_total AS lower
JOIN level_total AS province
    ON province.kpi_code = lower.kpi_code
    AND province.period = lower.period
    AND province.province_key = lower.province_key
    AND province.unit_level = 'province'
WHERE (lower.numerator, lower.denominator) IS DISTINCT FROM (province.numerator, province.denominator)
