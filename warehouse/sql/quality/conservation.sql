-- name quality.conservation
-- grain một lần gửi hoặc một bảng × một phương trình | delivery or table × equation
-- purpose Không dòng nào mất, không dòng nào tính hai lần: hai vế phải bằng nhau | No row lost, none counted twice: both sides must be equal
-- clearance open
-- key scope, subject, equation
-- column scope | delivery hoặc fact | delivery or fact
-- column subject | Mã nội dung gửi hoặc tên bảng | Delivery or table
-- column equation | Phương trình | Equation
-- column total_rows | Vế trái | Left side
-- column explained_rows | Vế phải | Right side
-- column difference_rows | Chênh lệch, phải bằng 0 | Difference, must be 0
WITH set_aside AS (
    SELECT DISTINCT finding.extract, finding.delivery_id, finding.source_sheet, finding.source_row
    FROM stage.release_finding AS finding
    JOIN ledger.rule AS rule
        ON rule.rule_set_id = 'release'
        AND rule.extract = finding.extract
        AND rule.rule_code = finding.rule_code
        AND rule.severity = 'quarantine'
),
-- An extract that feeds two facts: how many of its rows are for each.
share_of_extract AS (
    SELECT
        CASE
            WHEN starts_with(measure_code, 'official_') THEN 'core.fact_official_requirement'
            ELSE 'core.fact_digital_infrastructure'
        END AS name,
        count(*) AS rows
    FROM ledger.digital_infrastructure
    GROUP BY ALL
),
fact AS (
    SELECT
        'core.fact_dossier' AS name,
        'one_stop_dossier' AS extract,
        (SELECT count(*) FROM core.fact_dossier) AS shown,
        (SELECT coalesce(sum(records - dossiers), 0)::BIGINT FROM stage.dossier_tally) AS older
    UNION ALL
    SELECT
        'core.fact_work_file',
        'work_file_processing',
        (SELECT count(*) FROM core.fact_work_file),
        (
            SELECT count(*) - count(DISTINCT (agency_code, period))
            FROM stage.work_file_record
            WHERE is_counting AND agency_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_identity_issuance',
        'identity_issuance',
        (SELECT count(*) FROM core.fact_identity_issuance),
        (SELECT count(*) - count(DISTINCT (unit_code, period)) FROM ledger.identity_issuance)
    UNION ALL
    SELECT
        'core.fact_digital_infrastructure',
        'digital_infrastructure',
        (SELECT count(*) FROM core.fact_digital_infrastructure),
        (
            SELECT count(*) - count(DISTINCT (unit_code, measure_code, period))
            FROM ledger.digital_infrastructure
            WHERE NOT starts_with(measure_code, 'official_')
        )
    UNION ALL
    SELECT
        'core.fact_official_requirement',
        'digital_infrastructure',
        (SELECT count(*) FROM core.fact_official_requirement),
        (
            SELECT count(*) - count(DISTINCT (unit_code, measure_code, period))
            FROM stage.official_requirement_record
            WHERE is_counting
        )
    UNION ALL
    SELECT
        'core.fact_essential_service_report',
        'essential_service_report',
        (SELECT count(*) FROM core.fact_essential_service_report),
        (
            SELECT count(*) - count(DISTINCT (supplier_code, procedure_code, period))
            FROM stage.essential_service_record
            WHERE is_counting AND service_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_target_response',
        'target_response',
        (SELECT count(*) FROM core.fact_target_response),
        (
            SELECT count(*) - count(DISTINCT (supplier_code, kpi_code, period))
            FROM stage.target_response_record
            WHERE is_counting AND owner_agency_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_database_connection',
        'shared_database',
        (SELECT count(*) FROM core.fact_database_connection),
        (
            SELECT count(*) - count(DISTINCT (database_code, period))
            FROM stage.shared_database_record
            WHERE is_counting AND owner_agency_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_satisfaction',
        'satisfaction_response',
        (SELECT count(*) FROM core.fact_satisfaction),
        (
            SELECT count(*) - count(DISTINCT response_no)
            FROM stage.satisfaction_record
            WHERE is_counting AND known_dossier_code IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_portal_reconciliation',
        'portal_reconciliation',
        (SELECT count(*) FROM core.fact_portal_reconciliation),
        (
            SELECT count(*) - count(DISTINCT (agency_code, period))
            FROM stage.portal_record
            WHERE is_counting AND agency_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_population_check',
        'population_check_result',
        (SELECT count(*) FROM core.fact_population_check),
        (
            SELECT count(*) - count(DISTINCT (batch_no, line_no))
            FROM stage.population_check_record
            WHERE is_counting AND unit_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_taxpayer',
        'taxpayer',
        (SELECT count(*) FROM core.fact_taxpayer),
        (
            SELECT count(*) - count(DISTINCT (tax_token, period))
            FROM stage.taxpayer_record
            WHERE is_counting AND unit_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_insurance_participant',
        'insurance_participant',
        (SELECT count(*) FROM core.fact_insurance_participant),
        (
            SELECT count(*) - count(DISTINCT (insurance_token, period))
            FROM stage.insurance_participant_record
            WHERE is_counting AND unit_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_land_change',
        'land_change',
        (SELECT count(*) FROM core.fact_land_change),
        (SELECT count(*) - count(DISTINCT change_no) FROM ledger.land_change)
    UNION ALL
    SELECT
        'core.fact_civil_status',
        'civil_status',
        (SELECT count(*) FROM core.fact_civil_status),
        (SELECT count(*) - count(DISTINCT registration_no) FROM ledger.civil_status)
    UNION ALL
    SELECT
        'core.fact_dossier_step',
        'dossier_step',
        (SELECT count(*) FROM core.fact_dossier_step),
        (
            SELECT count(*) - count(DISTINCT (dossier_code, step_no))
            FROM stage.dossier_step_record
            WHERE is_counting AND agency_key IS NOT NULL
        )
    UNION ALL
    SELECT
        'core.fact_dossier_payment',
        'dossier_payment',
        (SELECT count(*) FROM core.fact_dossier_payment),
        (SELECT count(*) - count(DISTINCT payment_no) FROM ledger.dossier_payment)
    UNION ALL
    SELECT
        'core.fact_dossier_digitisation',
        'dossier_digitisation',
        (SELECT count(*) FROM core.fact_dossier_digitisation),
        (SELECT count(*) - count(DISTINCT (dossier_code, paper_no)) FROM ledger.dossier_digitisation)
    UNION ALL
    SELECT
        'core.fact_welfare_payment',
        'welfare_payment',
        (SELECT count(*) FROM core.fact_welfare_payment),
        (SELECT count(*) - count(DISTINCT (beneficiary_token, period)) FROM ledger.welfare_payment)
    UNION ALL
    SELECT
        'core.fact_pupil',
        'pupil',
        (SELECT count(*) FROM core.fact_pupil),
        (SELECT count(*) - count(DISTINCT (pupil_token, period)) FROM ledger.pupil)
),
side AS (
    SELECT
        'delivery' AS scope,
        delivery_id AS subject,
        'positions = set aside + rows read' AS equation,
        positions AS total_rows,
        rows_set_aside + rows_read AS explained_rows
    FROM ledger.receipt
    WHERE rows_read IS NOT NULL
    UNION ALL
    SELECT
        'delivery',
        delivery_id,
        'rows read = accepted + quarantined + structural',
        rows_read,
        rows_accepted + rows_quarantined + rows_structural
    FROM ledger.receipt
    WHERE rows_read IS NOT NULL
    UNION ALL
    SELECT
        'delivery',
        receipt.delivery_id,
        'accepted = rows in the ledger',
        receipt.rows_accepted,
        coalesce(ledger_rows.rows, 0)
    FROM ledger.receipt AS receipt
    JOIN ledger.sending AS sending
        ON sending.delivery_id = receipt.delivery_id AND sending.status = 'accepted'
    LEFT JOIN stage.ledger_rows AS ledger_rows ON ledger_rows.delivery_id = receipt.delivery_id
    UNION ALL
    SELECT
        'fact',
        fact.name,
        'accepted at the gate = in the fact + older states + deleted by the supplier + quarantined in the release',
        CASE
            WHEN fact.extract = 'digital_infrastructure'
                THEN coalesce((SELECT rows FROM share_of_extract WHERE share_of_extract.name = fact.name), 0)
            ELSE coalesce((SELECT sum(rows)::BIGINT FROM stage.ledger_rows WHERE extract = fact.extract), 0)
        END,
        fact.shown + fact.older + (
            SELECT count(*) FROM ledger.deleted_row AS deleted WHERE deleted.extract = fact.extract
        ) + (
            SELECT count(*)
            FROM set_aside
            JOIN ledger.sending AS sending
                ON sending.delivery_id = set_aside.delivery_id AND sending.status = 'accepted'
            WHERE set_aside.extract = fact.extract
        )
    FROM fact
)
SELECT scope, subject, equation, total_rows, explained_rows, total_rows - explained_rows AS difference_rows
FROM side
