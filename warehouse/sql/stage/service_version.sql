-- name stage.service_version
-- grain một phiên bản của thủ tục | one version of a procedure
-- purpose Gộp các danh mục nối tiếp thành phiên bản có hiệu lực; dòng bị loại ở danh mục mới thì phiên bản cũ kéo dài | Folds successive full lists into versions; where a list's row was rejected, the older version runs on
WITH list AS (
    SELECT
        period_first_on AS in_force_on,
        row_number() OVER (ORDER BY period_first_on) AS list_no,
        lead(period_first_on) OVER (ORDER BY period_first_on) AS next_list_on
    FROM ledger.sending
    WHERE extract = 'procedure_catalogue' AND status = 'accepted'
    GROUP BY period_first_on
),
listed AS (
    SELECT
        procedure_code,
        period_first_on,
        {
            'procedure_name': procedure_name,
            'field_name': field_name,
            'agency_code': agency_code,
            'service_level': service_level,
            'full_process_eligible': full_process_eligible,
            'processing_days': processing_days,
            'decision_no': decision_no
        } AS facts,
        delivery_id,
        source_row
    FROM ledger.procedure_catalogue
    QUALIFY row_number() OVER (
        PARTITION BY procedure_code, period_first_on ORDER BY delivery_no DESC, source_row DESC
    ) = 1
),
rejected AS (
    SELECT DISTINCT procedure_code, period_first_on
    FROM ledger.rejected_procedure_catalogue
    ANTI JOIN listed USING (procedure_code, period_first_on)
    WHERE procedure_code IS NOT NULL
),
entry AS (
    SELECT procedure_code, period_first_on, facts, delivery_id, source_row FROM listed
    UNION ALL
    SELECT procedure_code, period_first_on, NULL, NULL, NULL FROM rejected
),
carried AS (
    SELECT
        entry.procedure_code,
        list.list_no,
        list.in_force_on,
        list.next_list_on,
        last_value(entry.facts IGNORE NULLS) OVER earlier AS facts,
        last_value(entry.delivery_id IGNORE NULLS) OVER earlier AS delivery_id,
        last_value(entry.source_row IGNORE NULLS) OVER earlier AS source_row
    FROM entry
    JOIN list ON list.in_force_on = entry.period_first_on
    WINDOW earlier AS (PARTITION BY entry.procedure_code ORDER BY list.list_no)
),
turned AS (
    SELECT
        *,
        (
            list_no IS DISTINCT FROM lag(list_no) OVER before + 1
            OR facts IS DISTINCT FROM lag(facts) OVER before
        )::INTEGER AS is_turn
    FROM carried
    WHERE facts IS NOT NULL
    WINDOW before AS (PARTITION BY procedure_code ORDER BY list_no)
),
numbered AS (
    SELECT *, sum(is_turn) OVER (PARTITION BY procedure_code ORDER BY list_no) AS version_no
    FROM turned
)
SELECT
    procedure_code,
    min(in_force_on) AS valid_from,
    CASE WHEN bool_or(next_list_on IS NULL) THEN NULL ELSE max(next_list_on) END AS valid_to,
    any_value(facts) AS facts,
    arg_min(delivery_id, list_no) AS delivery_id,
    arg_min(source_row, list_no) AS source_row
FROM numbered
GROUP BY procedure_code, version_no
