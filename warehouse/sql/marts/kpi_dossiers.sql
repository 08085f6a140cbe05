-- name mart.kpi_dossiers
-- grain chỉ tiêu × kỳ × đơn vị | indicator × period × unit
-- purpose Tử số, mẫu số của các chỉ tiêu về hồ sơ một cửa | Numerators and denominators of the indicators on one-stop dossiers
-- clearance analyst
-- key kpi_code, period, unit_key
-- column kpi_code | Mã chỉ tiêu | Indicator
-- column period | Kỳ: năm hoặc tháng | Period: year or month
-- column unit_key | Đơn vị: tỉnh, huyện hoặc xã | Unit: province, district or commune
-- column numerator | Tử số | Numerator
-- column denominator | Mẫu số (trống khi là số đếm) | Denominator; empty for counts
-- column dossiers_with_newer_rejected | Số hồ sơ của kỳ đang hiển thị trạng thái cũ | Dossiers of the period shown in an older state
WITH placed AS (
    SELECT * REPLACE (province_key AS unit_key) FROM mart.dossier_cohort
    UNION ALL
    SELECT * REPLACE (district_key AS unit_key) FROM mart.dossier_cohort WHERE district_key IS NOT NULL
    UNION ALL
    SELECT * FROM mart.dossier_cohort
),
cohort AS (
    SELECT
        unit_key,
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
        sum(result_digitised) AS result_digitised,
        sum(vneid_authenticated) AS vneid_authenticated,
        sum(newer_rejected) AS newer_rejected
    FROM placed
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
        ON cohort.received_month <= period.last_on
        AND coalesce(cohort.closed_month >= period.first_on, TRUE)
),
summed AS (
    SELECT
        period,
        unit_key,
        coalesce(sum(dossiers) FILTER (WHERE is_new), 0) AS received,
        coalesce(sum(dossiers) FILTER (WHERE is_new AND is_online), 0) AS online,
        coalesce(sum(with_payment) FILTER (WHERE is_new), 0) AS with_payment,
        coalesce(sum(paid_online) FILTER (WHERE is_new), 0) AS paid_online,
        coalesce(sum(components_digitised) FILTER (WHERE is_new), 0) AS components_digitised,
        coalesce(sum(vneid_authenticated) FILTER (WHERE is_new), 0) AS vneid_authenticated,
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
    GROUP BY period, unit_key
),
framed AS (
    SELECT frame.period, frame.unit_key, summed.* EXCLUDE (period, unit_key)
    FROM mart.unit_period AS frame
    LEFT JOIN summed ON summed.period = frame.period AND summed.unit_key = frame.unit_key
),
saving AS (
    SELECT amount::BIGINT AS vnd_per_dossier FROM reference.parameter WHERE name = 'saving_per_dossier_vnd'
),
figure AS (
    SELECT
        period,
        unit_key,
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
            {'kpi_code': 'O11', 'numerator': newer_rejected, 'denominator': NULL}
        ]) AS kpi
    FROM framed
    CROSS JOIN saving
)
SELECT
    kpi.kpi_code AS kpi_code,
    period,
    unit_key,
    coalesce(kpi.numerator, 0)::BIGINT AS numerator,
    kpi.denominator::BIGINT AS denominator,
    coalesce(newer_rejected, 0)::BIGINT AS dossiers_with_newer_rejected
FROM figure
UNION ALL
SELECT
    'T16',
    commune.period,
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
LEFT JOIN summed ON summed.period = commune.period AND summed.unit_key = commune.unit_key
WHERE commune.level = 'commune' AND commune.is_valid_at_end
GROUP BY commune.period, higher.unit_key
