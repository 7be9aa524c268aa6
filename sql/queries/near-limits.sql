-- How near each limit of a run came, the nearest first.
--
-- :run (last) the run
-- :rows (20) at most so many limits
SELECT
  s.name AS subject,
  l.resource,
  max(v.value) AS highest,
  l.value AS limit_value,
  round(100.0 * max(v.value) / l.value, 1) AS percent,
  l.source
FROM resource_limit AS l
JOIN subject AS s USING (run_id, kind, subject)
JOIN v_sample AS v ON v.run_id = l.run_id AND v.kind = l.kind AND v.subject = s.name
  AND v.resource = l.resource
WHERE l.run_id = :run AND l.value > 0
GROUP BY s.name, l.resource, l.source
ORDER BY percent DESC, s.name, l.resource
LIMIT :rows;
