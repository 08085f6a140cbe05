-- name mart.kpi_dossiers
-- grain chỉ tiêu × kỳ × (đơn vị, cơ quan hoặc dịch vụ) | indicator × period × (unit, agency or service)
-- purpose Tử số, mẫu số của các chỉ tiêu về hồ sơ một cửa | Numerators and denominators of the indicators on one-stop dossiers
-- clearance analyst
-- key kpi_code, period, grain, member_key
-- slices dossier_period
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column grain | unit (tỉnh, huyện, xã), agency (cơ quan), service (thủ tục, dịch vụ thiết yếu) | unit (province, district, commune), agency, service (procedure, essential service)
-- column member_key | Phiên bản đơn vị, mã cơ quan, mã thủ tục, hoặc TY và số thứ tự của dịch vụ thiết yếu | Version of the unit, agency code, procedure code, or TY and the number of the essential service
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số (trống khi là số đếm) | Denominator; empty for counts
-- column dossiers_with_newer_rejected | Số hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
WITH placed AS (
    SELECT unnest(list_distinct([province_key, district_key, unit_key])) AS member_key, cohort.*
    FROM mart.dossier_cohort AS cohort
    WHERE cohort.grain = 'unit'
    UNION ALL
    SELECT agency.agency_code, cohort.*
    FROM mart.dossier_cohort AS cohort
    JOIN core.dim_agency AS agency ON agency.agency_key = cohort.agency_key
    UNION ALL
    SELECT unnest([service.procedure_code, 'TY' || lpad(service.service_no::VARCHAR, 2, '0')]), cohort.*
    FROM mart.dossier_cohort AS cohort
    JOIN core.dim_service AS service ON service.service_key = cohort.service_key
),
cohort AS (
    SELECT
        grain,
        member_key,
        received_month,
        closed_month,
        outcome,
        is_online,
        is_essential,
        sum(dossiers) AS dossiers,
        sum(before_due) AS before_due,
        sum(on_due) AS on_due,
        sum(after_due) AS after_due,
        sum(with_payment) AS with_payment,
        sum(paid_online) AS paid_online,
        sum(components_digitised) AS components_digitised,
        sum(components_reused) AS components_reused,
        sum(result_digitised) AS result_digitised,
        sum(vneid_authenticated) AS vneid_authenticated,
        sum(full_process) AS full_process,
        sum(newer_rejected) AS newer_rejected
    FROM placed
    WHERE member_key IS NOT NULL
    GROUP BY ALL
),
told AS (
    SELECT
        period.period,
        cohort.*,
        cohort.received_month >= period.first_on AS is_new,
        coalesce(cohort.closed_month > period.last_on, TRUE) AS is_open_at_end
    FROM cohort
    JOIN core.dim_period AS period
        ON period.period_kind <> 'quarter'
        AND cohort.received_month <= period.last_on
        AND coalesce(cohort.closed_month >= period.first_on, TRUE)
),
summed AS (
    SELECT
        period,
        grain,
        member_key,
        coalesce(sum(dossiers) FILTER (WHERE is_new), 0) AS received,
        coalesce(sum(dossiers) FILTER (WHERE is_new AND is_online), 0) AS online,
        coalesce(sum(with_payment) FILTER (WHERE is_new), 0) AS with_payment,
        coalesce(sum(paid_online) FILTER (WHERE is_new), 0) AS paid_online,
        coalesce(sum(components_digitised) FILTER (WHERE is_new), 0) AS components_digitised,
        coalesce(sum(components_reused) FILTER (WHERE is_new), 0) AS components_reused,
        coalesce(sum(vneid_authenticated) FILTER (WHERE is_new), 0) AS vneid_authenticated,
        coalesce(sum(full_process) FILTER (WHERE is_new), 0) AS full_process,
        coalesce(sum(full_process) FILTER (WHERE is_new AND is_online), 0) AS full_process_online,
        coalesce(sum(dossiers) FILTER (WHERE NOT is_new), 0) AS carried_over,
        coalesce(sum(dossiers) FILTER (WHERE outcome = 'resolved' AND NOT is_open_at_end), 0) AS resolved,
        coalesce(sum(before_due) FILTER (WHERE NOT is_open_at_end), 0) AS resolved_before,
        coalesce(sum(on_due) FILTER (WHERE NOT is_open_at_end), 0) AS resolved_on,
        coalesce(sum(after_due) FILTER (WHERE NOT is_open_at_end), 0) AS resolved_late,
        coalesce(sum(result_digitised) FILTER (WHERE outcome = 'resolved' AND NOT is_open_at_end), 0)
            AS result_digitised,
        coalesce(sum(dossiers) FILTER (WHERE outcome = 'withdrawn' AND NOT is_open_at_end), 0) AS withdrawn,
        coalesce(sum(dossiers) FILTER (WHERE is_open_at_end), 0) AS in_process,
        coalesce(sum(dossiers) FILTER (WHERE outcome = 'paused'), 0) AS paused,
        coalesce(sum(dossiers) FILTER (WHERE is_new AND is_online AND is_essential), 0) AS essential_online,
        coalesce(
            sum(dossiers) FILTER (
                WHERE is_new AND is_online AND is_essential AND outcome = 'resolved' AND NOT is_open_at_end
            ),
            0
        ) AS essential_online_resolved,
        coalesce(sum(newer_rejected), 0) AS newer_rejected
    FROM told
    GROUP BY period, grain, member_key
),
frame AS (
    -- Units and essential services have their rows even where nothing was received.
    SELECT 'unit' AS grain, unit_key AS member_key, period FROM mart.unit_period WHERE period_kind <> 'quarter'
    UNION
    SELECT 'service', 'TY' || lpad(essential.service_no::VARCHAR, 2, '0'), period.period
    FROM reference.essential_service AS essential
    CROSS JOIN core.dim_period AS period
    WHERE period.period_kind <> 'quarter'
    UNION
    SELECT grain, member_key, period FROM summed WHERE grain <> 'unit'
),
framed AS (
    SELECT frame.period, frame.grain, frame.member_key, summed.* EXCLUDE (period, grain, member_key)
    FROM frame
    LEFT JOIN summed
        ON summed.period = frame.period AND summed.grain = frame.grain AND summed.member_key = frame.member_key
),
saving AS (
    SELECT amount::BIGINT AS vnd_per_dossier FROM reference.parameter WHERE name = 'saving_per_dossier_vnd'
),
figure AS (
    SELECT
        period,
        grain,
        member_key,
        newer_rejected,
        unnest([
            {'kpi_code': 'T09', 'numerator': resolved_before + resolved_on, 'denominator': resolved},
            {'kpi_code': 'T10', 'numerator': online, 'denominator': received},
            {'kpi_code': 'T11', 'numerator': paid_online, 'denominator': with_payment},
            {'kpi_code': 'T12', 'numerator': result_digitised, 'denominator': resolved},
            {'kpi_code': 'T13', 'numerator': components_digitised, 'denominator': received},
            {'kpi_code': 'T14', 'numerator': vneid_authenticated, 'denominator': received},
            {'kpi_code': 'P01', 'numerator': essential_online, 'denominator': NULL},
            {'kpi_code': 'P02', 'numerator': essential_online_resolved, 'denominator': essential_online},
            {'kpi_code': 'P04', 'numerator': essential_online * saving.vnd_per_dossier, 'denominator': NULL},
            {'kpi_code': 'O01', 'numerator': received, 'denominator': NULL},
            {'kpi_code': 'O02', 'numerator': online, 'denominator': received},
            {'kpi_code': 'O03', 'numerator': resolved, 'denominator': NULL},
            {'kpi_code': 'O04', 'numerator': resolved_before, 'denominator': NULL},
            {'kpi_code': 'O05', 'numerator': resolved_on, 'denominator': NULL},
            {'kpi_code': 'O06', 'numerator': resolved_late, 'denominator': NULL},
            {'kpi_code': 'O07', 'numerator': carried_over, 'denominator': NULL},
            {'kpi_code': 'O08', 'numerator': in_process, 'denominator': NULL},
            {'kpi_code': 'O09', 'numerator': paused, 'denominator': NULL},
            {'kpi_code': 'O10', 'numerator': withdrawn, 'denominator': NULL},
            {'kpi_code': 'O11', 'numerator': newer_rejected, 'denominator': NULL},
            {'kpi_code': 'O12', 'numerator': components_reused, 'denominator': received},
            {'kpi_code': 'O13', 'numerator': full_process_online, 'denominator': full_process}
        ]) AS kpi
    FROM framed
    CROSS JOIN saving
)
SELECT
    kpi.kpi_code AS kpi_code,
    period,
    grain,
    member_key,
    coalesce(kpi.numerator, 0)::BIGINT AS numerator,
    kpi.denominator::BIGINT AS denominator,
    coalesce(newer_rejected, 0)::BIGINT AS dossiers_with_newer_rejected
FROM figure
UNION ALL
SELECT
    'T16',
    commune.period,
    'unit',
    higher.unit_key,
    count(*) FILTER (WHERE summed.received > 0 AND summed.online >= threshold.share * summed.received),
    count(*),
    coalesce(sum(summed.newer_rejected), 0)::BIGINT
FROM mart.unit_period AS commune
CROSS JOIN (
    SELECT amount::DECIMAL(9, 4) AS share FROM reference.parameter WHERE name = 'communes_online_threshold'
) AS threshold
JOIN mart.unit_period AS higher
    ON higher.period = commune.period
    AND higher.level <> 'commune'
    AND higher.unit_key IN (commune.province_key, commune.district_key)
LEFT JOIN summed ON summed.period = commune.period AND summed.grain = 'unit' AND summed.member_key = commune.unit_key
WHERE commune.level = 'commune' AND commune.is_valid_at_end AND commune.period_kind <> 'quarter'
GROUP BY commune.period, higher.unit_key
