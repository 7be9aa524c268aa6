-- Runs by the tags that were put on them.
--
-- :tag (any) only this tag
SELECT t.name AS tag, t.value, v.run_id, v.started_at, v.label, v.outcome, v.held_peak
FROM tag AS t
JOIN v_run AS v USING (run_id)
WHERE :tag IS NULL OR t.name = :tag
ORDER BY t.name, t.value, v.run_id;
