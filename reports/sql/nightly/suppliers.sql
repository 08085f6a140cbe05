-- For each extract and supplier, how many periods are owed and how each stands; lists sent on change have no due day.
WITH first_accepted AS (
    SELECT extract, supplier_code, period, min(received_at) AS received_at
    FROM quality.delivery
    WHERE status <> 'refused'
    GROUP BY extract, supplier_code, period
)
SELECT
    slot.extract,
    slot.supplier_code,
    count(*) FILTER (WHERE slot.state <> 'not_due') AS owed,
    count(*) FILTER (
        WHERE slot.state = 'accepted'
        AND (slot.due_on IS NULL OR timezone('Asia/Ho_Chi_Minh', came.received_at)::DATE <= slot.due_on)
    ) AS on_time,
    count(*) FILTER (
        WHERE slot.state = 'accepted' AND timezone('Asia/Ho_Chi_Minh', came.received_at)::DATE > slot.due_on
    ) AS came_late,
    count(*) FILTER (WHERE slot.state = 'due') AS awaited,
    count(*) FILTER (WHERE slot.state = 'late') AS late,
    count(*) FILTER (WHERE slot.state = 'missing') AS missing,
    count(*) FILTER (WHERE slot.state = 'refused') AS refused
FROM quality.coverage AS slot
LEFT JOIN first_accepted AS came USING (extract, supplier_code, period)
GROUP BY slot.extract, slot.supplier_code
ORDER BY missing + refused + late DESC, slot.extract, slot.supplier_code
