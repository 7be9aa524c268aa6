-- How good the forecasts were: the break as it was foreseen, against the one that came.
--
-- :label (any) only runs with this label
SELECT
  f.run_id,
  f.made_at_s,
  f.made_at_held,
  f.resource,
  f.subject,
  CAST(round(f.at_connections) AS INTEGER) AS foreseen,
  b.held AS came,
  round(100.0 * (f.at_connections - b.held) / nullif(b.held, 0), 1) AS off_percent,
  b.limit_id,
  b.subject AS broken_subject
FROM v_forecast AS f
JOIN v_breaking_point AS b USING (run_id)
JOIN v_run AS v USING (run_id)
WHERE f.rank = 0 AND (:label IS NULL OR v.label = :label)
ORDER BY f.run_id, f.made_at_s;
