-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Xã có tỷ lệ trực tuyến từ 60 % ÷ số xã cuối kỳ | Communes with at least 60 % online ÷ communes at the end of the period
SELECT
    count(*) FILTER (WHERE commune.online * 5 >= commune.received * 3 AND commune.received > 0) AS numerator,
    count(*) AS denominator
FROM (
    SELECT
        unit.unit_key,
        count(dossier.dossier_code) AS received,
        count(dossier.dossier_code) FILTER (WHERE dossier.is_online) AS online
    FROM core.dim_administrative_unit AS unit
    LEFT JOIN core.fact_dossier AS dossier
        ON dossier.unit_key = unit.unit_key
        AND dossier.is_received
        AND dossier.received_on BETWEEN $first_on AND $last_on
    WHERE unit.level = 'commune'
        AND $unit_key IN (unit.district_key, unit.province_key)
        AND unit.valid_from <= $last_on
        AND (unit.valid_to IS NULL OR unit.valid_to > $last_on)
    GROUP BY unit.unit_key
) AS commune
