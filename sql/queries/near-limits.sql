-- How near each limit of a run came, the nearest first. Of what must not fall below a floor,
-- as the memory guard has it, highest is the lowest that there was.
--
-- :run (last) the run
-- :rows (20) at most so many limits
WITH highest AS MATERIALIZED (
  SELECT kind, subject_id, resource, resource = 'available_bytes' AS is_floor,
    CASE resource WHEN 'available_bytes' THEN min(value) ELSE max(value) END AS value
  FROM v_sample
  WHERE run_id = :run
    AND resource IN (SELECT resource FROM resource_limit WHERE run_id = :run)
  GROUP BY kind, subject_id, resource)
SELECT
  s.name AS subject,
  l.resource,
  h.value AS highest,
  l.value AS limit_value,
  round(CASE WHEN h.is_floor THEN 100.0 * l.value / max(h.value, 1)
    ELSE 100.0 * h.value / l.value END, 1) AS percent,
  l.source
FROM resource_limit AS l
JOIN subject AS s USING (run_id, kind, subject)
JOIN highest AS h ON h.kind = l.kind AND h.subject_id = l.subject AND h.resource = l.resource
WHERE l.run_id = :run AND l.value > 0
ORDER BY percent DESC, s.name, l.resource
LIMIT :rows;
