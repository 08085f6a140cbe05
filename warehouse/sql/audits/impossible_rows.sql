-- name audits.impossible_rows
-- grain một bảng × một điều không thể có | one table and impossibility met in it
-- purpose Điều cổng đã chặn không được có trong bảng sự kiện | What the gate keeps out is in no fact
WITH met AS (
    SELECT 'core.fact_civil_status' AS fact, 'registered_before_event' AS impossibility, count(*) AS rows
    FROM core.fact_civil_status
    WHERE registered_on < event_on
    UNION ALL
    SELECT 'core.fact_database_connection', 'used_before_connection', count(*)
    FROM core.fact_database_connection
    WHERE last_used_on < connected_on
    UNION ALL
    SELECT 'core.fact_digital_infrastructure', 'numerator_exceeds_denominator', count(*)
    FROM core.fact_digital_infrastructure
    WHERE numerator NOT BETWEEN 0 AND denominator
    UNION ALL
    SELECT 'core.fact_dossier_digitisation', 'paper_below_one', count(*)
    FROM core.fact_dossier_digitisation
    WHERE paper_no < 1
    UNION ALL
    SELECT 'core.fact_dossier_payment', 'amount_negative', count(*)
    FROM core.fact_dossier_payment
    WHERE amount_vnd < 0
    UNION ALL
    SELECT 'core.fact_dossier_step', 'end_before_start', count(*)
    FROM core.fact_dossier_step
    WHERE ended_at < started_at
    UNION ALL
    SELECT 'core.fact_essential_service_report', 'online_exceeds_total', count(*)
    FROM core.fact_essential_service_report
    WHERE dossiers_online NOT BETWEEN 0 AND dossiers_total
    UNION ALL
    SELECT 'core.fact_identity_issuance', 'week_exceeds_cumulative', count(*)
    FROM core.fact_identity_issuance
    WHERE cards_issued NOT BETWEEN 0 AND cards_issued_cumulative
    UNION ALL
    SELECT 'core.fact_insurance_participant', 'contribution_negative', count(*)
    FROM core.fact_insurance_participant
    WHERE contribution_vnd < 0
    UNION ALL
    SELECT 'core.fact_land_change', 'changed_after_period', count(*)
    FROM core.fact_land_change
    WHERE changed_on > last_day((period || '-01')::DATE)
    UNION ALL
    SELECT 'core.fact_official_requirement', 'numerator_exceeds_denominator', count(*)
    FROM core.fact_official_requirement
    WHERE numerator NOT BETWEEN 0 AND denominator
    UNION ALL
    SELECT 'core.fact_population_check', 'return_before_sending', count(*)
    FROM core.fact_population_check
    WHERE returned_on < sent_on
    UNION ALL
    SELECT 'core.fact_portal_reconciliation', 'online_exceeds_total', count(*)
    FROM core.fact_portal_reconciliation
    WHERE portal_online NOT BETWEEN 0 AND portal_dossiers
    UNION ALL
    SELECT 'core.fact_pupil', 'grade_beyond', count(*)
    FROM core.fact_pupil
    WHERE grade NOT BETWEEN 1 AND 12
    UNION ALL
    SELECT 'core.fact_satisfaction', 'score_beyond', count(*)
    FROM core.fact_satisfaction
    WHERE overall_score NOT BETWEEN 1 AND 5
    UNION ALL
    SELECT 'core.fact_satisfaction', 'answer_before_receipt', count(*)
    FROM core.fact_satisfaction
    WHERE answered_on < received_on
    UNION ALL
    SELECT 'core.fact_taxpayer', 'closed_before_registration', count(*)
    FROM core.fact_taxpayer
    WHERE closed_on < registered_on
    UNION ALL
    SELECT 'core.fact_welfare_payment', 'amount_not_positive', count(*)
    FROM core.fact_welfare_payment
    WHERE amount_vnd <= 0
    UNION ALL
    SELECT 'core.fact_work_file', 'online_exceeds_total', count(*)
    FROM core.fact_work_file
    WHERE files_online NOT BETWEEN 0 AND files_total
)
SELECT fact, impossibility, rows FROM met WHERE rows > 0
