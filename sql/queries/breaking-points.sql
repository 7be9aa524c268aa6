-- Where the runs broke, in the order of time: has it moved?
--
-- :label (any) only runs with this label
-- :since (any) only runs that started then or later, such as 2026-01-31
SELECT
  v.run_id,
  v.started_at,
  v.label,
  v.clients,
  v.rate,
  b.held,
  b.t_s,
  b.limit_id,
  b.subject,
  b.confidence
FROM v_breaking_point AS b
JOIN v_run AS v USING (run_id)
WHERE (:label IS NULL OR v.label = :label) AND (:since IS NULL OR v.started_at >= :since)
ORDER BY v.run_id, b.cycle;
