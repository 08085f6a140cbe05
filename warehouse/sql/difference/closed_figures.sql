-- grain một dòng | one row
-- purpose Số liệu của các kỳ kết thúc trước $closed_before: bản cũ có bao nhiêu, bao nhiêu nay đã khác | Figures of periods that ended before $closed_before: how many the older release had, how many are not what they were
SELECT
    count(*) AS figures,
    count(*) FILTER (
        WHERE after.value::DECIMAL(38, 9) IS DISTINCT FROM before.value::DECIMAL(38, 9)
            OR after.status IS DISTINCT FROM before.status
    ) AS moved
FROM older.mart.kpi_scorecard AS before
JOIN older.core.dim_period AS period ON period.period = before.period AND period.last_on < $closed_before
LEFT JOIN newer.mart.kpi_scorecard AS after
    ON after.kpi_code = before.kpi_code AND after.period = before.period AND after.unit_key = before.unit_key
WHERE before.value IS NOT NULL
