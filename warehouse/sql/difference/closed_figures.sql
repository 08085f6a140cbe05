-- grain một dòng | one row
-- purpose Số liệu của các kỳ kết thúc trước $closed_before: bản cũ có bao nhiêu, bao nhiêu nay đã khác; chỉ tìm trong `older_figure` và `newer_figure` | Figures of periods that ended before $closed_before: how many the older release had, how many are not what they were, looked for in `older_figure` and `newer_figure` only
WITH closed AS (
    SELECT period FROM older.core.dim_period WHERE last_on < $closed_before
)
SELECT
    (SELECT count(*) FROM older.mart.kpi_scorecard SEMI JOIN closed USING (period) WHERE value IS NOT NULL) AS figures,
    count(*) FILTER (
        WHERE after.value::DECIMAL(38, 9) IS DISTINCT FROM before.value::DECIMAL(38, 9)
            OR after.status IS DISTINCT FROM before.status
    ) AS moved
FROM older_figure AS before
SEMI JOIN closed ON closed.period = before.period
LEFT JOIN newer_figure AS after
    ON after.kpi_code = before.kpi_code AND after.period = before.period AND after.unit_key = before.unit_key
WHERE before.value IS NOT NULL
