-- name mart.kpi_connections
-- grain chỉ tiêu × kỳ × (đơn vị hoặc cơ quan) | indicator × period × (unit or agency)
-- purpose Dữ liệu kết nối, đối soát: cơ sở dữ liệu kết nối và có khai thác, người tham gia bảo hiểm khớp dân cư, hồ sơ có ở cả Cổng quốc gia | Data connected and compared: databases connected and used, insured persons matched with the population database, dossiers found on the national portal too
-- clearance analyst
-- key kpi_code, period, grain, member_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ | Period
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan) | unit (province, district, commune), agency
-- column member_key | Phiên bản đơn vị, hoặc mã cơ quan | Version of the unit, or agency code
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số | Denominator
WITH database AS (
    SELECT period.period, report.database_code, report.owner_agency_key, report.quarter_last_on,
        report.is_connected, report.is_connected AND report.is_used AS is_used
    FROM core.fact_database_connection AS report
    JOIN core.dim_period AS period
        ON period.period_kind <> 'month'
        AND report.quarter_last_on BETWEEN period.first_on AND period.last_on
    QUALIFY row_number() OVER (
        PARTITION BY period.period, report.database_code ORDER BY report.quarter_last_on DESC
    ) = 1
),
portal AS (
    SELECT period.period, report.agency_key, report.month_first_on,
        report.codes_listed - report.codes_unknown_here AS on_both, report.own_dossiers + report.codes_unknown_here AS on_any
    FROM core.fact_portal_reconciliation AS report
    JOIN core.dim_period AS period
        ON period.period_kind <> 'quarter'
        AND report.month_first_on BETWEEN period.first_on AND period.last_on
),
of_agency AS (
    SELECT 'D01' AS kpi_code, period, owner_agency_key AS agency_key, quarter_last_on AS on_date,
        is_connected::INTEGER AS numerator, 1 AS denominator
    FROM database
    UNION ALL
    SELECT 'D02', period, owner_agency_key, quarter_last_on, is_used::INTEGER, 1 FROM database
    UNION ALL
    SELECT 'D03', period, agency_key, month_first_on, on_both, on_any FROM portal
),
of_unit AS (
    SELECT
        period.period,
        checked.unit_key,
        count(*) FILTER (WHERE checked.is_matched) AS numerator,
        count(*) AS denominator
    FROM core.fact_population_check AS checked
    JOIN core.dim_period AS period
        ON period.period_kind <> 'quarter'
        AND checked.returned_on BETWEEN period.first_on AND period.last_on
    WHERE checked.register_code = 'insurance'
    GROUP BY period.period, checked.unit_key
),
placed AS (
    SELECT figure.kpi_code, figure.period, 'agency' AS grain, agency.agency_code AS member_key, figure.numerator,
        figure.denominator
    FROM of_agency AS figure
    JOIN core.dim_agency AS agency ON agency.agency_key = figure.agency_key
    UNION ALL
    -- An agency counts where it works: a commune's people's committee in its commune, a department in the province.
    SELECT figure.kpi_code, figure.period, 'unit',
        unnest(
            CASE
                WHEN figure.kpi_code = 'D03' THEN list_distinct([unit.province_key, unit.district_key, unit.unit_key])
                ELSE [unit.province_key]
            END
        ),
        figure.numerator, figure.denominator
    FROM of_agency AS figure
    JOIN core.dim_agency AS agency ON agency.agency_key = figure.agency_key
    JOIN core.dim_administrative_unit AS unit
        ON unit.unit_code = agency.unit_code
        AND unit.valid_from <= figure.on_date
        AND coalesce(unit.valid_to, DATE '9999-12-31') > figure.on_date
    UNION ALL
    SELECT 'C01', figure.period, 'unit', unnest(list_distinct([unit.province_key, unit.district_key, unit.unit_key])),
        figure.numerator, figure.denominator
    FROM of_unit AS figure
    JOIN core.dim_administrative_unit AS unit ON unit.unit_key = figure.unit_key
)
SELECT
    kpi_code,
    period,
    grain,
    member_key,
    sum(numerator)::BIGINT AS numerator,
    sum(denominator)::BIGINT AS denominator
FROM placed
WHERE member_key IS NOT NULL
GROUP BY kpi_code, period, grain, member_key
