-- name core.dim_date
-- grain một ngày, 2020–2027 | one day, 2020 to 2027
-- purpose Lịch: tuần ISO, tháng, quý, năm và ngày nghỉ cố định theo dương lịch | Calendar: ISO week, month, quarter, year and the public holidays fixed in the solar calendar
-- clearance open
-- key on_date
-- column on_date | Ngày | Day
-- column year | Năm | Year
-- column quarter | Quý, dạng 2023-Q4 | Quarter, as 2023-Q4
-- column month | Tháng, dạng 2023-12 | Month, as 2023-12
-- column iso_week | Tuần ISO, dạng 2023-W52 | ISO week, as 2023-W52
-- column weekday | Thứ theo ISO, 1 là thứ Hai | ISO weekday, 1 is Monday
-- column is_weekend | Thứ Bảy, Chủ nhật | Saturday or Sunday
-- column holiday_vi | Ngày lễ cố định theo Bộ luật Lao động (không gồm Tết và Giỗ Tổ theo âm lịch) | Fixed public holiday of the Labour Code, in Vietnamese (lunar ones are not listed)
SELECT
    day::DATE AS on_date,
    year(day)::INTEGER AS year,
    year(day) || '-Q' || quarter(day) AS quarter,
    strftime(day, '%Y-%m') AS month,
    strftime(day, '%G-W%V') AS iso_week,
    isodow(day)::INTEGER AS weekday,
    isodow(day) >= 6 AS is_weekend,
    CASE strftime(day, '%m-%d')
        WHEN '01-01' THEN 'Tết Dương lịch'
        WHEN '04-30' THEN 'Ngày Chiến thắng'
        WHEN '05-01' THEN 'Ngày Quốc tế lao động'
        WHEN '09-02' THEN 'Quốc khánh'
    END AS holiday_vi
FROM generate_series(DATE '2020-01-01', DATE '2027-12-31', INTERVAL 1 DAY) AS calendar (day)
