-- name audits.dossier_balance
-- grain một kỳ × (tỉnh, cơ quan hoặc thủ tục) mất cân đối | one period and province, agency or procedure out of balance
-- purpose Kỳ trước chuyển sang + tiếp nhận = đã giải quyết + rút + đang giải quyết, đếm thẳng từ hồ sơ | Carried over + received = resolved + withdrawn + in process, counted straight from the dossiers
-- slices dossier_period
WITH told AS (
    SELECT
        period.period,
        CASE
            WHEN grouping(unit.province_key) = 0 THEN 'unit'
            WHEN grouping(agency.agency_code) = 0 THEN 'agency'
            ELSE 'service'
        END AS grain,
        coalesce(unit.province_key, agency.agency_code, service.procedure_code) AS member_key,
        count(*) FILTER (WHERE dossier.received_on < period.first_on) AS carried_over,
        count(*) FILTER (WHERE dossier.received_on >= period.first_on) AS received,
        count(*) FILTER (WHERE dossier.is_resolved AND dossier.finished_on <= period.last_on) AS resolved,
        count(*) FILTER (WHERE dossier.status_code = 7 AND dossier.closed_on <= period.last_on) AS withdrawn,
        count(*) FILTER (WHERE coalesce(dossier.closed_on > period.last_on, TRUE)) AS in_process
    FROM core.fact_dossier AS dossier
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = dossier.unit_key
    JOIN core.dim_agency AS agency ON agency.agency_key = dossier.agency_key
    JOIN core.dim_service AS service ON service.service_key = dossier.service_key
    JOIN core.dim_period AS period
        ON period.period_kind = 'year'
        AND dossier.received_on <= period.last_on
        AND coalesce(dossier.closed_on >= period.first_on, TRUE)
    WHERE dossier.is_received
    GROUP BY GROUPING SETS (
        (period.period, unit.province_key), (period.period, agency.agency_code), (period.period, service.procedure_code)
    )
),
shown AS (
    PIVOT (
        SELECT period, figure.grain, figure.member_key, figure.kpi_code, figure.numerator
        FROM mart.kpi_dossiers AS figure
        JOIN core.dim_period USING (period)
        WHERE period_kind = 'year'
    ) ON kpi_code IN ('O01', 'O03', 'O07', 'O08', 'O10') USING sum(numerator)
)
SELECT told.*
FROM told
JOIN shown USING (period, grain, member_key)
WHERE told.carried_over + told.received <> told.resolved + told.withdrawn + told.in_process
    OR (told.received, told.resolved, told.carried_over, told.in_process, told.withdrawn)
        IS DISTINCT FROM (shown.O01, shown.O03, shown.O07, shown.O08, shown.O10)
