-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Dịch vụ thiết yếu có thủ tục đang hiệu lực cuối kỳ ÷ 53 (toàn tỉnh) | Essential services with a procedure in force at the end of the period ÷ 53 (province)
SELECT count(DISTINCT service.service_no) AS numerator, 53 AS denominator
FROM core.dim_service AS service
WHERE service.valid_from <= $last_on
    AND (service.valid_to IS NULL OR service.valid_to > $last_on)
