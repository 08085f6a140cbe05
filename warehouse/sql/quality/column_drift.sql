-- name quality.column_drift
-- grain một nội dung đang tính × một cột × một đại lượng lệch hẳn so với các kỳ trước | counting delivery × column × measure far from its own history
-- purpose Cột nào của tệp nào lệch khỏi lịch sử của chính nó; là lời nhắc, không giữ lại dòng nào | Which column of which file has left its own history; a warning that sets no row aside
-- clearance open
-- key delivery_id, column_name, measure
-- column delivery_id | Mã nội dung gửi | Delivery
-- column extract | Biểu | Extract
-- column supplier_code | Đơn vị gửi | Supplier
-- column period | Kỳ | Period
-- column part | Phần | Part
-- column column_name | Cột | Column
-- column measure | filled_share (tỷ lệ có giá trị), median_value (trung vị), distinct_values (số giá trị khác nhau) | filled_share, median_value or distinct_values
-- column value | Giá trị của kỳ này | Value in this period
-- column usual_value | Trung vị của các kỳ trước | Median of the periods before
-- column usual_deviation | Độ lệch tuyệt đối trung vị của các kỳ trước | Median absolute deviation of the periods before
-- column periods_compared | Số kỳ trước được so | Periods compared, twelve at most
-- column message_vi | Nói cho người đọc | What it means, in Vietnamese
-- column message_en | Nói cho người đọc, tiếng Anh | What it means, in English
WITH measured AS (
    SELECT sending.delivery_no, sending.period_first_on, sending.supplier_code, sending.period, sending.part, measure.*
    FROM ledger.sending AS sending
    JOIN (
        SELECT delivery_id, extract, column_name, 'filled_share' AS measure, filled_share AS value, 0.1 AS least_step
        FROM quality.column_profile
        UNION ALL
        SELECT delivery_id, extract, column_name, 'median_value', median_value, 0.25 * abs(median_value)
        FROM quality.column_profile
        UNION ALL
        SELECT delivery_id, extract, column_name, 'distinct_values', distinct_values, greatest(5, 0.5 * distinct_values)
        FROM quality.column_profile
    ) AS measure ON measure.delivery_id = sending.delivery_id
    WHERE sending.status = 'accepted' AND measure.value IS NOT NULL
),
compared AS (
    SELECT
        measured.*,
        count(value) OVER history AS periods_compared,
        median(value) OVER history AS usual_value,
        mad(value) OVER history AS usual_deviation
    FROM measured
    WINDOW history AS (
        PARTITION BY extract, supplier_code, part, column_name, measure
        ORDER BY period_first_on, delivery_no
        ROWS BETWEEN 12 PRECEDING AND 1 PRECEDING
    )
),
-- Six times the usual deviation (a normal law has 1.48 of it to a standard deviation), and no less than a step that matters.
drifted AS (
    SELECT *
    FROM compared
    WHERE periods_compared >= 6 AND abs(value - usual_value) > greatest(6 * 1.4826 * usual_deviation, least_step)
)
SELECT
    delivery_id,
    extract,
    supplier_code,
    period,
    part,
    column_name,
    measure,
    value,
    usual_value,
    usual_deviation,
    periods_compared,
    CASE measure
        WHEN 'filled_share' THEN 'Có giá trị ở ' || round(100 * value)::INTEGER || '% số dòng; các kỳ trước khoảng '
            || round(100 * usual_value)::INTEGER || '%.'
        WHEN 'median_value' THEN 'Trung vị ' || round(value, 2) || '; các kỳ trước khoảng ' || round(usual_value, 2) || '.'
        ELSE round(value)::BIGINT || ' giá trị khác nhau; các kỳ trước khoảng ' || round(usual_value)::BIGINT || '.'
    END AS message_vi,
    CASE measure
        WHEN 'filled_share' THEN 'Filled in ' || round(100 * value)::INTEGER || '% of rows; before, about '
            || round(100 * usual_value)::INTEGER || '%.'
        WHEN 'median_value' THEN 'Median ' || round(value, 2) || '; before, about ' || round(usual_value, 2) || '.'
        ELSE round(value)::BIGINT || ' distinct values; before, about ' || round(usual_value)::BIGINT || '.'
    END AS message_en
FROM drifted
