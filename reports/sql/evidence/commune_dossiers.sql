-- Dossiers received in the period by the communes that are there at its end, and whether their commune has 60 % online.
-- column commune_received | Hồ sơ tiếp nhận của xã | Dossiers received of its commune
-- column commune_online | Trong đó trực tuyến | Of these, online
-- column is_commune_reaching | Xã có từ 60 % hồ sơ trực tuyến | Its commune has 60 % online
SELECT
    fact.dossier_code,
    fact.received_on,
    unit.unit_code,
    fact.is_online,
    count(*) OVER commune AS commune_received,
    count(*) FILTER (WHERE fact.is_online) OVER commune AS commune_online,
    commune_online * 5 >= commune_received * 3 AS is_commune_reaching,
    delivery.delivery_id,
    delivery.file_name,
    fact.source_row
FROM core.fact_dossier AS fact
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = fact.unit_key
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE
    $unit_key IN (unit.unit_key, unit.district_key, unit.province_key)
    AND unit.level = 'commune'
    AND (unit.valid_to IS NULL OR unit.valid_to >= $day_after)
    AND fact.is_received
    AND fact.received_on >= $first_day
    AND fact.received_on < $day_after
WINDOW commune AS (PARTITION BY fact.unit_key)
ORDER BY fact.received_on, fact.dossier_code
