-- What each supplier owes on the day of the release, the longest overdue first, with the reason of the last refusal.
WITH refusal AS (
    SELECT
        extract,
        supplier_code,
        period,
        arg_max(file_name, received_at) AS file_name,
        arg_max(refusal_vi, received_at) AS refusal_vi,
        arg_max(refusal_en, received_at) AS refusal_en
    FROM quality.delivery
    WHERE status = 'refused'
    GROUP BY extract, supplier_code, period
)
SELECT
    slot.supplier_code,
    slot.extract,
    slot.period,
    slot.state,
    slot.due_on,
    greatest(timezone('Asia/Ho_Chi_Minh', release.as_of)::DATE - slot.due_on, 0) AS days_overdue,
    refusal.file_name,
    refusal.refusal_vi,
    refusal.refusal_en
FROM quality.coverage AS slot
CROSS JOIN meta.release AS release
LEFT JOIN refusal USING (extract, supplier_code, period)
WHERE slot.state IN ('due', 'late', 'missing', 'refused', 'unjudged', 'parked')
ORDER BY days_overdue DESC NULLS LAST, slot.supplier_code, slot.extract, slot.period
