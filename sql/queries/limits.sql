-- Which limit breaks runs most often, and at how many connections.
--
-- :label (any) only runs with this label
SELECT
  coalesce(b.limit_id, 'unexplained') AS limit_id,
  b.side,
  count(DISTINCT b.run_id) AS runs,
  count(DISTINCT b.run_id) FILTER (WHERE b.confidence = 'proven') AS proven,
  min(b.held) AS held_low,
  CAST(round(avg(b.held)) AS INTEGER) AS held_mean,
  max(b.held) AS held_high,
  max(v.started_at) AS last_seen
FROM v_breaking_point AS b
JOIN v_run AS v USING (run_id)
WHERE :label IS NULL OR v.label = :label
GROUP BY coalesce(b.limit_id, 'unexplained'), b.side
ORDER BY runs DESC, limit_id;
