-- How near each limit of a run came, the nearest first.
--
-- :run (last) the run
-- :rows (20) at most so many limits
WITH highest AS MATERIALIZED (
  SELECT kind, subject, resource, max(value) AS value
  FROM v_sample
  WHERE run_id = :run
    AND resource IN (SELECT resource FROM resource_limit WHERE run_id = :run)
  GROUP BY kind, subject, resource)
SELECT
  s.name AS subject,
  l.resource,
  h.value AS highest,
  l.value AS limit_value,
  round(100.0 * h.value / l.value, 1) AS percent,
  l.source
FROM resource_limit AS l
JOIN subject AS s USING (run_id, kind, subject)
JOIN highest AS h ON h.kind = l.kind AND h.subject = s.name AND h.resource = l.resource
WHERE l.run_id = :run AND l.value > 0
ORDER BY percent DESC, s.name, l.resource
LIMIT :rows;
