-- name audits.dossier_balance
-- grain một kỳ × đơn vị mất cân đối | one period and unit out of balance
-- purpose Kỳ trước chuyển sang + tiếp nhận = đã giải quyết + rút + đang giải quyết, đếm thẳng từ hồ sơ | Carried over + received = resolved + withdrawn + in process, counted straight from the dossiers
WITH told AS (
    SELECT
        period.period,
        unit.province_key AS unit_key,
        count(*) FILTER (WHERE dossier.received_on < period.first_on) AS carried_over,
        count(*) FILTER (WHERE dossier.received_on >= period.first_on) AS received,
        count(*) FILTER (WHERE dossier.is_resolved AND dossier.finished_on <= period.last_on) AS resolved,
        count(*) FILTER (WHERE dossier.status_code = 7 AND dossier.closed_on <= period.last_on) AS withdrawn,
        count(*) FILTER (WHERE coalesce(dossier.closed_on > period.last_on, TRUE)) AS in_process
    FROM core.fact_dossier AS dossier
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
    JOIN core.dim_period AS period
        ON period.period_kind = 'year'
        AND dossier.received_on <= period.last_on
        AND coalesce(dossier.closed_on >= period.first_on, TRUE)
    WHERE dossier.is_received
    GROUP BY period.period, unit.province_key
),
shown AS (
    PIVOT (
        SELECT period, unit_key, kpi_code, numerator
        FROM mart.kpi_scorecard
        WHERE unit_level = 'province' AND period_kind = 'year'
    ) ON kpi_code IN ('O01', 'O03', 'O07', 'O08', 'O10') USING sum(numerator)
)
SELECT told.*
FROM told
JOIN shown ON shown.period = told.period AND shown.unit_key = told.unit_key
WHERE told.carried_over + told.received <> told.resolved + told.withdrawn + told.in_process
    OR (told.received, told.resolved, told.carried_over, told.in_process, told.withdrawn)
        IS DISTINCT FROM (shown.O01, shown.O03, shown.O07, shown.O08, shown.O10)
