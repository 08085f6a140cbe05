-- Work files by agency and month of the period, with the level of government they count for.
SELECT
    fact.level_code,
    fact.agency_code,
    fact.period,
    fact.files_online,
    fact.files_total,
    delivery.file_name,
    fact.source_sheet,
    fact.source_row
FROM core.fact_work_file AS fact
JOIN quality.delivery AS delivery
    ON delivery.delivery_id = fact.source_delivery_id AND delivery.status = 'accepted'
WHERE fact.month_first_on >= $first_day AND fact.month_first_on < $day_after
ORDER BY fact.level_code, fact.agency_code, fact.period
