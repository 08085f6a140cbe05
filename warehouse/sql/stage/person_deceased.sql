-- name stage.person_deceased
-- grain một người được biết là đã chết | one person known to be dead
-- purpose Người đã có khai tử, hoặc kết quả đối soát mới nhất báo đã chết, và chậm nhất đã chết vào ngày nào | People whose death is registered, or whose newest check against the population database says so, and the day by which they were dead
WITH registered AS (
    SELECT
        citizen_token,
        -- Of a death known by its month or year only, the last day that it can have been.
        CASE event_on_precision
            WHEN 'day' THEN event_on
            WHEN 'month' THEN last_day(event_on)
            ELSE make_date(year(event_on), 12, 31)
        END AS dead_by_on
    FROM core.fact_civil_status
    WHERE event_kind = 'death' AND citizen_token IS NOT NULL
),
checked AS (
    SELECT citizen_token, result_code, returned_on AS dead_by_on
    FROM core.fact_population_check
    WHERE citizen_token IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY citizen_token ORDER BY returned_on DESC, batch_no DESC, line_no DESC
    ) = 1
),
known AS (
    SELECT citizen_token, dead_by_on FROM registered
    UNION ALL
    SELECT citizen_token, dead_by_on FROM checked WHERE result_code = 'deceased'
)
SELECT citizen_token, min(dead_by_on) AS dead_by_on
FROM known
GROUP BY citizen_token
