-- name quality.unknown_code
-- grain biểu × cột × mã | extract × column × code
-- purpose Mã cơ quan, thủ tục, đơn vị chưa có trong danh mục nào: bao nhiêu dòng đang chờ, bao nhiêu dòng đã được tính khi danh mục đến sau | Codes of agencies, procedures and units that no list had: how many rows wait for one, how many were healed by a list that came after them
-- clearance analyst
-- key extract, column_name, code
-- column extract | Biểu | Extract
-- column column_name | Cột | Column
-- column dimension | Bảng danh mục tra mã | Dimension the code belongs to
-- column code | Mã; nếu không đúng dạng mã thì chỉ hiện hình dạng | Code; its shape where it does not look like one
-- column rows_waiting | Dòng của tệp đang tính còn chờ danh mục có mã này | Rows of counting deliveries that wait for a list with the code
-- column rows_healed | Dòng trong bảng gửi đến trước khi có danh mục | Rows of the facts that were sent before there was a list with the code
-- column deliveries | Số tệp có những dòng ấy | Deliveries with such rows
-- column first_on | Ngày đầu kỳ của tệp sớm nhất | First day of the earliest of their periods
-- column last_on | Ngày cuối kỳ của tệp muộn nhất | Last day of the latest of their periods
-- column state | waiting (đang chờ), healed (đã có danh mục) | waiting or healed
WITH coded AS (
    SELECT 'agency' AS member, 'core.dim_agency' AS dimension
    UNION ALL
    SELECT 'procedure', 'core.dim_service'
    UNION ALL
    SELECT 'unit', 'core.dim_administrative_unit'
),
waiting AS (
    SELECT
        finding.extract,
        finding.column_name,
        finding.found AS code,
        finding.delivery_id,
        count(*) AS rows
    FROM stage.release_finding AS finding
    WHERE ends_with(finding.rule_code, '_code.unknown')
    GROUP BY ALL
),
-- Of each code the first list that ever had it, in the order of arrival; the packaged table came before all of them.
first_list AS (
    SELECT list, code, min(delivery_no) AS delivery_no
    FROM stage.list_entry
    WHERE said <> 'unread'
    GROUP BY list, code
),
-- Usually lists come before what uses them, and then there is nothing to look for.
late AS (
    SELECT list, code, delivery_no
    FROM first_list
    WHERE delivery_no > (
        SELECT min(delivery_no)
        FROM ledger.sending
        WHERE status = 'accepted' AND extract NOT IN (SELECT extract FROM ledger.reference_list)
    )
),
used AS (
    SELECT 'one_stop_dossier' AS extract, 'agency_code' AS column_name, split_part(agency_key, '@', 1) AS code, source_delivery_id
    FROM core.fact_dossier
    UNION ALL
    SELECT 'one_stop_dossier', 'procedure_code', split_part(service_key, '@', 1), source_delivery_id
    FROM core.fact_dossier
    UNION ALL
    SELECT 'dossier_step', 'agency_code', agency_code, source_delivery_id FROM core.fact_dossier_step
    UNION ALL
    SELECT 'work_file_processing', 'agency_code', agency_code, source_delivery_id FROM core.fact_work_file
    UNION ALL
    SELECT 'portal_reconciliation', 'agency_code', agency_code, source_delivery_id FROM core.fact_portal_reconciliation
    UNION ALL
    SELECT 'shared_database', 'owner_agency_code', split_part(owner_agency_key, '@', 1), source_delivery_id
    FROM core.fact_database_connection
    UNION ALL
    SELECT 'target_response', 'owner_agency_code', split_part(owner_agency_key, '@', 1), source_delivery_id
    FROM core.fact_target_response
    UNION ALL
    SELECT 'essential_service_report', 'procedure_code', split_part(service_key, '@', 1), source_delivery_id
    FROM core.fact_essential_service_report
),
healed AS (
    SELECT used.extract, used.column_name, used.code, used.source_delivery_id AS delivery_id, count(*) AS rows
    FROM used
    JOIN ledger.sending AS sending ON sending.delivery_id = used.source_delivery_id AND sending.status = 'accepted'
    JOIN late
        ON late.code = used.code
        AND late.list = CASE used.column_name WHEN 'procedure_code' THEN 'procedure_catalogue' ELSE 'agency_list' END
        AND late.delivery_no > sending.delivery_no
    GROUP BY ALL
),
told AS (
    SELECT extract, column_name, code, delivery_id, rows AS rows_waiting, 0 AS rows_healed FROM waiting
    UNION ALL
    SELECT extract, column_name, code, delivery_id, 0, rows FROM healed
)
SELECT
    told.extract,
    told.column_name,
    any_value(coded.dimension) AS dimension,
    told.code,
    sum(told.rows_waiting)::BIGINT AS rows_waiting,
    sum(told.rows_healed)::BIGINT AS rows_healed,
    count(DISTINCT told.delivery_id) AS deliveries,
    min(sending.period_first_on) AS first_on,
    max(sending.period_last_on) AS last_on,
    CASE WHEN sum(told.rows_waiting) > 0 THEN 'waiting' ELSE 'healed' END AS state
FROM told
JOIN ledger.sending AS sending ON sending.delivery_id = told.delivery_id AND sending.status = 'accepted'
JOIN coded ON contains(told.column_name, coded.member)
GROUP BY told.extract, told.column_name, told.code
