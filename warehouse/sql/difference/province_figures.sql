-- grain chỉ tiêu × kỳ | indicator × period
-- purpose Số liệu toàn tỉnh không giống nhau ở hai bản, mở dưới tên `older` và `newer` | The province's figures that are not the same in two releases, opened as `older` and `newer`
SELECT
    coalesce(after.kpi_code, before.kpi_code) AS kpi_code,
    coalesce(after.period, before.period) AS period,
    before.numerator AS numerator_before,
    after.numerator AS numerator_after,
    before.denominator AS denominator_before,
    after.denominator AS denominator_after,
    before.value AS value_before,
    after.value AS value_after,
    before.status AS status_before,
    after.status AS status_after
FROM (FROM older.mart.kpi_scorecard WHERE unit_level = 'province') AS before
FULL JOIN (FROM newer.mart.kpi_scorecard WHERE unit_level = 'province') AS after
    ON after.kpi_code = before.kpi_code AND after.period = before.period AND after.unit_key = before.unit_key
WHERE
    after.numerator IS DISTINCT FROM before.numerator
    OR after.denominator IS DISTINCT FROM before.denominator
    OR after.value::DECIMAL(38, 9) IS DISTINCT FROM before.value::DECIMAL(38, 9)
    OR after.status IS DISTINCT FROM before.status
ORDER BY period, kpi_code
