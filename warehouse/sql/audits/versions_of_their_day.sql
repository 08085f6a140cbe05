-- name audits.versions_of_their_day
-- grain một bảng × một khoá chiều không có phiên bản vào ngày của dòng | one table and dimension key without a version on the day of the row
-- purpose Khoá chiều của mọi bảng sự kiện phải có trong chiều, và có hiệu lực vào ngày mà bảng nói | Dimension keys of every fact exist, and are valid on the day that the fact says
WITH version AS (
    SELECT unit_key AS dimension_key, valid_from, valid_to FROM core.dim_administrative_unit
    UNION ALL
    SELECT agency_key, valid_from, valid_to FROM core.dim_agency
    UNION ALL
    SELECT service_key, valid_from, valid_to FROM core.dim_service
),
pointer AS (
    SELECT 'core.fact_civil_status' AS fact, 'unit_key' AS key_column, unit_key AS dimension_key, last_day((period || '-01')::DATE) AS on_day
    FROM core.fact_civil_status
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_land_change', 'unit_key', unit_key, last_day((period || '-01')::DATE)
    FROM core.fact_land_change
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_insurance_participant', 'unit_key', unit_key, last_day(month_first_on)
    FROM core.fact_insurance_participant
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_taxpayer', 'unit_key', unit_key, last_day(month_first_on)
    FROM core.fact_taxpayer
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_welfare_payment', 'unit_key', unit_key, last_day(month_first_on)
    FROM core.fact_welfare_payment
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_pupil', 'unit_key', unit_key, term_last_on
    FROM core.fact_pupil
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_population_check', 'unit_key', unit_key, returned_on
    FROM core.fact_population_check
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_identity_issuance', 'unit_key', unit_key, week_last_on
    FROM core.fact_identity_issuance
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_digital_infrastructure', 'unit_key', unit_key, quarter_last_on
    FROM core.fact_digital_infrastructure
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_official_requirement', 'unit_key', unit_key, quarter_last_on
    FROM core.fact_official_requirement
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_work_file', 'agency_key', agency_key, last_day(month_first_on)
    FROM core.fact_work_file
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_portal_reconciliation', 'agency_key', agency_key, last_day(month_first_on)
    FROM core.fact_portal_reconciliation
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_essential_service_report', 'agency_key', agency_key, last_day(month_first_on)
    FROM core.fact_essential_service_report
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_essential_service_report', 'service_key', service_key, last_day(month_first_on)
    FROM core.fact_essential_service_report
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_dossier_step', 'agency_key', agency_key, ended_at::DATE
    FROM core.fact_dossier_step
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_database_connection', 'owner_agency_key', owner_agency_key, quarter_last_on
    FROM core.fact_database_connection
    GROUP BY ALL
    UNION ALL
    SELECT 'core.fact_target_response', 'owner_agency_key', owner_agency_key, last_day((quarter_first_on + INTERVAL 2 MONTH)::DATE)
    FROM core.fact_target_response
    GROUP BY ALL
),
-- What tells of a dossier has the dossier's keys, which are those of the day it was received.
of_dossier AS (
    SELECT DISTINCT fact, key_column, dimension_key
    FROM (
        SELECT 'core.fact_dossier_payment' AS fact, agency_key, service_key, unit_key FROM core.fact_dossier_payment
        UNION ALL
        SELECT 'core.fact_dossier_digitisation', agency_key, service_key, unit_key FROM core.fact_dossier_digitisation
        UNION ALL
        SELECT 'core.fact_satisfaction', agency_key, service_key, unit_key FROM core.fact_satisfaction
    ) UNPIVOT (dimension_key FOR key_column IN (agency_key, service_key, unit_key))
)
SELECT pointer.*
FROM pointer
LEFT JOIN version
    ON version.dimension_key = pointer.dimension_key
    AND version.valid_from <= pointer.on_day
    AND coalesce(version.valid_to, DATE '9999-12-31') > pointer.on_day
WHERE version.dimension_key IS NULL
UNION ALL
SELECT of_dossier.*, NULL
FROM of_dossier
ANTI JOIN version ON version.dimension_key = of_dossier.dimension_key
