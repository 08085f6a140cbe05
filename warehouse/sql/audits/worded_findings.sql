-- name audits.worded_findings
-- grain một lỗi không có lời | one finding without words
-- purpose Lỗi nào cũng có luật, chặng, mức và thông báo | Every finding has its rule, stage, severity and message
SELECT * FROM quality.quarantine WHERE severity IS NULL OR message_vi IS NULL OR message_en IS NULL
