-- name quality.coverage
-- grain biểu × đơn vị gửi × kỳ | extract × supplier × period
-- purpose Tệp nào phải gửi đã đến chưa; không có gì đến cũng là số liệu | Which owed files have come; nothing having come is data too
-- clearance open
-- key extract, supplier_code, period
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column due_on | Ngày phải gửi (trống với biểu gửi khi thay đổi) | Due day; empty for lists sent on change
-- column state | not_due, due, late, missing, refused; withdrawn (đã rút); waiting (chỉ có đính chính, chờ tệp chính); unjudged (có tệp nhưng kiểm tra bị dừng, sẽ thử lại), parked (dừng nhiều lần, chờ người); accepted | not_due, due, late, missing, refused; withdrawn; waiting (only corrections came, of nothing); unjudged (judging died of the file, it is tried again), parked (it died too often, a person is needed); accepted
-- column rows_quarantined | Dòng của kỳ bị cách ly trong các tệp được tính, ở cổng và khi đối chiếu; 0 là sạch; trống khi chưa có tệp được nhận | Rows of the files that count which are quarantined, at the gate and on comparison; 0 is clean, empty where no file counts
WITH set_aside AS (
    SELECT delivery_id, count(*) AS rows FROM stage.set_aside_row GROUP BY delivery_id
),
arrived AS (
    SELECT
        sending.extract,
        sending.supplier_code,
        sending.period,
        bool_or(sending.status = 'accepted') AS is_accepted,
        arg_max(sending.status, sending.delivery_no)
            FILTER (WHERE sending.status IN ('refused', 'withdrawn', 'waiting')) AS last_status,
        sum(receipt.rows_quarantined + receipt.rows_structural + coalesce(set_aside.rows, 0))
            FILTER (WHERE sending.status = 'accepted')::BIGINT AS rows_quarantined
    FROM ledger.sending AS sending
    JOIN ledger.receipt AS receipt ON receipt.delivery_id = sending.delivery_id
    LEFT JOIN set_aside ON set_aside.delivery_id = sending.delivery_id
    GROUP BY sending.extract, sending.supplier_code, sending.period
),
come AS (
    SELECT extract, supplier_code, period FROM arrived
    UNION
    SELECT extract, supplier_code, period FROM ledger.unjudged
),
slot AS (
    SELECT extract, supplier_code, period, period_last_on, due_on, missing_after FROM ledger.slot
    UNION ALL BY NAME
    SELECT extract, supplier_code, period FROM come
    ANTI JOIN ledger.slot USING (extract, supplier_code, period)
)
SELECT
    slot.extract,
    slot.supplier_code,
    slot.period,
    slot.due_on,
    CASE
        WHEN arrived.is_accepted THEN 'accepted'
        WHEN unjudged.is_parked THEN 'parked'
        WHEN unjudged.extract IS NOT NULL THEN 'unjudged'
        WHEN arrived.extract IS NOT NULL THEN arrived.last_status
        WHEN run.as_of_on <= slot.period_last_on THEN 'not_due'
        WHEN run.as_of_on <= slot.due_on THEN 'due'
        WHEN run.as_of_on <= slot.missing_after THEN 'late'
        ELSE 'missing'
    END AS state,
    arrived.rows_quarantined
FROM slot
CROSS JOIN ledger.run AS run
LEFT JOIN arrived
    ON arrived.extract = slot.extract
    AND arrived.supplier_code = slot.supplier_code
    AND arrived.period = slot.period
LEFT JOIN ledger.unjudged AS unjudged
    ON unjudged.extract = slot.extract
    AND unjudged.supplier_code = slot.supplier_code
    AND unjudged.period = slot.period
