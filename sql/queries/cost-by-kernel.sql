-- What memory a connection takes on each kernel, by side.
--
-- :label (any) only runs with this label
SELECT
  h.kernel,
  c.side,
  count(DISTINCT c.run_id) AS runs,
  CAST(round(min(c.bytes)) AS INTEGER) AS bytes_low,
  CAST(round(avg(c.bytes)) AS INTEGER) AS bytes_mean,
  CAST(round(max(c.bytes)) AS INTEGER) AS bytes_high
FROM v_cost_per_connection AS c
JOIN run AS r USING (run_id)
JOIN host AS h USING (host_id)
WHERE c.cycle = 0 AND (:label IS NULL OR r.label = :label)
GROUP BY h.kernel, c.side
ORDER BY h.kernel, c.side;
