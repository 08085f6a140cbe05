-- name stage.official_requirement_finding
-- grain một lỗi do luật cấp kho về “ba yêu cầu” | one finding of a release rule about officials' requirements
-- purpose Mẫu số khác nhau trong cùng đơn vị; dòng vẫn được tính | Denominators that differ within a unit; the rows still count
SELECT
    'digital_infrastructure' AS extract,
    delivery_id,
    source_sheet,
    source_row,
    'denominator' AS column_name,
    'row.denominators_differ' AS rule_code,
    denominator::VARCHAR AS found
FROM stage.official_requirement_record
WHERE NOT is_same_denominator
