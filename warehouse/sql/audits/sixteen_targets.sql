-- name audits.sixteen_targets
-- grain một tỉnh × năm không đủ 16 chỉ tiêu | one province and year without exactly sixteen targets
-- purpose Mỗi tỉnh, mỗi năm có đúng 16 chỉ tiêu | Every province has exactly sixteen targets a year
-- slices period
SELECT period.period, unit.unit_key, count(scorecard.kpi_code) AS targets
FROM core.dim_period AS period
JOIN core.dim_administrative_unit AS unit
    ON unit.level = 'province'
    AND unit.valid_from <= period.last_on
    AND coalesce(unit.valid_to, DATE '9999-12-31') > period.first_on
LEFT JOIN mart.kpi_scorecard AS scorecard
    ON scorecard.kpi_set = 'target_16'
    AND scorecard.period = period.period
    AND scorecard.unit_key = unit.unit_key
WHERE period.period_kind = 'year'
GROUP BY period.period, unit.unit_key
HAVING count(scorecard.kpi_code) <> 16
