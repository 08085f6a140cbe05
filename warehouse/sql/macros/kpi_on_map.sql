-- name mart.kpi_on_map
-- parameters map_date
-- grain chỉ tiêu × kỳ × đơn vị có trên bản đồ của ngày đó | indicator × period × unit on the map of that day
-- purpose Bảng điểm trên bản đồ của một ngày khác; con số nào không cộng lại được trọn vẹn thì để trống, is_derivable sai | The scorecard on the map of another day; a figure that cannot be added up whole is empty and not derivable
WITH RECURSIVE asked AS (
    SELECT map_date::DATE AS map_on
),
unit AS (
    SELECT unit_key, unit_code, level, full_name, valid_from, coalesce(valid_to, DATE '9999-12-31') AS valid_to
    FROM core.dim_administrative_unit
),
on_map AS (
    SELECT unit.* FROM unit JOIN asked ON asked.map_on >= unit.valid_from AND asked.map_on < unit.valid_to
),
step AS (
    SELECT old_unit_key, new_unit_key
    FROM core.bridge_unit_succession
    WHERE old_unit_key IS NOT NULL AND new_unit_key IS NOT NULL
    UNION
    SELECT earlier.unit_key, later.unit_key
    FROM unit AS earlier
    JOIN unit AS later ON later.unit_code = earlier.unit_code AND later.valid_from = earlier.valid_to
    WHERE NOT EXISTS (
        SELECT 1
        FROM core.bridge_unit_succession AS act
        WHERE act.effective_on = later.valid_from AND earlier.unit_code IN (act.old_code, act.new_code)
    )
),
became AS (
    SELECT unit_key, unit_key AS later_unit_key FROM unit
    UNION
    SELECT became.unit_key, step.new_unit_key
    FROM became
    JOIN step ON step.old_unit_key = became.later_unit_key
),
-- Whose figures belong to a unit of the map, be it in part: a figure is whole only when all of theirs go there whole.
kin AS (
    SELECT on_map.unit_key AS map_unit_key, became.unit_key
    FROM on_map
    JOIN became ON became.later_unit_key = on_map.unit_key
    UNION
    SELECT on_map.unit_key, became.later_unit_key
    FROM on_map
    JOIN became ON became.unit_key = on_map.unit_key
),
expected AS (
    SELECT frame.period, kin.map_unit_key, count(*) AS units
    FROM kin
    JOIN mart.unit_period AS frame ON frame.unit_key = kin.unit_key
    WHERE frame.is_valid
    GROUP BY frame.period, kin.map_unit_key
),
unlisted AS (
    SELECT became.later_unit_key AS map_unit_key, max(act.effective_on) AS until_on
    FROM core.bridge_unit_succession AS act
    JOIN became ON became.unit_key = act.new_unit_key
    WHERE act.old_unit_key IS NULL
    GROUP BY became.later_unit_key
),
summed AS (
    SELECT
        scorecard.kpi_code,
        scorecard.period,
        kin.map_unit_key,
        sum(scorecard.numerator) AS numerator,
        sum(scorecard.denominator) AS denominator,
        sum(scorecard.target) AS target,
        count(*) FILTER (WHERE frame.is_valid) AS units,
        bool_and(bridge.map_unit_key IS NOT NULL AND scorecard.numerator IS NOT NULL)
        -- Where nothing happened the scorecard has 0 of nothing.
        AND (bool_and(scorecard.denominator IS NOT NULL OR scorecard.numerator = 0) OR count(scorecard.denominator) = 0)
        -- Only what happens adds up over time; of what is reported as it stands, a unit and its successor would both count.
        AND (
            bool_and(indicator.accrual = 'sum')
            OR max(unit.valid_from) < min(unit.valid_to)
        )
        -- Points are no sums at all: they hold for the unit they are of.
        AND (
            bool_and(scorecard.measure IN ('share', 'mean', 'count', 'vnd', 'target_ratio'))
            OR bool_and(scorecard.unit_key = kin.map_unit_key)
        ) AS is_whole
    FROM mart.kpi_scorecard AS scorecard
    JOIN meta.indicator AS indicator ON indicator.kpi_code = scorecard.kpi_code
    JOIN kin ON kin.unit_key = scorecard.unit_key
    JOIN unit ON unit.unit_key = scorecard.unit_key
    JOIN mart.unit_period AS frame ON frame.period = scorecard.period AND frame.unit_key = scorecard.unit_key
    LEFT JOIN core.bridge_unit_map AS bridge
        ON bridge.unit_key = scorecard.unit_key AND bridge.map_unit_key = kin.map_unit_key
    GROUP BY scorecard.kpi_code, scorecard.period, kin.map_unit_key
),
wanted AS (
    SELECT DISTINCT kpi_code, period, measure, unit_level FROM mart.kpi_scorecard
),
placed AS (
    SELECT
        wanted.kpi_code,
        wanted.period,
        wanted.measure,
        on_map.*,
        summed.numerator,
        summed.denominator,
        summed.target,
        coalesce(summed.is_whole AND summed.units = expected.units AND unlisted.map_unit_key IS NULL, FALSE)
            AS is_derivable
    FROM wanted
    JOIN core.dim_period AS period ON period.period = wanted.period
    JOIN on_map ON on_map.level = wanted.unit_level
    LEFT JOIN summed
        ON summed.kpi_code = wanted.kpi_code
        AND summed.period = wanted.period
        AND summed.map_unit_key = on_map.unit_key
    LEFT JOIN expected ON expected.period = wanted.period AND expected.map_unit_key = on_map.unit_key
    LEFT JOIN unlisted ON unlisted.map_unit_key = on_map.unit_key AND unlisted.until_on > period.first_on
)
SELECT
    placed.kpi_code,
    placed.period,
    asked.map_on AS map_date,
    placed.unit_key,
    placed.unit_code,
    placed.level AS unit_level,
    placed.full_name AS unit_name,
    CASE WHEN placed.is_derivable THEN placed.numerator END AS numerator,
    CASE WHEN placed.is_derivable THEN placed.denominator END AS denominator,
    CASE
        WHEN NOT placed.is_derivable THEN NULL
        WHEN placed.measure IN ('share', 'mean') THEN placed.numerator / nullif(placed.denominator, 0)
        WHEN placed.measure = 'points' THEN placed.numerator / 100
        WHEN placed.measure = 'target_ratio' THEN placed.numerator / nullif(placed.target, 0)
        ELSE placed.numerator
    END::DOUBLE AS value,
    placed.is_derivable
FROM placed
CROSS JOIN asked
