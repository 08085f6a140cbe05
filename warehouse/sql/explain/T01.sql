-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Thủ tục đủ điều kiện đang cung cấp toàn trình ÷ thủ tục đủ điều kiện, danh mục cuối kỳ (toàn tỉnh) | Eligible procedures offered at full process ÷ eligible procedures, list at the end of the period (province)
SELECT count(*) FILTER (WHERE service.service_level = 'full') AS numerator, count(*) AS denominator
FROM core.dim_service AS service
WHERE service.valid_from <= $last_on
    AND (service.valid_to IS NULL OR service.valid_to > $last_on)
    AND service.full_process_eligible
