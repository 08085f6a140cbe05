-- name core.bridge_service_succession
-- grain một thủ tục cũ × một thủ tục thay nó | one former procedure and one that replaces it
-- purpose Thủ tục nào thay thủ tục nào khi danh mục đổi mã; chỉ có những gì danh mục gửi đến nói | Which procedure replaces which when a list changes codes; only what lists delivered say
-- clearance open
-- key old_code, new_code, effective_on
-- column old_service_key | Phiên bản cũ (trống khi danh mục không có) | Former version; empty where no list has it
-- column new_service_key | Phiên bản mới (trống khi danh mục không có) | New version; empty where no list has it
-- column old_code | Mã cũ | Former code
-- column new_code | Mã mới | New code
-- column effective_on | Ngày có hiệu lực | Day it takes effect
-- column share | Phần của thủ tục cũ (0 đến 1) | Part of the former procedure, 0 to 1
-- column legal_act | Văn bản | Legal act
-- column source | Nguồn | Source
SELECT
    former.service_key AS old_service_key,
    successor.service_key AS new_service_key,
    succession.old_code,
    succession.new_code,
    succession.effective_on,
    succession.share,
    succession.legal_act,
    succession.source
FROM stage.succession AS succession
LEFT JOIN core.dim_service AS former
    ON former.procedure_code = succession.old_code
    AND former.valid_from < succession.effective_on
    AND coalesce(former.valid_to, DATE '9999-12-31') >= succession.effective_on
LEFT JOIN core.dim_service AS successor
    ON successor.procedure_code = succession.new_code
    AND successor.valid_from <= succession.effective_on
    AND coalesce(successor.valid_to, DATE '9999-12-31') > succession.effective_on
WHERE succession.subject = 'service'
