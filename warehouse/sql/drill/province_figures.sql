-- grain chỉ tiêu × kỳ | indicator × period
-- purpose Mọi số liệu toàn tỉnh | Every figure of the province
SELECT kpi_code, period, numerator::DECIMAL(38, 6) AS numerator, value::DECIMAL(38, 6) AS figure, status
FROM mart.kpi_scorecard
WHERE unit_level = 'province'
ORDER BY ALL
