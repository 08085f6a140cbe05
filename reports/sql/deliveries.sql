-- Sendings by extract and status, with what became of their rows.
SELECT
    extract,
    status,
    count(*) AS sendings,
    sum(rows_read) AS rows_read,
    sum(rows_accepted) AS rows_accepted,
    sum(rows_quarantined) AS rows_quarantined,
    sum(rows_structural) AS rows_structural
FROM quality.delivery
GROUP BY extract, status
ORDER BY extract, status
