-- grain loại × kênh | kind × channel
-- purpose Số tiền đã nộp theo loại và kênh | What was paid, by kind and channel
SELECT payment_kind, is_online, count(*) AS payments, sum(amount_vnd)::DECIMAL(38, 0) AS paid_vnd
FROM core.fact_dossier_payment
GROUP BY ALL
ORDER BY ALL
