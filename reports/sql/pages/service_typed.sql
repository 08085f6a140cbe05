-- Essential services as departments reported them: the share typed by hand, recomputed, and by this warehouse's own dossiers.
SELECT
    reported.service_code,
    reported.period,
    reported.dossiers_total,
    reported.dossiers_online,
    reported.online_share_typed,
    reported.online_share,
    reported.reports_disagreeing,
    reported.own_dossiers,
    reported.own_online,
    reported.own_online_share,
    reported.saving_vnd,
    reported.is_disagreeing
FROM mart.essential_service AS reported
JOIN core.dim_period AS shown ON shown.period = reported.period AND shown.year_period = $period
ORDER BY reported.service_code, reported.period
