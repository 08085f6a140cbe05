-- grain một con số của một đơn vị trong một kỳ | one figure of one unit in one period
-- purpose Điểm nhóm công khai, minh bạch, tính bằng phần trăm điểm: điểm tối đa × tỷ lệ của từng thành phần | Points of the group transparency, in hundredths: points to be had × the share of each part
SELECT
    CASE
        WHEN count(figure.value) = count(*)
            THEN sum(round(100 * part.points * figure.numerator / nullif(figure.denominator, 0)))
    END AS numerator,
    sum(100 * part.points) AS denominator
FROM meta.score_part AS part
JOIN core.dim_administrative_unit AS unit ON unit.unit_key = $unit_key AND unit.level = part.grain
JOIN core.dim_period AS period ON period.first_on = $first_on AND period.last_on = $last_on
LEFT JOIN mart.kpi_scorecard AS figure
    ON figure.kpi_code = part.part_code AND figure.unit_key = unit.unit_key AND figure.period = period.period
WHERE part.kpi_code = 'M01'
