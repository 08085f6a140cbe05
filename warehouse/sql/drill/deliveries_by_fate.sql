-- grain biểu × trạng thái | extract × fate
-- purpose Lần gửi theo biểu và kết quả, kèm số dòng | Sendings by extract and fate, with their rows
SELECT
    extract,
    status,
    count(*) AS sendings,
    sum(rows_read)::BIGINT AS rows_read,
    sum(rows_accepted)::BIGINT AS rows_accepted,
    sum(rows_quarantined)::BIGINT AS rows_quarantined
FROM quality.delivery
GROUP BY ALL
ORDER BY ALL
