-- name quality.coverage
-- grain biểu × đơn vị gửi × kỳ | extract × supplier × period
-- purpose Tệp nào phải gửi đã đến chưa; không có gì đến cũng là số liệu | Which owed files have come; nothing having come is data too
-- clearance open
-- key extract, supplier_code, period
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column due_on | Ngày phải gửi (trống với biểu gửi khi thay đổi) | Due day; empty for lists sent on change
-- column state | not_due, due, late, missing, refused (bị từ chối), withdrawn (đã rút), waiting (chỉ có đính chính, chờ tệp chính), accepted | not_due, due, late, missing, refused, withdrawn, waiting (only corrections came, of nothing), accepted
WITH arrived AS (
    SELECT
        extract,
        supplier_code,
        period,
        bool_or(status = 'accepted') AS is_accepted,
        arg_max(status, delivery_no) FILTER (WHERE status IN ('refused', 'withdrawn', 'waiting')) AS last_status
    FROM ledger.sending
    GROUP BY extract, supplier_code, period
),
slot AS (
    SELECT extract, supplier_code, period, period_last_on, due_on, missing_after FROM ledger.slot
    UNION ALL BY NAME
    SELECT extract, supplier_code, period FROM arrived
    ANTI JOIN ledger.slot USING (extract, supplier_code, period)
)
SELECT
    slot.extract,
    slot.supplier_code,
    slot.period,
    slot.due_on,
    CASE
        WHEN arrived.is_accepted THEN 'accepted'
        WHEN arrived.extract IS NOT NULL THEN arrived.last_status
        WHEN run.as_of_on <= slot.period_last_on THEN 'not_due'
        WHEN run.as_of_on <= slot.due_on THEN 'due'
        WHEN run.as_of_on <= slot.missing_after THEN 'late'
        ELSE 'missing'
    END AS state
FROM slot
CROSS JOIN ledger.run AS run
LEFT JOIN arrived
    ON arrived.extract = slot.extract
    AND arrived.supplier_code = slot.supplier_code
    AND arrived.period = slot.period
