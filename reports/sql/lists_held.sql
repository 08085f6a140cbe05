-- The lists of units, agencies and procedures that wait for a person's decision.
SELECT extract, in_force_on, sha256, message_vi, message_en
FROM quality.reference_list
WHERE state = 'held'
ORDER BY extract, in_force_on, sha256
