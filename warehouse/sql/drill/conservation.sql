-- grain phương trình | equation
-- purpose Các tổng cho thấy không dòng nào mất hay tính hai lần | The sums that show that no row is lost or counted twice
SELECT equation, sum(total_rows)::BIGINT AS total_rows, sum(difference_rows)::BIGINT AS difference_rows
FROM quality.conservation
GROUP BY ALL
ORDER BY ALL
