-- grain chỉ tiêu × kỳ | indicator × period
-- purpose Số liệu toàn tỉnh không giống nhau ở hai bản, xem dưới tên `older_figure` và `newer_figure` | The province's figures that are not the same in two releases, seen as `older_figure` and `newer_figure`
SELECT
    coalesce(after.period, before.period) AS period,
    coalesce(after.kpi_code, before.kpi_code) AS kpi_code,
    coalesce(after.title_vi, before.title_vi) AS title_vi,
    coalesce(after.title_en, before.title_en) AS title_en,
    coalesce(after.measure, before.measure) AS measure,
    before.numerator AS numerator_before,
    after.numerator AS numerator_after,
    before.denominator AS denominator_before,
    after.denominator AS denominator_after,
    before.value AS value_before,
    after.value AS value_after,
    before.status AS status_before,
    after.status AS status_after
FROM (FROM newer_figure WHERE unit_level = 'province') AS after
FULL JOIN (FROM older_figure WHERE unit_level = 'province') AS before
    ON before.kpi_code = after.kpi_code AND before.period = after.period AND before.unit_code = after.unit_code
WHERE
    after.numerator IS DISTINCT FROM before.numerator
    OR after.denominator IS DISTINCT FROM before.denominator
    OR after.target IS DISTINCT FROM before.target
    OR after.value::DECIMAL(38, 9) IS DISTINCT FROM before.value::DECIMAL(38, 9)
    OR after.status IS DISTINCT FROM before.status
ORDER BY after.status IS NOT DISTINCT FROM before.status, period, kpi_code
